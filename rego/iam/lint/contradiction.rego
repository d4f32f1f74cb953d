package iam.lint

import data.iam.condition
import data.iam.document
import data.iam.instant
import data.iam.pattern

# COND-ALL-1, COND-MISS-1, ACT-7, RES-14
advice contains finding if {
	some s, statement in statements
	causes := _contradictions(s)
	count(causes) > 0
	message := $"no request can match: {concat("; ", sort(causes))} (COND-ALL-1)"
	finding := _finding("OPA_IAM_NEVER_MATCHES", _void_severity(statement), statement.path, message)
}

# Why nothing matches a statement, as far as its text tells. Pairs of tests are looked at only where a key has several.
_contradictions(s) := union({
	_void_elements(statements[s]),
	{cause | _is_past(statements[s]); cause := "its date is past"},
	{$"the tests of '{key}' exclude each other" |
		some key, tests in _tests_by_key(statements[s])
		_exclude(tests)
	},
})

_tests_by_key(statement) := {key: tests |
	count({test.key | some test in statement.tests}) < count(statement.tests)
	some key in {test.key | some test in statement.tests}
	tests := [test | some test in statement.tests; test.key == key]
	count(tests) > 1
}

# That an Allow is void the faults of its entries tell; a Deny without effect endangers.
_void_elements(statement) := {$"no {part.name} is spelt as one" |
	statement.effect == "Deny"
	some name in ["action", "resource"]
	part := statement[name]
	not part.negated
	count(part.values) > 0
	count([value | some value in part.values; _is_spelt(name, value)]) == 0
}

default _is_spelt(_, _) := false

_is_spelt("action", value) if document.is_action(value)

_is_spelt("resource", value) if startswith(value, "arn:")

_is_spelt("resource", value) if pattern.is_everything(value)

default _exclude(_) := false

# Null asks for the key's absence and something for its presence.
_exclude(tests) if {
	some test in tests
	_has_null(tests, test.key, "true")
	_asks_for_key(test)
}

# None of the values that one test takes is taken by another.
_exclude(tests) if {
	some test in tests
	_is_plain(test)
	test.base == "stringequals"
	some other in tests
	_is_plain(other)
	other.compares in ["caseless text", "text"]
	other != test
	count([text | some text in test.values; _takes(other, text)]) == 0
	count(test.values) > 0
}

# A lower bound above the upper one.
_exclude(tests) if {
	some test in tests
	lower_bound := _bound(test, {"equal", "greater", "greater or equal"})
	some other in tests
	upper_bound := _bound(other, {"equal", "less", "less or equal"})
	test.compares == other.compares
	_is_empty(lower_bound, upper_bound, {test.relation, other.relation})
}

default _is_empty(_, _, _) := false

_is_empty(low, high, _) if low > high

_is_empty(low, high, relations) if {
	low == high
	count(relations & {"greater", "less"}) > 0
}

# What a test lets pass at its widest, for one value suffices.
_bound(test, relations) := bound if {
	_is_plain(test)
	not test.negated
	test.compares in ["date", "number"]
	relations[test.relation]
	wanted := [condition.wanted(test.compares, text) | some text in test.values]
	count(wanted) == count(test.values)
	bound := _widest(test.relation, wanted)
	_is_single(test)
}

_widest(relation, wanted) := max(wanted) if relation in ["less", "less or equal"]

_widest(relation, wanted) := min(wanted) if not relation in ["less", "less or equal"]

# Several values of an equality are no bound.
default _is_single(_) := false

_is_single(test) if test.relation != "equal"

_is_single(test) if count(test.values) == 1

# A test of the key's one value that can't hold without the key, and whose values stand as they are.
default _is_plain(_) := false

_is_plain(test) if {
	[test.set, test.if_exists] == ["", false]
	not document.has_variable(concat("", test.values))
}

default _asks_for_key(_) := false

_asks_for_key(test) if {
	test.base != "null"
	not _holds_when_missing(test)
}

_asks_for_key(test) if _has_null([test], test.key, "false")

default _takes(_, _) := false

_takes(test, text) if _has_text(test, text) != test.negated

default _has_text(_, _) := false

_has_text(test, text) if lower(text) in {lower(value) | test.compares == "caseless text"; some value in test.values}

_has_text(test, text) if {
	test.base in ["stringequals", "stringnotequals"]
	text in test.values
}

_has_text(test, text) if {
	test.relation == "like"
	regex.match(pattern.anchored([pattern.body(value) | some value in test.values]), text)
}

default _is_past(_) := false

_is_past(statement) if {
	statement.effect == "Allow"
	some test in statement.tests
	test.key in ["aws:currenttime", "aws:epochtime"]
	test.compares == "date"
	bound := _bound(test, {"less", "less or equal"})
	bound < instant.of(substring(json.marshal(time.now_ns()), 0, 10))
}
