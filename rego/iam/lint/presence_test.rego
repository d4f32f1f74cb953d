package iam.lint_test

_never_there := {"Null": {"aws:MultiFactorAuthPresent": "false"}}

# COND-MISS-1, COND-MISS-3, I.1 to I.5
test_denials_that_a_missing_key_escapes[note] if {
	some note, [effect, block, key] in {
		"MFA": ["Deny", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, "Bool/aws:MultiFactorAuthPresent"],
		"a tag": ["Deny", {"StringLike": {"aws:RequestTag/a": "x*"}}, "StringLike/aws:RequestTag~1a"],
		"any of several": ["Deny", {"ForAnyValue:StringEquals": {"aws:TagKeys": "x"}}, "ForAnyValue:StringEquals/aws:TagKeys"],
		"if there": ["Deny", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, ""],
		"negated": ["Deny", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, ""],
	}
	expected := {["WARNING", [$"/Statement/0/Condition/{key}"]] | key != ""}
	_reported_of("OPA_IAM_DENY_FAILS_OPEN", [{"Effect": effect, "Condition": block}]) == expected
}

# COND-MISS-1, COND-MISS-3
test_denials_that_none_escapes[note] if {
	some note, [effect, block, key] in {
		"there by Null": ["Deny", object.union(_never_there, {"Bool": {"aws:MultiFactorAuthPresent": "false"}}), ""],
		"always there": ["Deny", {"Bool": {"aws:SecureTransport": "false"}}, ""],
		"of a service": ["Deny", {"StringEquals": {"s3:authtype": "x"}}, ""],
		"allowed": ["Allow", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, ""],
	}
	expected := {["WARNING", [$"/Statement/0/Condition/{key}"]] | key != ""}
	_reported_of("OPA_IAM_DENY_FAILS_OPEN", [{"Effect": effect, "Condition": block}]) == expected
}

test_mends_of_denials[operator] if {
	some operator, mend in {"StringEquals": "StringEqualsIfExists", "ForAnyValue:StringEquals": ""}
	policy := _policy("identity", [{"Effect": "Deny", "Condition": {operator: {"aws:RequestTag/a": "x"}}}])
	_mends("OPA_IAM_DENY_FAILS_OPEN", policy) == {mend}
}

# COND-MISS-1
test_grants_that_need_no_key[note] if {
	path := "/Statement/0/Condition"
	some note, [effect, block, keys] in {
		"negated": ["Allow", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, ["StringNotEquals/aws:SourceVpce"]],
		"two": [
			"Allow", {"StringLikeIfExists": {"s3:authtype": "x"}, "StringNotEquals": {"aws:username": "x"}},
			["StringLikeIfExists/s3:authtype", "StringNotEquals/aws:username"],
		],
		"beside another": ["Allow", {"StringNotEquals": {"aws:username": "x"}, "StringEquals": {"s3:authtype": "x"}}, []],
		"beside presence": ["Allow", {"StringNotEquals": {"aws:username": "x"}, "Null": {"aws:username": "false"}}, []],
		"always there": ["Allow", {"StringNotEquals": {"aws:PrincipalArn": "x"}}, []],
		"for all values": ["Allow", {"ForAllValues:StringEquals": {"aws:TagKeys": "x"}}, []],
		"denied": ["Deny", {"StringNotEquals": {"aws:username": "x"}}, []],
		"no condition": ["Allow", {}, []],
	}
	expected := {["WARNING", [$"{path}/{key}" | some key in keys]] | count(keys) > 0}
	_reported_of("OPA_IAM_ALLOW_ON_MISSING_KEY", [{"Effect": effect, "Condition": block}]) == expected
}

# COND-SET-4
test_all_values_of_no_key[note] if {
	list := {"ForAllValues:StringEquals": {"dynamodb:Attributes": "x"}}
	some note, [effect, block, found] in {
		"a list": ["Allow", list, true],
		"there by Null": ["Allow", object.union(list, {"Null": {"dynamodb:Attributes": false}}), false],
		"tags": ["Allow", {"ForAllValues:StringEquals": {"aws:TagKeys": "x"}}, false],
		"one value": ["Allow", {"ForAllValues:StringEquals": {"s3:authtype": "x"}}, false],
		"presence": ["Allow", {"ForAllValues:Null": {"dynamodb:Attributes": "true"}}, false],
		"denied": ["Deny", list, false],
	}
	path := "/Statement/0/Condition/ForAllValues:StringEquals/dynamodb:Attributes"
	expected := {["WARNING", [path]] | found}
	_reported_of("OPA_IAM_FORALLVALUES_WITH_ALLOW", [{"Effect": effect, "Condition": block}]) == expected
}

test_the_mend_of_all_values_of_no_key if {
	policy := _policy("identity", [{"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": "x"}}}])
	_mends("OPA_IAM_FORALLVALUES_WITH_ALLOW", policy) == {`"Null": {"dynamodb:Attributes": "false"}`}
}

# OPEN-9, COND-ARN-2
test_values_that_never_deny[note] if {
	some note, [effect, operator, value, found] in {
		"an address": ["Deny", "NotIpAddress", "10.0.0", true],
		"a number": ["Deny", "NumericNotEquals", "1x", true],
		"a date": ["Deny", "DateNotEquals", "today", true],
		"an ARN": ["Deny", "ArnNotLike", "arn:aws:s3", true],
		"what is sound": ["Deny", "NotIpAddress", "10.0.0.0/8", false],
	}
	expected := {["SECURITY_WARNING", [$"/Statement/0/Condition/{operator}/s3:k"]] | found}
	members := {"Effect": effect, "Condition": {operator: {"s3:k": value}}}
	_reported_of("OPA_IAM_INVALID_VALUE_FAILS_OPEN", [members]) == expected
}

# OPEN-9
test_values_that_take_nothing_away[note] if {
	some note, [effect, operator, value, found] in {
		"a variable": ["Deny", "ArnNotLike", "${aws:username}", false],
		"not negated": ["Deny", "NumericEquals", "1x", false],
		"allowed": ["Allow", "NumericNotEquals", "1x", false],
		"a text": ["Deny", "StringNotEquals", "x", false],
	}
	expected := {["SECURITY_WARNING", [$"/Statement/0/Condition/{operator}/s3:k"]] | found}
	members := {"Effect": effect, "Condition": {operator: {"s3:k": value}}}
	_reported_of("OPA_IAM_INVALID_VALUE_FAILS_OPEN", [members]) == expected
}
