package iam.lint_test

import data.iam.lint

# ACT-1, ACT-2, ACT-5, ACT-13
test_actions_by_the_reference[note] if {
	some note, [action, found] in {
		"a known one": ["S3:getobject", []],
		"an unknown one": ["s3:GetNothing", ["INVALID_ACTION"]],
		"one that AWS's own policies name": ["s3:GetNew", []],
		"one of an older reference": ["s3:GetOld", ["OPA_IAM_RETIRED_ACTION"]],
		"one of a retired service": ["macie:AssociateS3Resources", ["OPA_IAM_RETIRED_ACTION"]],
		"an operation": ["s3:ListObjectsV2", ["INVALID_ACTION"]],
		"an unknown service": ["nope:GetObject", ["INVALID_SERVICE_IN_ACTION"]],
		"an unknown service's pattern": ["nope:Get*", ["INVALID_SERVICE_IN_ACTION"]],
	}
	policy := object.union(_policy("identity", [{"Action": action}]), {"settings": {"extra_services": ["own"]}})
	codes := {
		"INVALID_ACTION",
		"INVALID_SERVICE_IN_ACTION",
		"OPA_IAM_API_NAME_USED",
		"OPA_IAM_PATTERN_WITHOUT_ACTION",
		"OPA_IAM_RETIRED_ACTION",
	}
	findings := lint.findings with input as policy with data.iam.reference as _small
	[finding.code | some finding in findings; finding.code in codes; finding.locations == ["/Statement/0/Action"]] == found
}

# ACT-4, ACT-5, ACT-13
test_patterns_by_the_reference[note] if {
	some note, [action, found] in {
		"a service of which actions are not known": ["s3files:Get*", []],
		"a service named beside": ["own:Approve", []],
		"its pattern": ["own:*", []],
		"a pattern": ["s3:Get*", []],
		"a pattern for nothing": ["s3:Drop*", ["OPA_IAM_PATTERN_WITHOUT_ACTION"]],
		"a pattern for what is new": ["s3:*new", []],
		"a pattern for what is old": ["s3:*?Old", []],
		"what is spelt as no action": ["s3", ["INVALID_ACTION"]],
		"a variable": ["s3:Get${x}", []],
		"everything": ["*", []],
	}
	policy := object.union(_policy("identity", [{"Action": action}]), {"settings": {"extra_services": ["own"]}})
	codes := {
		"INVALID_ACTION",
		"INVALID_SERVICE_IN_ACTION",
		"OPA_IAM_API_NAME_USED",
		"OPA_IAM_PATTERN_WITHOUT_ACTION",
		"OPA_IAM_RETIRED_ACTION",
	}
	findings := lint.findings with input as policy with data.iam.reference as _small
	[finding.code | some finding in findings; finding.code in codes; finding.locations == ["/Statement/0/Action"]] == found
}

# ACT-13, ACT-14
test_the_nearest_name_is_the_mend[action] if {
	some action, mend in {
		"s3:GetObjects": "s3:GetObject",
		"s3:GetObjectTaggin": "s3:GetObjectTagging",
		"s3:HeadObject": "s3:GetObject",
		"s3:CopyObject": "s3:GetObject, s3:PutObject",
		"s3:Entirely": "",
		"s3:x": "",
	}
	_mends("INVALID_ACTION", _policy("identity", [{"Action": action}])) == {mend}
}

test_the_nearest_service_is_the_mend if {
	_mends("INVALID_SERVICE_IN_ACTION", _policy("identity", [{"Action": "dynamo:GetItem"}])) == {"dynamodb:GetItem"}
	_mends("INVALID_SERVICE_IN_ACTION", _policy("identity", [{"Action": "qqqq:GetItem"}])) == {""}
}

# What AWS publishes shows the reference's age, and not a mistake.
test_unknown_is_no_error_in_what_aws_publishes[code] if {
	some code, members in {
		"INVALID_ACTION": {"Action": "s3:GetNothing"},
		"INVALID_SERVICE": {"Resource": "arn:aws:nope:::x"},
		"INVALID_SERVICE_IN_ACTION": {"Action": "nope:Get"},
		"INVALID_SERVICE_CONDITION_KEY": {"Condition": {"StringEquals": {"s3:nope": "x"}}},
	}
	policy := _policy("identity", [members])
	{severity | some [severity, _] in _reported(code, policy)} == {"ERROR"}
	published := object.union(policy, {"aws_managed": true})
	{severity | some [severity, _] in _reported(code, published)} == {"WARNING"}
}

# ACT-14
test_an_operation_is_told_without_the_reference[action] if {
	some action, expected in {
		"kms:ReEncrypt": [["ERROR", "/Statement/0/Action", "kms:ReEncryptFrom, kms:ReEncryptTo"]],
		"kms:Decrypt": [],
	}
	findings := lint.findings with input as _policy("identity", [{"Action": action}])
	[[finding.severity, finding.path, finding.mend] |
		some finding in findings
		finding.code == "OPA_IAM_API_NAME_USED"
	] == expected
}

# EVAL-9, IAM-4
test_dependent_actions[note] if {
	run := {"Action": ["s3:GetObject", "ec2:RunInstances"], "Resource": "*"}
	some note, [beside, found] in {
		"alone": [{"Action": "iam:GetRole"}, {["SUGGESTION", ["/Statement/0/Action/1"]]}],
		"denied only": [{"Effect": "Deny", "Action": "iam:PassRole"}, {["SUGGESTION", ["/Statement/0/Action/1"]]}],
		"beside the other": [{"Action": "IAM:passrole"}, set()],
		"beside a pattern": [{"Action": "iam:Pass*"}, set()],
		"beside all but some": [{"Action": null, "NotAction": "iam:Get*"}, set()],
		"beside all but the other": [
			{"Action": null, "NotAction": "iam:*"},
			{["SUGGESTION", ["/Statement/0/Action/1"]]},
		],
	}
	_reported_of("OPA_IAM_MISSING_DEPENDENT_ACTION", [run, beside]) == found
}

# A guardrail grants nothing.
test_dependent_actions_are_no_guardrail_s if {
	run := {"Action": "ec2:RunInstances", "Resource": "*"}
	_reported("OPA_IAM_MISSING_DEPENDENT_ACTION", _policy("service_control", [run])) == set()
}
