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

# RES-30
test_changes_that_could_be_confined[note] if {
	code := "OPA_IAM_OVER_WIDE_WRITE"
	reference := {"services": {"s3": {
		"actions": {"createbucket": "1", "deletebucket": "1", "getobject": "2", "putaccountpublicaccessblock": "3"},
		"groups": {
			"1": {"keys": [], "types": ["bucket"], "writes": true},
			"2": {"keys": [], "types": ["object"]},
			"3": {"keys": [], "types": [], "writes": true},
		},
	}}}
	some note, [members, messages] in {
		"changes": [
			{"Action": ["s3:GetObject", "s3:DeleteBucket", "s3:CreateBucket"]},
			{["s3:deletebucket", ["/Statement/0/Action/1", "/Statement/0/Action/2"]]},
		],
		"any of them": [{"Action": "s3:*"}, {["s3:createbucket", ["/Statement/0/Action"]]}],
		"a change of nothing in particular": [{"Action": "s3:PutAccountPublicAccessBlock"}, set()],
		"reading": [{"Action": "s3:Get*"}, set()],
		"everything": [{"Action": "*"}, set()],
		"on a condition": [
			{"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
			set(),
		],
		"of one": [{"Action": "s3:*", "Resource": "arn:aws:s3:::b"}, set()],
		"denied": [{"Effect": "Deny", "Action": "s3:*"}, set()],
		"another service": [{"Action": "ec2:*"}, set()],
	}
	item := object.union(_item("identity", object.union({"Resource": "*"}, members)), {"selected": [code]})
	found := lint.findings with input as item with data.iam.reference as reference
	{[message, finding.locations] |
		some finding in found
		finding.code == code
		message := trim_suffix(
			trim_prefix(finding.message, "changes any resource, and could be confined to some, "),
			" for one (RES-30)",
		)
	} == messages
}
