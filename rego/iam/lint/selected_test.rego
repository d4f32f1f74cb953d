package iam.lint_test

import data.iam.lint

# ACT-3, ACT-11, RES-3
test_checks_that_are_off_by_default[note] if {
	codes := {"OPA_IAM_ALLOW_WITH_NOT_ACTION", "OPA_IAM_FULL_ACCESS"}
	some note, [members, findings] in {
		"everything": [{"Action": "*", "Resource": ["*"]}, {["OPA_IAM_FULL_ACCESS", "WARNING", "/Statement/0"]}],
		"everything, on a condition": [
			{"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
			set(),
		],
		"everything denied": [{"Effect": "Deny", "Action": "*", "Resource": "*"}, set()],
		"all actions but some": [
			{"Action": null, "NotAction": "iam:*"},
			{["OPA_IAM_ALLOW_WITH_NOT_ACTION", "WARNING", "/Statement/0/NotAction"]},
		],
		"all actions but some denied": [{"Effect": "Deny", "Action": null, "NotAction": "iam:*"}, set()],
	}
	item := _item("identity", members)
	_found(codes, object.union(item, {"selected": codes})) == findings
	_found(codes, item) == set()
	_found(codes, object.union(item, {"selected": ["OTHER"]})) == set()
}

# IAM-4, EVAL-9
test_ways_to_more_rights[note] if {
	code := "OPA_IAM_PRIVILEGE_ESCALATION"
	some note, [statements, findings] in {
		"one action": [
			[{"Action": ["s3:*", "iam:PutUserPolicy"]}],
			{["by iam:PutUserPolicy", ["/Statement/0/Action"]]},
		],
		"two of two statements": [
			[{"Action": "iam:PassRole"}, {"Action": "s3:*"}, {"Action": "ec2:Run*"}],
			{["by iam:PassRole with ec2:RunInstances", ["/Statement/0/Action", "/Statement/2/Action"]]},
		],
		"one of two": [[{"Action": "iam:PassRole"}], set()],
		"one that is denied": [
			[{"Action": "iam:PutUserPolicy"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
			set(),
		],
		"one that is denied on a condition": [
			[{"Action": "iam:PutUserPolicy"}, {
				"Effect": "Deny",
				"Action": "iam:*",
				"Resource": "*",
				"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
			}],
			{["by iam:PutUserPolicy", ["/Statement/0/Action"]]},
		],
	}
	document := {"Version": "2012-10-17", "Statement": [statement |
		some members in statements
		statement := object.union({"Effect": "Allow", "Resource": "*"}, members)
	]}
	item := {"document": document, "policy_type": "identity", "selected": [code]}
	found := lint.findings with input as item
	{[message, finding.locations] |
		some finding in found
		finding.code == code
		message := trim_suffix(trim_prefix(finding.message, "lets its principal widen its own rights: "), " (IAM-4)")
	} == findings
}
