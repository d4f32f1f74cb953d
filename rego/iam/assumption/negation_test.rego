package iam.assumption_test

import data.iam.assumption
import data.iam.condition
import data.iam.document

# One condition, as a compiled statement has it.
_test(operator, values) := document._condition(operator, "k", values, true)

_leaf(operator, values) := {"key": "k", "operator": operator, "values": values}

_absent := _leaf("Null", ["true"])

_present := _leaf("Null", ["false"])

# DISC-8, DISC-9
test_negation_of_a_condition[note] if {
	some note, tc in {
		"positive": {"operator": "StringLike", "values": ["a*", "b"], "negation": _leaf("StringNotLike", ["a*", "b"])},
		"negated": {"operator": "stringNotEquals", "values": "a", "negation": _leaf("StringEquals", ["a"])},
		"ordered": {
			"operator": "NumericLessThan",
			"values": "5",
			"negation": {"any": [_absent, _leaf("NumericGreaterThanEquals", ["5"])]},
		},
		"ordered, several values": {
			"operator": "NumericLessThanEquals",
			"values": [5, 20, "x", 10],
			"negation": {"any": [_absent, _leaf("NumericGreaterThan", ["20"])]},
		},
		"dates": {
			"operator": "DateGreaterThan",
			"values": ["2026-02-01", "2026-01-01"],
			"negation": {"any": [_leaf("DateLessThanEquals", ["2026-01-01"]), _absent]},
		},
		"Bool": {"operator": "Bool", "values": true, "negation": {"any": [_leaf("Bool", ["false"]), _absent]}},
		"Bool of both": {"operator": "Bool", "values": [true, false], "negation": _absent},
		"Bool of a variable": {
			"operator": "Bool",
			"values": "${b}",
			"negation": _leaf("StringNotEqualsIgnoreCase", ["${b}"]),
		},
		"binary": {"operator": "BinaryEquals", "values": "YQ==", "negation": _leaf("StringNotEquals", ["YQ=="])},
		"Null": {"operator": "Null", "values": true, "negation": _present},
		"Null of false": {"operator": "Null", "values": "false", "negation": _absent},
		"Null of both": {"operator": "Null", "values": [true, false], "negation": false},
		"Null of neither": {"operator": "Null", "values": "x", "negation": true},
		"ForAllValues of Null": {"operator": "ForAllValues:Null", "values": true, "negation": false},
		"ForAnyValue of Null": {"operator": "ForAnyValue:Null", "values": true, "negation": true},
		"ForAllValues": {
			"operator": "ForAllValues:StringEquals",
			"values": ["a", "b"],
			"negation": {"all": [_leaf("ForAnyValue:StringNotEquals", ["a", "b"]), _present]},
		},
		"ForAnyValue": {
			"operator": "ForAnyValue:StringNotLike",
			"values": "a*",
			"negation": {"any": [_leaf("ForAllValues:StringLike", ["a*"]), _absent]},
		},
		"IfExists": {
			"operator": "StringEqualsIfExists",
			"values": "a",
			"negation": {"all": [_present, _leaf("StringNotEquals", ["a"])]},
		},
		"IfExists of negated": {
			"operator": "StringNotEqualsIfExists",
			"values": "a",
			"negation": _leaf("StringEquals", ["a"]),
		},
		"no values": {"operator": "StringEquals", "values": [], "negation": true},
		"no values, IfExists": {"operator": "StringLikeIfExists", "values": [], "negation": _present},
		"no values, negated": {"operator": "StringNotEquals", "values": [], "negation": false},
		"no values, any negated": {"operator": "ForAnyValue:StringNotEquals", "values": [], "negation": _absent},
		"unreadable": {"operator": "NumericEquals", "values": "x", "negation": true},
		"unreadable, negated": {"operator": "NumericNotEquals", "values": "x", "negation": _present},
	}
	assumption.negation(_test(tc.operator, tc.values)) == tc.negation
}

_sound_values := {
	"arn": ["arn:aws:s3:::b", "arn:aws:s3:::c*"],
	"text": ["a", "b*"],
	"caseless text": ["a", "B"],
	"number": [5, 10],
	"date": ["2026-01-01", "2026-02-01"],
	"address": ["203.0.113.0/24", "2001:db8::/32"],
	"boolean": [true],
	"binary": ["YQ==", "Yg=="],
}

_given_texts := {
	"arn": ["arn:aws:s3:::b", "arn:aws:s3:::cd", "arn:aws:s3:::d"],
	"text": ["a", "bc", "c"],
	"caseless text": ["A", "b", "c"],
	"number": ["5", "7", "10", "11"],
	"date": ["2026-01-01", "2026-01-15", "2026-02-01", "2026-03-01"],
	"address": ["203.0.113.9", "198.51.100.9", "2001:db8::1"],
	"boolean": ["true", "false"],
	"binary": ["YQ==", "Yg==", "Yw=="],
}

# A key for each value that a request may have, lists for set operators. ForAnyValue with IfExists takes an empty list for
# one without matches, Null takes it for a missing key (COND-NULL-2).
_keys(compares) := object.union(
	{$"text {i}": text | some i, text in _given_texts[compares]},
	{
		"list of one": array.slice(_given_texts[compares], 0, 1),
		"list of two": array.slice(_given_texts[compares], 1, 3),
		"list of all": _given_texts[compares],
	},
)

_is_for(key, set) if startswith(key, {"": "text", "foranyvalue": "list", "forallvalues": "list"}[set])

_is_for("missing", _)

# An expression as alternatives, each a list of conditions that must hold together.
_alternatives(expression) := [[test | some leaf in expression.all; test := _test(leaf.operator, leaf.values)]] if {
	expression.all
} else := [[test] | some leaf in expression.any; test := _test(leaf.operator, leaf.values)] if {
	expression.any
} else := [[_test(expression.operator, expression.values)]]

default _holds(_, _) := false

_holds(alternatives, key) if {
	some tests in alternatives
	every test in tests {
		condition.satisfied(object.union(test, {"key": key}))
	}
}

# Of each comparison one of a pair, for the other is its negation.
_names := [
	"ArnLike", "BinaryEquals", "Bool", "DateGreaterThan", "IpAddress", "NumericLessThan", "StringEqualsIgnoreCase",
	"StringNotEquals",
]

# The values with which a condition and its negation both hold, or neither does.
_undecided(form, name) := [key |
	compares := condition.operators[lower(name)].compares
	test := _test(replace(form, "%", name), _sound_values[compares])
	alternatives := _alternatives(assumption.negation(test))
	some key in (object.keys(_keys(compares)) | {"missing"})
	_is_for(key, test.set)
	_holds([[test]], key) == _holds(alternatives, key)
]

# DISC-8
test_negation_is_the_opposite[note] if {
	some form in ["%", "%IfExists"]
	some name in _names
	note := replace(form, "%", name)
	undecided := _undecided(form, name) with data.iam.context.spelt as _keys(condition.operators[lower(name)].compares)
	undecided == []
}

# DISC-8
test_negation_of_a_set_is_the_opposite[note] if {
	some form in ["ForAllValues:%", "ForAnyValue:%", "ForAnyValue:%IfExists"]
	some name in _names
	note := replace(form, "%", name)
	undecided := _undecided(form, name) with data.iam.context.spelt as _keys(condition.operators[lower(name)].compares)
	undecided == []
}
