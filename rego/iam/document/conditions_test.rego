package iam.document_test

import data.iam.condition
import data.iam.document

_with_condition(block) := _with({"Condition": block})

# A.4, GRAM-22
test_condition_has_the_shape_of_operators_keys_values[note] if {
	some note, tc in {
		"null": {"condition": null, "found": {["DATA_TYPE_MISMATCH", "/Statement/0/Condition", true]}},
		"a list": {"condition": [{}], "found": {["DATA_TYPE_MISMATCH", "/Statement/0/Condition", true]}},
		"no operator": {"condition": {}, "found": set()},
		"no key": {"condition": {"StringEquals": {}}, "found": set()},
		"no value": {"condition": {"StringEquals": {"k": []}}, "found": set()},
		"a list of keys": {
			"condition": {"StringEquals": ["k"]},
			"found": {["DATA_TYPE_MISMATCH", "/Statement/0/Condition/StringEquals", true]},
		},
		"null for a value": {
			"condition": {"StringEquals": {"a/b": null}},
			"found": {["DATA_TYPE_MISMATCH", "/Statement/0/Condition/StringEquals/a~1b", true]},
		},
		"odd values in a list": {
			"condition": {"StringEquals": {"k": ["x", {}, ["x"]]}},
			"found": {
				["DATA_TYPE_MISMATCH", "/Statement/0/Condition/StringEquals/k/1", true],
				["DATA_TYPE_MISMATCH", "/Statement/0/Condition/StringEquals/k/2", true],
			},
		},
	}
	_found(_with_condition(tc.condition)) == tc.found
}

# GRAM-20
test_operators_are_known_in_any_case[operator] if {
	some name, _ in condition.operators
	operator := upper(name)
	structural := {code | some [code, _, true] in _found(_with_condition({operator: {"k": "true"}}))}
	structural == set()
}

# GRAM-23, GRAM-24, COND-MISS-4
test_other_operators_are_structural_problems[operator] if {
	some operator, code in {
		"StringMatches": "INVALID_CONDITION_OPERATOR",
		"": "INVALID_CONDITION_OPERATOR",
		"NotBool": "INVALID_CONDITION_OPERATOR",
		"BinaryNotEquals": "INVALID_CONDITION_OPERATOR",
		"ForAnyValue::StringLike": "INVALID_CONDITION_OPERATOR",
		"ForEveryValue:StringLike": "INVALID_CONDITION_OPERATOR",
		"NullIfExists": "NULL_WITH_IF_EXISTS",
		"ForAllValues:NullIfExists": "NULL_WITH_IF_EXISTS",
	}
	_found(_with_condition({operator: {"k": "true"}})) == {[code, $"/Statement/0/Condition/{operator}", true]}
}

test_message_names_the_operator if {
	found := document.problems(_with_condition({"StringMatches": {"k": "x"}}), "identity")
	[problem.message | some problem in found] == ["'StringMatches' is no condition operator (GRAM-23)"]
}

# GRAM-21
test_key_in_two_spellings_is_a_structural_problem if {
	_found(_with_condition({"StringEquals": {"aws:username": "a", "AWS:UserName": "b", "k": "c"}})) == {[
		"DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
		"/Statement/0/Condition/StringEquals/aws:username",
		true,
	]}
}

test_key_under_two_operators_is_none if {
	_found(_with_condition({"StringEquals": {"k": "a"}, "StringLike": {"K": "a"}})) == set()
}

# COND-BOOL-1, COND-NULL-1, VAR-2, GRAM-26
test_values_that_match_nothing_are_oddities[note] if {
	some note, tc in {
		"no boolean for Bool": {"condition": {"Bool": {"k": "yes"}}, "codes": {"TYPE_MISMATCH_BOOLEAN"}},
		"no boolean for Null": {"condition": {"Null": {"k": [1]}}, "codes": {"TYPE_MISMATCH_BOOLEAN"}},
		"a variable for Bool": {
			"condition": {"Bool": {"k": "${k}"}},
			"codes": {"INVALID_VARIABLE_FOR_OPERATOR"},
		},
		"a variable for Null": {
			"condition": {"Null": {"k": "${k}"}},
			"codes": {"INVALID_VARIABLE_FOR_OPERATOR"},
		},
		"no number": {"condition": {"NumericEquals": {"k": ["12abc", 7]}}, "codes": {"TYPE_MISMATCH_NUMBER"}},
		"no date": {"condition": {"DateNotEquals": {"k": "2024-02-30"}}, "codes": {"TYPE_MISMATCH_DATE"}},
		"an epoch date": {"condition": {"DateEquals": {"k": 1700000000}}, "codes": set()},
		"no address": {"condition": {"IpAddress": {"k": "203.0.*"}}, "codes": {"TYPE_MISMATCH_IP_RANGE"}},
		"a block": {"condition": {"NotIpAddress": {"k": "::/0"}}, "codes": set()},
		"a short ARN": {"condition": {"ArnNotLike": {"k": "arn:aws:s3"}}, "codes": {"OPA_IAM_VALUE_SHAPE"}},
		"an ARN with a variable": {"condition": {"ArnLike": {"k": "${k}"}}, "codes": set()},
		"a variable for a number": {
			"condition": {"NumericEquals": {"k": "${k}"}},
			"codes": {"INVALID_VARIABLE_FOR_OPERATOR"},
		},
		"a variable among bytes": {
			"condition": {"BinaryEquals": {"k": "${k}"}},
			"codes": {"INVALID_VARIABLE_FOR_OPERATOR"},
		},
		"any text for BinaryEquals": {"condition": {"BinaryEquals": {"k": "?"}}, "codes": set()},
		"a malformed variable": {
			"condition": {"StringLike": {"k": "${a b}"}},
			"codes": {"UNSUPPORTED_SPACE_IN_VARIABLE"},
		},
		"booleans in any case": {"condition": {"BoolIfExists": {"k": ["TRUE", false]}}, "codes": set()},
	}
	{code | some [code, _, false] in _found(_with_condition(tc.condition))} == tc.codes
}

test_malformed_variable_in_a_value_is_text_without_version if {
	written := {"Statement": {
		"Effect": "Allow",
		"Action": "*",
		"Resource": "*",
		"Condition": {"StringLike": {"k": "${"}, "Bool": {"k": "${"}},
	}}
	_found(written) == {["TYPE_MISMATCH_BOOLEAN", "/Statement/Condition/Bool/k", false]}
}
