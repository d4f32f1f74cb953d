package iam.lint_test

# COND-MISS-1, I.4
test_tags_of_resources_that_have_none[note] if {
	tagged := {"StringEquals": {"aws:ResourceTag/a": "x", "aws:ResourceTag/b": "y"}}
	keys := [
		"/Statement/0/Condition/StringEquals/aws:ResourceTag~1a",
		"/Statement/0/Condition/StringEquals/aws:ResourceTag~1b",
	]
	some note, [members, found] in {
		"actions without": [
			{"Action": ["s3:GetObject", "ec2:StopInstances", "s3:ListBucket"], "Condition": tagged},
			{["WARNING", array.concat(["/Statement/0/Action/0", "/Statement/0/Action/2"], keys)]},
		],
		"two services": [
			{"Action": ["s3:GetObject", "ec2:DescribeInstances"], "Condition": tagged},
			{
				["WARNING", array.concat(["/Statement/0/Action/0"], keys)],
				["WARNING", array.concat(["/Statement/0/Action/1"], keys)],
			},
		],
		"by its type": [{"Action": "ec2:StopInstances", "Condition": tagged}, set()],
		"tags on creation": [{"Action": "ec2:CreateTags", "Condition": tagged}, set()],
		"a pattern of which one has": [{"Action": "ec2:*", "Condition": tagged}, set()],
		"a pattern of which none has": [
			{"Action": "s3:Get*", "Condition": tagged},
			{["WARNING", array.concat(["/Statement/0/Action"], keys)]},
		],
		"what is unknown": [{"Action": "nope:Get", "Condition": tagged}, set()],
	}
	_reported_of("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", [members]) == found
}

# COND-MISS-1
test_tests_of_tags_that_need_none[note] if {
	some note, [members, found] in {
		"IfExists": [{"Condition": {"StringEqualsIfExists": {"aws:ResourceTag/a": "x"}}}, set()],
		"negated": [{"Condition": {"StringNotEquals": {"aws:ResourceTag/a": "x"}}}, set()],
		"presence": [{"Condition": {"Null": {"aws:ResourceTag/a": "true"}}}, set()],
		"for all values": [{"Condition": {"ForAllValues:StringEquals": {"aws:ResourceTag/a": "x"}}}, set()],
		"another key": [{"Condition": {"StringEquals": {"aws:RequestTag/a": "x"}}}, set()],
	}
	_reported_of("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", [members]) == found
}

# COND-MISS-1: what is never denied endangers.
test_tags_that_a_deny_asks_for[action] if {
	some action, found in {
		"ec2:StopInstances": set(),
		"s3:GetObject": {["SECURITY_WARNING", ["/Statement/0/Action", "/Statement/0/Condition/StringEquals/aws:ResourceTag~1a"]]},
	}
	denying := {"Effect": "Deny", "Action": action, "Condition": {"StringEquals": {"aws:ResourceTag/a": "x"}}}
	_reported_of("DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", [denying]) == found
}

# ACT-11
test_tags_with_not_action[code] if {
	tagged := {"StringEquals": {"aws:ResourceTag/a": "x"}}
	some code, [effect, severity] in {
		"ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": ["Allow", "WARNING"],
		"DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": ["Deny", "SECURITY_WARNING"],
	}
	but := {"Effect": effect, "Action": null, "NotAction": "s3:*"}
	path := "/Statement/0/Condition/StringEquals/aws:ResourceTag~1a"
	_reported_of(code, [object.union(but, {"Condition": tagged})]) == {[severity, [path]]}
	_reported_of(code, [but]) == set()
	_reported_of(code, [{"Effect": effect, "Condition": tagged}]) == set()
}
