package iam.condition_test

import data.iam.condition
import data.iam.document

# One condition of a document, compiled as the library does.
_compiled(operator, values) := document.lowered(
	{"Version": "2012-10-17", "Statement": {
		"Effect": "Allow",
		"Action": "*",
		"Resource": "*",
		"Condition": {operator: {"Key": values}},
	}},
	"identity",
).statements[0].conditions[0]

_satisfied(operator, values, context) := result if {
	compiled := _compiled(operator, values)
	result := condition.satisfied(compiled) with input as {
		"principal": "arn:aws:iam::111122223333:user/ana",
		"action": "s3:GetObject",
		"context": context,
	}
}

# COND-MISS-1: the table E.2, by operator: what holds without the key.
test_missing_key[operator] if {
	some operator, holds in {
		"StringEquals": false,
		"StringLike": false,
		"Bool": false,
		"StringNotEquals": true,
		"StringNotLike": true,
		"StringEqualsIfExists": true,
		"StringLikeIfExists": true,
		"StringNotEqualsIfExists": true,
		"StringNotLikeIfExists": true,
		"BoolIfExists": true,
		"StringEqualsIgnoreCase": false,
		"StringNotEqualsIgnoreCase": true,
		"NumericLessThan": false,
		"NumericNotEquals": true,
		"DateGreaterThan": false,
		"DateNotEquals": true,
		"IpAddress": false,
		"NotIpAddress": true,
		"ArnLike": false,
		"ArnNotEquals": true,
		"ArnNotLike": true,
		"BinaryEquals": false,
		"BinaryEqualsIfExists": true,
		"ForAllValues:StringEquals": true,
		"ForAllValues:StringNotEquals": true,
		"ForAllValues:NumericLessThanIfExists": true,
		"ForAnyValue:StringEquals": false,
		"ForAnyValue:StringNotEquals": false,
		"ForAnyValue:StringEqualsIfExists": true,
		"ForAnyValue:StringNotEqualsIfExists": true,
		"ForAllValues:Null": true,
		"ForAnyValue:Null": false,
	}
	_satisfied(operator, "true", {}) == holds
}

# E.5, COND-NUM-1, COND-DATE-2, COND-IP-1 to COND-IP-3, COND-ARN-1, COND-ARN-3, COND-ARN-4, COND-BIN-1
test_operators_compare[note] if {
	some note, tc in {
		"ignoring case": {"operator": "StringEqualsIgnoreCase", "values": "RÉD", "given": "réd", "holds": true},
		"ignoring case, other": {"operator": "StringEqualsIgnoreCase", "values": "r*", "given": "red", "holds": false},
		"ignoring case, negated": {"operator": "StringNotEqualsIgnoreCase", "values": "RED", "given": "red", "holds": false},
		"equal numbers": {"operator": "NumericEquals", "values": "10.0", "given": 10, "holds": true},
		"unequal numbers": {"operator": "NumericNotEquals", "values": ["10.0", 11], "given": "12", "holds": true},
		"equal, negated": {"operator": "NumericNotEquals", "values": ["10.0", 11], "given": "10", "holds": false},
		"less": {"operator": "NumericLessThan", "values": 10, "given": "9.99", "holds": true},
		"less, equal": {"operator": "NumericLessThan", "values": 10, "given": "10", "holds": false},
		"less, greater": {"operator": "NumericLessThan", "values": 10, "given": "11", "holds": false},
		"less or equal": {"operator": "NumericLessThanEquals", "values": 10, "given": "10", "holds": true},
		"less or equal, less": {"operator": "NumericLessThanEquals", "values": 10, "given": "-10", "holds": true},
		"less or equal, greater": {"operator": "NumericLessThanEquals", "values": 10, "given": "10.1", "holds": false},
		"greater": {"operator": "NumericGreaterThan", "values": [99, 10], "given": "11", "holds": true},
		"greater, equal": {"operator": "NumericGreaterThan", "values": 10, "given": "10", "holds": false},
		"greater or equal": {"operator": "NumericGreaterThanEquals", "values": 10, "given": "10", "holds": true},
		"greater or equal, less": {"operator": "NumericGreaterThanEquals", "values": 10, "given": "9", "holds": false},
		"equal dates": {"operator": "DateEquals", "values": "2023-11-14T22:13:20Z", "given": 1700000000, "holds": true},
		"unequal dates": {"operator": "DateNotEquals", "values": "2023-11-14", "given": "2023-11-15", "holds": true},
		"before": {"operator": "DateLessThan", "values": "2023-11-14", "given": "2023-11-14T01:00:00+02:00", "holds": true},
		"before, later": {"operator": "DateLessThan", "values": "2023-11-14", "given": "1700000000", "holds": false},
		"not after": {"operator": "DateLessThanEquals", "values": "2023-11-14", "given": "2023-11-14T00:00Z", "holds": true},
		"after": {"operator": "DateGreaterThan", "values": "1699999999.9", "given": "1700000000", "holds": true},
		"not before": {"operator": "DateGreaterThanEquals", "values": "1700000000", "given": "1700000000.0", "holds": true},
		"in a block": {"operator": "IpAddress", "values": ["::/0", "10.0.0.0/8"], "given": "10.255.0.1", "holds": true},
		"in no block": {"operator": "IpAddress", "values": "10.0.0.0/8", "given": "11.0.0.1", "holds": false},
		"of another family": {"operator": "IpAddress", "values": "0.0.0.0/0", "given": "::ffff:1.2.3.4", "holds": false},
		"not in a block": {"operator": "NotIpAddress", "values": "10.0.0.0/8", "given": "10.0.0.1", "holds": false},
		"not of its family": {"operator": "NotIpAddress", "values": "10.0.0.0/8", "given": "::1", "holds": true},
		"ARN": {"operator": "ArnEquals", "values": "arn:aws:s3:::b", "given": "arn:aws:s3:::b", "holds": true},
		"ARN, its case": {"operator": "ArnLike", "values": "arn:aws:S3:::b", "given": "arn:aws:s3:::b", "holds": false},
		"ARN, wildcard": {"operator": "ArnEquals", "values": "arn:*:s?:::b*", "given": "arn:aws:s3:::b:c/d", "holds": true},
		"ARN, a colon": {"operator": "ArnLike", "values": "arn:aws:sns:*:t", "given": "arn:aws:sns:a:1:t", "holds": false},
		"ARN, within": {"operator": "ArnLike", "values": "arn:*:b:c:d:e", "given": "arn:a:x:b:c:d:e", "holds": false},
		"ARN, negated": {"operator": "ArnNotLike", "values": "arn:aws:s3:::b*", "given": "arn:aws:s3:::bc", "holds": false},
		"ARN, none": {"operator": "ArnNotEquals", "values": "arn:aws:s3:::b*", "given": "arn:aws:s3:::c", "holds": true},
		"bytes": {"operator": "BinaryEquals", "values": "QQ==", "given": "QR==", "holds": true},
		"other bytes": {"operator": "BinaryEquals", "values": "QQ==", "given": "QUI=", "holds": false},
	}
	_satisfied(tc.operator, tc.values, {"key": tc.given}) == tc.holds
}

# OPEN-9: COND-NUM-2, COND-DATE-4, COND-IP-4, COND-ARN-2
test_what_cannot_be_read_satisfies_nothing[note] if {
	some note, tc in {
		"number": {"operators": ["NumericEquals", "NumericNotEquals", "NumericLessThan"], "good": "1", "bad": "1x"},
		"date": {"operators": ["DateEquals", "DateNotEquals", "DateGreaterThan"], "good": "2024-01-01", "bad": "noon"},
		"address": {"operators": ["IpAddress", "NotIpAddress"], "good": "1.2.3.4", "bad": "1.2.*"},
		"ARN": {"operators": ["ArnEquals", "ArnNotLike"], "good": "arn:aws:s3:::b", "bad": "arn:aws:s3"},
	}
	every operator in tc.operators {
		_satisfied(operator, tc.good, {"key": tc.bad}) == false
		_satisfied(operator, tc.bad, {"key": tc.good}) == false
		_satisfied(operator, tc.bad, {"key": tc.bad}) == false
		_satisfied($"{operator}IfExists", tc.bad, {}) == true
	}
}

test_value_that_can_be_read_is_enough_for_positive_operators_only if {
	_satisfied("NumericLessThan", ["x", "5"], {"key": "4"}) == true
	_satisfied("NumericNotEquals", ["x", "5"], {"key": "4"}) == false
	_satisfied("ArnLike", ["x", "arn:aws:s3:::b"], {"key": "arn:aws:s3:::b"}) == true
	_satisfied("ArnNotLike", ["x", "arn:aws:s3:::b"], {"key": "arn:aws:s3:::c"}) == false
}

# COND-SET-3 to COND-SET-7
test_set_operators[note] if {
	some note, tc in {
		"all": {"operator": "ForAllValues:StringEquals", "given": ["a", "b", "a"], "holds": true},
		"not all": {"operator": "ForAllValues:StringEquals", "given": ["a", "c"], "holds": false},
		"all of none": {"operator": "ForAllValues:StringEquals", "given": [], "holds": true},
		"all of the empty text": {"operator": "ForAllValues:StringEquals", "given": [""], "holds": true},
		"the empty text beside another": {"operator": "ForAllValues:StringEquals", "given": ["", "a"], "holds": false},
		"all of a single value": {"operator": "ForAllValues:StringEquals", "given": "a", "holds": true},
		"all, negated": {"operator": "ForAllValues:StringNotEquals", "given": ["c", "d"], "holds": true},
		"not all, negated": {"operator": "ForAllValues:StringNotEquals", "given": ["c", "a"], "holds": false},
		"any": {"operator": "ForAnyValue:StringEquals", "given": ["c", "a"], "holds": true},
		"not any": {"operator": "ForAnyValue:StringEquals", "given": ["c", "d"], "holds": false},
		"any of none": {"operator": "ForAnyValue:StringNotEquals", "given": [], "holds": false},
		"any of none, IfExists": {"operator": "ForAnyValue:StringEqualsIfExists", "given": [], "holds": false},
		"any of the empty text": {"operator": "ForAnyValue:StringNotEquals", "given": [""], "holds": false},
		"any, negated": {"operator": "ForAnyValue:StringNotEquals", "given": ["a", "c"], "holds": true},
		"not any, negated": {"operator": "ForAnyValue:StringNotEquals", "given": ["a", "b"], "holds": false},
		"any of a single value": {"operator": "ForAnyValue:StringEquals", "given": "b", "holds": true},
		"Null of all": {"operator": "ForAllValues:Null", "given": ["a"], "holds": true},
		"Null of any": {"operator": "ForAnyValue:Null", "given": ["a"], "holds": false},
		"in any case": {"operator": "foranyVALUE:stringlikeIFEXISTS", "given": ["b"], "holds": true},
	}
	_satisfied(tc.operator, ["a", "b"], {"key": tc.given}) == tc.holds
}

# GRAM-34
test_set_operators_with_an_empty_list_of_values[note] if {
	some note, tc in {
		"all, missing": {"operator": "ForAllValues:StringEquals", "context": {}, "holds": true},
		"all, empty": {"operator": "ForAllValues:StringEquals", "context": {"key": []}, "holds": true},
		"all, present": {"operator": "ForAllValues:StringEquals", "context": {"key": ["a"]}, "holds": false},
		"any, missing": {"operator": "ForAnyValue:StringEquals", "context": {}, "holds": false},
		"any, present": {"operator": "ForAnyValue:StringEquals", "context": {"key": ["a"]}, "holds": false},
	}
	_satisfied(tc.operator, [], tc.context) == tc.holds
}

# VAR-2, COND-ARN-1, COND-ARN-2: the segments are those of the text with its variables put in.
test_variables_in_arns[note] if {
	some note, tc in {
		"in a segment": {"operator": "ArnLike", "values": "arn:aws:iam::${n}:role/*", "given": "arn:aws:iam::1:role/a:b", "holds": true},
		"a whole ARN": {"operator": "ArnEquals", "values": "${arn}", "given": "arn:aws:s3:::b*", "holds": true},
		"a literal asterisk": {"operator": "ArnEquals", "values": "${arn}", "given": "arn:aws:s3:::bc", "holds": false},
		"negated": {"operator": "ArnNotEquals", "values": "${arn}", "given": "arn:aws:s3:::c", "holds": true},
		"a wildcard before it": {"operator": "ArnLike", "values": "arn:*:${n}:::x", "given": "arn:a:b:1:::x", "holds": false},
		"too short": {"operator": "ArnLike", "values": "arn:${n}", "given": "arn:1", "holds": false},
		"too short, negated": {"operator": "ArnNotLike", "values": "arn:${n}", "given": "arn:aws:s3:::c", "holds": false},
		"unresolvable": {"operator": "ArnLike", "values": "arn:aws:s3:::${nope}", "given": "arn:aws:s3:::c", "holds": false},
		"unresolvable, negated": {"operator": "ArnNotLike", "values": "arn:aws:s3:::${nope}", "given": "arn:aws:s3:::c", "holds": true},
	}
	_satisfied(tc.operator, tc.values, {"key": tc.given, "n": "1", "arn": "arn:aws:s3:::b*"}) == tc.holds
}

# E.5
test_substituted_text_loses_its_case_as_well if {
	_satisfied("StringEqualsIgnoreCase", "X-${team}", {"key": "x-RED", "team": "Red"}) == true
	_satisfied("StringNotEqualsIgnoreCase", "X-${team}", {"key": "x-RED", "team": "Red"}) == false
}

# VAR-7, OPEN-14
test_setting_makes_unresolved_negated_false[note] if {
	some note, tc in {
		"unresolved": {"value": "${nope}", "setting": true, "holds": false},
		"resolved": {"value": "${other}", "setting": true, "holds": true},
		"off": {"value": "${nope}", "setting": false, "holds": true},
	}
	compiled := _compiled("StringNotEquals", tc.value)
	condition.satisfied(compiled) == tc.holds with input as {
		"principal": "*",
		"context": {"key": "a", "other": "b"},
		"settings": {"unresolved_negated_is_false": tc.setting},
	}
}

# EXP-3
test_reasons[note] if {
	some note, tc in {
		"missing": {"operator": "StringEquals", "values": "a", "given": null, "reason": "key_missing"},
		"Null, missing": {"operator": "Null", "values": "false", "given": null, "reason": "key_missing"},
		"Null, present": {"operator": "Null", "values": "true", "given": "a", "reason": "key_present"},
		"Null of any": {"operator": "ForAnyValue:Null", "values": "true", "given": "a", "reason": "null_with_set_operator"},
		"list": {"operator": "StringEquals", "values": "a", "given": ["a"], "reason": "multivalued_key"},
		"empty list": {"operator": "ForAnyValue:StringEquals", "values": "a", "given": [], "reason": "empty_list"},
		"no match": {"operator": "StringLike", "values": "a", "given": "b", "reason": "no_value_matches"},
		"no match, Bool": {"operator": "Bool", "values": "true", "given": "odd", "reason": "no_value_matches"},
		"match": {"operator": "StringNotLike", "values": "a", "given": "a", "reason": "value_matches"},
		"odd request": {"operator": "NumericEquals", "values": "1", "given": "x", "reason": "invalid_value"},
		"odd policy": {"operator": "NumericNotEquals", "values": "x", "given": "1", "reason": "invalid_value"},
		"short ARN": {
			"operator": "ArnLike",
			"values": "arn:${key}",
			"given": "arn:aws:s3:::b",
			"reason": "no_value_matches",
		},
		"short ARN made": {
			"operator": "ArnLike",
			"values": "arn:${other}",
			"given": "arn:aws:s3:::b",
			"reason": "invalid_value",
		},
		"unresolved": {
			"operator": "StringNotEquals",
			"values": "${nope}",
			"given": "a",
			"reason": "unresolved_variable",
		},
	}
	compiled := _compiled(tc.operator, tc.values)
	failure := condition.failure(compiled) with input as {
		"principal": "*",
		"context": object.union({"other": "x"}, {"key": tc.given}),
		"settings": {"unresolved_negated_is_false": true},
	}
	failure.reason == tc.reason
}

# VAR-10
test_failure_tells_resolved_values if {
	compiled := _compiled("StringLike", ["${other}/*", "x", "${nope}"])
	condition.failure(compiled) == {
		"element": "Condition",
		"given": "z",
		"key": "Key",
		"operator": "StringLike",
		"reason": "no_value_matches",
		"resolved": ["o/*", null],
		"wanted": ["${other}/*", "x", "${nope}"],
	} with input as {"principal": "*", "context": {"key": "z", "other": "o"}}
}

# COND-ALL-5
test_oddities[note] if {
	some note, tc in {
		"none": {"operator": "NumericEquals", "values": "1", "given": "1", "codes": set()},
		"number": {"operator": "NumericEquals", "values": "1", "given": "x", "codes": {"NOT_A_NUMBER"}},
		"date": {"operator": "DateEquals", "values": "2024-01-01", "given": "x", "codes": {"NOT_A_DATE"}},
		"address": {"operator": "IpAddress", "values": "::1", "given": "x", "codes": {"NOT_AN_ADDRESS"}},
		"ARN": {"operator": "ArnLike", "values": "arn:aws:s3:::b", "given": "x", "codes": {"NOT_AN_ARN"}},
		"boolean": {"operator": "Bool", "values": "true", "given": "x", "codes": {"NOT_A_BOOLEAN"}},
		"list": {"operator": "StringLike", "values": "true", "given": ["x"], "codes": {"MISSING_SET_OPERATOR"}},
		"list for Null": {"operator": "Null", "values": "true", "given": ["x"], "codes": set()},
		"odd item": {"operator": "ForAnyValue:Bool", "values": "true", "given": ["x", "true"], "codes": {"NOT_A_BOOLEAN"}},
		"short ARN made": {"operator": "ArnLike", "values": "a:${key}", "given": "a:b:c:d:e:f", "codes": set()},
		"short ARN of a variable": {"operator": "ArnLike", "values": "a:${n}", "given": "a:b:c:d:e:f", "codes": {"NOT_AN_ARN"}},
	}
	compiled := _compiled(tc.operator, tc.values)
	found := condition.oddities(compiled) with input as {"principal": "*", "context": {"key": tc.given, "n": "1"}}
	{oddity.code | some oddity in found} == tc.codes
	every oddity in found {
		oddity.key == "Key"
	}
}

# COND-MISS-1: the column of E.2 where the key is there.
test_present_key[note] if {
	some note, tc in {
		"equal": {"operator": "StringEquals", "values": "a", "given": "a", "holds": true},
		"equal to one of several": {"operator": "StringEquals", "values": ["b", "a"], "given": "a", "holds": true},
		"equal to none": {"operator": "StringEquals", "values": ["b", "c"], "given": "a", "holds": false},
		"equal but for case": {"operator": "StringEquals", "values": "A", "given": "a", "holds": false},
		"a literal asterisk": {"operator": "StringEquals", "values": "a*", "given": "ab", "holds": false},
		"an asterisk equal to itself": {"operator": "StringEquals", "values": "a*", "given": "a*", "holds": true},
		"the empty text": {"operator": "StringEquals", "values": "", "given": "", "holds": true},
		"like": {"operator": "StringLike", "values": ["x", "a*"], "given": "a/b", "holds": true},
		"like a single character": {"operator": "StringLike", "values": "a?", "given": "a", "holds": false},
		"like the empty text": {"operator": "StringLike", "values": "", "given": "", "holds": true},
		"like everything, empty": {"operator": "StringLike", "values": "*", "given": "", "holds": true},
		"equal to none, negated": {"operator": "StringNotEquals", "values": ["b", "c"], "given": "a", "holds": true},
		"equal to one, negated": {"operator": "StringNotEquals", "values": ["b", "a"], "given": "a", "holds": false},
		"like one, negated": {"operator": "StringNotLike", "values": ["b", "a*"], "given": "ab", "holds": false},
		"like none, negated": {"operator": "StringNotLike", "values": ["b", "c*"], "given": "ab", "holds": true},
		"IfExists compares": {"operator": "StringEqualsIfExists", "values": "b", "given": "a", "holds": false},
		"negated IfExists compares": {
			"operator": "StringNotEqualsIfExists",
			"values": "a",
			"given": "a",
			"holds": false,
		},
		"operator in another case": {"operator": "STRINGLIKE", "values": "A*", "given": "Ab", "holds": true},
	}
	_satisfied(tc.operator, tc.values, {"KEY": tc.given}) == tc.holds
}

# GRAM-22
test_numbers_and_booleans_compare_as_text if {
	_satisfied("StringEquals", 10, {"key": "10"}) == true
	_satisfied("StringEquals", "10", {"key": 10}) == true
	_satisfied("StringLike", "t*", {"key": true}) == true
	_satisfied("StringEquals", false, {"key": "false"}) == true
	_satisfied("StringNotEquals", 10, {"key": 10}) == false
}

# GRAM-34: nothing matches an empty list, so that negated operators hold.
test_empty_list_of_values[note] if {
	some note, tc in {
		"positive": {"operator": "StringEquals", "context": {"key": "a"}, "holds": false},
		"positive, empty text": {"operator": "StringLike", "context": {"key": ""}, "holds": false},
		"negated": {"operator": "StringNotEquals", "context": {"key": "a"}, "holds": true},
		"negated, empty text": {"operator": "StringNotLike", "context": {"key": ""}, "holds": true},
		"Bool": {"operator": "Bool", "context": {"key": "true"}, "holds": false},
		"Null, key missing": {"operator": "Null", "context": {}, "holds": false},
		"Null, key present": {"operator": "Null", "context": {"key": "a"}, "holds": false},
		"IfExists, key missing": {"operator": "StringEqualsIfExists", "context": {}, "holds": true},
		"IfExists, key present": {"operator": "StringEqualsIfExists", "context": {"key": "a"}, "holds": false},
	}
	_satisfied(tc.operator, [], tc.context) == tc.holds
}

# COND-SET-2: without a set operator a multivalued key satisfies nothing.
test_multivalued_key_needs_a_set_operator[operator] if {
	some operator in ["StringEquals", "StringNotEquals", "StringLikeIfExists", "StringNotLikeIfExists", "BoolIfExists"]
	some given in [["true"], ["a", "b"], []]
	_satisfied(operator, "true", {"key": given}) == false
}

# COND-NULL-1 to COND-NULL-3
test_null_asks_for_presence[note] if {
	some note, tc in {
		"true, missing": {"values": "true", "context": {}, "holds": true},
		"true, present": {"values": "true", "context": {"key": "a"}, "holds": false},
		"false, missing": {"values": "false", "context": {}, "holds": false},
		"false, present": {"values": "false", "context": {"key": "a"}, "holds": true},
		"the boolean, missing": {"values": true, "context": {}, "holds": true},
		"another case": {"values": "TRUE", "context": {}, "holds": true},
		"both, missing": {"values": ["true", "false"], "context": {}, "holds": true},
		"both, present": {"values": ["true", "false"], "context": {"key": "a"}, "holds": true},
		"another text, missing": {"values": "yes", "context": {}, "holds": false},
		"another text, present": {"values": "yes", "context": {"key": "a"}, "holds": false},
		"false, the empty text": {"values": "false", "context": {"key": ""}, "holds": true},
		"true, an empty list": {"values": "true", "context": {"key": []}, "holds": true},
		"false, an empty list": {"values": "false", "context": {"key": []}, "holds": false},
		"false, a list": {"values": "false", "context": {"key": ["a"]}, "holds": true},
		"false, the boolean false": {"values": "false", "context": {"key": false}, "holds": true},
	}
	_satisfied("Null", tc.values, tc.context) == tc.holds
}

# COND-BOOL-1, COND-BOOL-2: what is not `true` counts as false.
test_bool[note] if {
	some note, tc in {
		"true": {"values": "true", "given": "true", "holds": true},
		"the boolean": {"values": true, "given": true, "holds": true},
		"another case": {"values": "True", "given": "TRUE", "holds": true},
		"false for true": {"values": "true", "given": "false", "holds": false},
		"false": {"values": "false", "given": false, "holds": true},
		"an odd value for false": {"values": "false", "given": "yes", "holds": true},
		"an odd value for true": {"values": "true", "given": "1", "holds": false},
		"the empty text for false": {"values": "false", "given": "", "holds": true},
		"an odd policy value": {"values": "yes", "given": "yes", "holds": false},
		"either": {"values": ["true", "false"], "given": "true", "holds": true},
	}
	_satisfied("Bool", tc.values, {"key": tc.given}) == tc.holds
}

# COND-BOOL-3
test_bool_takes_variables if {
	_satisfied("Bool", "${other}", {"key": true, "other": "TRUE"}) == true
	_satisfied("Bool", "${other}", {"key": true, "other": "false"}) == false
	_satisfied("Bool", "${other}", {"key": true}) == false
	_satisfied("Bool", "${other, 'true'}", {"key": true}) == true
}

# VAR-1, VAR-4, VAR-8
test_variables_in_values[note] if {
	some note, tc in {
		"resolved": {"operator": "StringEquals", "values": "x-${aws:username}", "given": "x-ana", "holds": true},
		"resolved, unequal": {"operator": "StringEquals", "values": "${aws:username}", "given": "bob", "holds": false},
		"with wildcards": {"operator": "StringLike", "values": "${aws:username}/*", "given": "ana/x", "holds": true},
		"negated": {"operator": "StringNotEquals", "values": "${aws:username}", "given": "ana", "holds": false},
		"resolved to false": {"operator": "StringEquals", "values": "${no}", "given": "x", "holds": false},
		"a value's asterisk is literal": {"operator": "StringLike", "values": "${star}", "given": "x", "holds": false},
		"a value's asterisk": {"operator": "StringLike", "values": "${star}", "given": "*", "holds": true},
		"an escaped asterisk": {"operator": "StringLike", "values": "a${*}", "given": "ab", "holds": false},
		"an escape in StringEquals": {"operator": "StringEquals", "values": "a${*}${$}", "given": "a*$", "holds": true},
		"beside a value that matches": {"operator": "StringLike", "values": ["${nope}", "a"], "given": "a", "holds": true},
	}
	_satisfied(tc.operator, tc.values, {"key": tc.given, "no": "false", "star": "*"}) == tc.holds
}

# VAR-7: an unresolvable variable matches nothing, not even the empty text.
test_unresolvable_variable[operator] if {
	some operator, holds in {
		"StringEquals": false,
		"StringLike": false,
		"StringNotEquals": true,
		"StringNotLike": true,
	}
	some given in ["a", ""]
	_satisfied(operator, "${nope}", {"key": given}) == holds
}

# GRAM-26
test_malformed_variable_matches_nothing[value] if {
	some value in ["${", "${}", "${a b}", "${k, x}"]
	_satisfied("StringEquals", value, {"key": value}) == false
	_satisfied("StringNotEquals", value, {"key": value}) == true
}

test_not_present_is_the_opposite_of_present if {
	condition.not_present("k") with input as {"context": {}}
	not condition.not_present("k") with input as {"context": {"K": false}}
}
