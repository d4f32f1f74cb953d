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
	}
	_satisfied(operator, "true", {}) == holds
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
