package iam.assumption_test

import data.iam.assumption
import data.iam.document

_request(context, known) := {
	"principal": "arn:aws:iam::111122223333:user/ana",
	"action": "s3:GetObject",
	"mode": "discovery",
	"context": context,
	"known": known,
}

_blue := {"k": "blue"}

# DISC-1 to DISC-4: whether an Allow's condition is assumed, and whether a Deny's is avoided.
test_conditions_under_assumptions[note] if {
	some note, tc in {
		"a key that nobody gave": {"context": {}, "known": {}, "assumed": true, "avoided": true},
		"a key that holds": {"context": {"k": "red"}, "known": {}, "assumed": false, "avoided": true},
		"a key that fails": {"context": _blue, "known": {}, "assumed": true, "avoided": false},
		"a known value that holds": {"context": {"k": "red"}, "known": {"k": "value"}, "assumed": false, "avoided": false},
		"a known value that fails": {"context": _blue, "known": {"K": "value"}, "assumed": false, "avoided": false},
		"a known presence": {"context": _blue, "known": {"k": "presence"}, "assumed": true, "avoided": true},
		"a known absence": {"context": {}, "known": {"k": "presence"}, "assumed": false, "avoided": false},
		"an absence with a value": {"context": {}, "known": {"k": "value"}, "assumed": false, "avoided": false},
		"an empty list": {"context": {"k": []}, "known": {"k": "presence"}, "assumed": false, "avoided": false},
		"nothing known of what is given": {"context": _blue, "known": {"k": "nothing"}, "assumed": true, "avoided": true},
		"two entries": {"context": _blue, "known": {"k": "nothing", "/K/": "value"}, "assumed": false, "avoided": false},
	}
	test := _test("StringEquals", "red")
	[assumption.is_assumed(test), assumption.is_avoidable(test)] == [tc.assumed, tc.avoided] with input as _request(tc.context, tc.known)
}

# DISC-2, DISC-3
test_what_holds_for_want_of_the_key[note] if {
	some note, tc in {
		"negated": {"operator": "StringNotEquals", "known": {}, "assumed": true},
		"IfExists": {"operator": "StringEqualsIfExists", "known": {}, "assumed": true},
		"a set operator": {"operator": "ForAllValues:StringEquals", "known": {}, "assumed": true},
		"known to be missing": {"operator": "StringNotEquals", "known": {"k": "presence"}, "assumed": false},
	}
	test := _test(tc.operator, "red")
	[assumption.may_hold(test), assumption.is_assumed(test)] == [true, tc.assumed] with input as _request({}, tc.known)
}

# DISC-2
test_null_needs_the_presence_alone[note] if {
	some note, tc in {
		"unknown": {"context": {}, "known": {}, "assumed": true},
		"given": {"context": _blue, "known": {}, "assumed": false},
		"known": {"context": _blue, "known": {"k": "presence"}, "assumed": false},
		"nothing known": {"context": _blue, "known": {"k": "nothing"}, "assumed": true},
	}
	assumption.is_assumed(_test("Null", "false")) == tc.assumed with input as _request(tc.context, tc.known)
}

# DISC-2
test_variables_are_unknown_with_their_keys[note] if {
	some note, tc in {
		"missing": {"context": {"k": "red"}, "known": {}, "avoided": true},
		"given": {"context": {"k": "red", "v": "red"}, "known": {}, "avoided": false},
		"of unknown value": {"context": {"k": "red", "v": "red"}, "known": {"v": "presence"}, "avoided": true},
		"known to be missing": {"context": {"k": "red"}, "known": {"v": "value"}, "avoided": false},
	}
	test := _test("StringEquals", "${V}")
	assumption.is_avoidable(test) == tc.avoided with input as _request(tc.context, object.union({"k": "value"}, tc.known))
}

# DISC-3, DISC-4: nothing is assumed that can't be.
test_constant_conditions_are_not_assumed[note] if {
	some note, tc in {
		"never": {"test": _test("StringEquals", []), "four": [false, false, false, false]},
		"never, of a set": {"test": _test("ForAnyValue:Null", "true"), "four": [false, false, false, false]},
		"always": {"test": _test("StringNotEquals", []), "four": [true, true, false, true]},
		"always, of a set": {"test": _test("ForAllValues:Null", "true"), "four": [true, true, false, true]},
		"either way": {"test": _test("StringEquals", "x"), "four": [true, true, true, true]},
	}
	[
		assumption.is_assumed(tc.test), assumption.may_hold(tc.test),
		assumption.is_avoidable(tc.test), assumption.may_hit(tc.test),
	] == tc.four with input as _request({}, {})
}

# DISC-4
test_known_failure_keeps_a_deny_away if {
	test := _test("StringEquals", "red")
	not assumption.may_hit(test) with input as _request(_blue, {})
	assumption.may_hit(test) with input as _request({"k": "red"}, {"k": "value"})
}

_one := "arn:aws:sts::111122223333:assumed-role/Build/one"

_two := "arn:aws:sts::111122223333:assumed-role/Build/two"

_naming(effect, element, names) := document.lowered(
	{"Statement": {"Effect": effect, element: {"AWS": names}, "Action": "*", "Resource": "*"}},
	"resource",
).statements[0]

# DISC-6
test_names_of_sessions[note] if {
	some note, tc in {
		"another": {"statement": _naming("Allow", "Principal", [_two]), "mode": "discovery", "names": {"two"}},
		"its own and another": {"statement": _naming("Allow", "Principal", [_one, _two]), "mode": "discovery", "names": {"two"}},
		"everyone": {"statement": _naming("Allow", "Principal", "*"), "mode": "discovery", "names": set()},
		"of a Deny": {"statement": _naming("Deny", "Principal", [_two]), "mode": "discovery", "names": set()},
		"of NotPrincipal": {"statement": _naming("Allow", "NotPrincipal", [_two]), "mode": "discovery", "names": set()},
		"in the ordinary mode": {"statement": _naming("Allow", "Principal", [_two]), "mode": "strict", "names": set()},
		"of no principal": {"statement": {"effect": "Allow"}, "mode": "discovery", "names": set()},
	}
	assumption.session_names(tc.statement) == tc.names with input as {"principal": _one, "mode": tc.mode}
}
