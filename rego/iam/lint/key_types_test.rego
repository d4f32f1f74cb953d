package iam.lint_test

import data.iam.lint

_key_codes := {
	"FORALLVALUES_WITH_SINGLE_VALUED_KEY",
	"INVALID_GLOBAL_CONDITION_KEY",
	"INVALID_SERVICE",
	"INVALID_SERVICE_CONDITION_KEY",
	"MISSING_QUALIFIER",
	"MISSING_TAG_KEY_IN_CONDITION",
	"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
	"TYPE_MISMATCH",
}

_found_of_test(effect, operator, key, value) := {[finding.code, finding.severity] |
	members := {"Effect": effect, "Condition": {operator: {key: value}}}
	findings := lint.findings with input as _policy("identity", [members]) with data.iam.reference as _small
	some finding in findings
	finding.code in _key_codes
	finding.at_key
}

# I.1 to I.5
test_known_and_unknown_global_keys[key] if {
	some key, codes in {
		"AWS:username": set(),
		"aws:PrincipalTag/a": set(),
		"aws:Username2": {"INVALID_GLOBAL_CONDITION_KEY"},
		"aws:ResourceTag": {"MISSING_TAG_KEY_IN_CONDITION"},
		"aws:RequestTag/": {"MISSING_TAG_KEY_IN_CONDITION"},
	}
	found := {code | some [code, _] in _found_of_test("Allow", "StringEquals", key, "x")}
	found == codes
}

# IN-3, GKEY-4
test_known_and_unknown_keys_of_services[key] if {
	some key, codes in {
		"s3:ExistingObjectTag": {"MISSING_TAG_KEY_IN_CONDITION"},
		"s3:ExistingObjectTag/a": set(),
		"s3:AuthType": set(),
		"s3:AuthTyp": {"INVALID_SERVICE_CONDITION_KEY"},
		"s3:Nope:x": {"INVALID_SERVICE_CONDITION_KEY"},
		"kms:EncryptionContext:dept": set(),
		"s3files:Any": set(),
		"nope:Any": {"INVALID_SERVICE"},
	}
	found := {code | some [code, _] in _found_of_test("Allow", "StringEquals", key, "x")}
	found == codes
}

# GKEY-4
test_keys_of_no_service[key] if {
	some key, codes in {
		"saml:aud": set(),
		"token.example.com:sub": set(),
		"token.example.com/x:sub": set(),
		"token.example.com:a:b": set(),
		"plain": set(),
	}
	found := {code | some [code, _] in _found_of_test("Allow", "StringEquals", key, "x")}
	found == codes
}

test_mends_of_keys if {
	policy := _policy("identity", [{"Condition": {
		"StringEquals": {"aws:RequestTag/": "x", "aws:TagKeys": "x"},
		"StringNotLike": {"ec2:Vpc": "x"},
	}}])
	_mends("MISSING_TAG_KEY_IN_CONDITION", policy) == {"aws:RequestTag/TAG"}
	_mends("MISSING_QUALIFIER", policy) == {"ForAnyValue:StringEquals"}
	_mends("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", policy) == {"ArnNotLike"}
}

# COND-SET-1 to COND-SET-4
test_set_operators_by_the_type_of_the_key[note] if {
	set_on_one := "FORALLVALUES_WITH_SINGLE_VALUED_KEY"
	some note, [effect, operator, key, found] in {
		"a list without a set operator": ["Allow", "StringEquals", "aws:TagKeys", {["MISSING_QUALIFIER", "ERROR"]}],
		"a list with one": ["Allow", "ForAnyValue:StringEquals", "aws:TagKeys", set()],
		"a list's presence": ["Allow", "Null", "aws:TagKeys", set()],
		"all of one value": ["Allow", "ForAllValues:StringEquals", "s3:AuthType", {[set_on_one, "SECURITY_WARNING"]}],
		"all of one value, denied": ["Deny", "ForAllValues:StringEquals", "s3:AuthType", {[set_on_one, "WARNING"]}],
		"presence of all": ["Allow", "ForAllValues:Null", "s3:AuthType", set()],
	}
	_found_of_test(effect, operator, key, "x") == found
}

# COND-STR-2, COND-ARN-1
test_operators_by_the_type_of_the_key[note] if {
	like_on_arn := "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"
	some note, [effect, operator, key, found] in {
		"text for a truth value": ["Allow", "StringEquals", "s3:IsNew", {["TYPE_MISMATCH", "WARNING"]}],
		"a number for a text": ["Allow", "NumericEquals", "s3:AuthType", {["TYPE_MISMATCH", "WARNING"]}],
		"a number for a number": ["Allow", "NumericEquals", "s3:max-keys", set()],
		"a number for the time": ["Allow", "NumericLessThan", "aws:EpochTime", set()],
		"an ARN for a text": ["Allow", "ArnLike", "s3:AuthType", set()],
		"presence of a truth value": ["Allow", "Null", "s3:IsNew", set()],
		"text equal to an ARN": ["Allow", "StringEquals", "ec2:Vpc", set()],
		"text like an ARN": ["Deny", "StringLikeIfExists", "ec2:Vpc", {[like_on_arn, "SECURITY_WARNING"]}],
		"like an ARN": ["Deny", "ArnLike", "ec2:Vpc", set()],
		"a key of unknown type": ["Allow", "ForAllValues:Bool", "token.example.com:sub", set()],
	}
	_found_of_test(effect, operator, key, "x") == found
}

# COND-SET-1: the reference may be wrong about a key that AWS's own policies use.
test_missing_qualifier_in_what_aws_publishes if {
	policy := _policy("identity", [{"Condition": {"StringEquals": {"aws:TagKeys": "x"}}}])
	published := object.union(policy, {"aws_managed": true})
	_reported("MISSING_QUALIFIER", published) == {["WARNING", ["/Statement/0/Condition/StringEquals/aws:TagKeys"]]}
}
