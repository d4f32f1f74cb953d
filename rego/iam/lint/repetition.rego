package iam.lint

import data.iam.pattern

# OPEN-25
advice contains finding if {
	ordered := sort([[_essence(statement.value), s] | some s, statement in statements])
	some i, [essence, s] in ordered
	ordered[i - 1][0] == essence
	paths := [statements[ordered[i - 1][1]].path, statements[s].path]
	message := "two statements are alike but for their Sids and their order (OPEN-25)"
	finding := _located(_finding("REDUNDANT_STATEMENT", "SUGGESTION", paths[0], message), paths)
}

# What a statement says: the order of lists says nothing.
_essence(statement) := {name: _unordered(value) | some name, value in statement; name != "Sid"}

_unordered(value) := {entry | some entry in value} if is_array(value)

_unordered(value) := {name: _unordered_entries(entries) | some name, entries in value} if is_object(value)

_unordered(value) := {value} if not type_name(value) in ["array", "object"]

_unordered_entries(value) := {name: _unordered_values(entries) | some name, entries in value} if is_object(value)

_unordered_entries(value) := _unordered_values(value) if not is_object(value)

_unordered_values(value) := {entry | some entry in value} if is_array(value)

_unordered_values(value) := {value} if not is_array(value)

# COND-ALL-1: one of several bounds suffices.
advice contains finding if {
	some statement in statements
	some test in statement.tests
	test.compares == "number"
	test.relation in ["greater", "greater or equal", "less", "less or equal"]
	count(test.values) > 1
	message := $"of several values for {test.operator} only the widest counts (COND-ALL-1)"
	paths := [value_path(test, i) | some i, _ in test.values]
	finding := _located(_finding("REDUNDANT_CONDITION_VALUE_NUM", "SUGGESTION", paths[0], message), paths)
}

# PRIN-8, PRIN-9
advice contains finding if {
	input.policy_type == "role_trust"
	some role in principals
	role.kind == "AWS"
	[[_, account, name]] := regex.find_all_string_submatch_n(
		`^arn:[^:]*:iam::([0-9]{12}):role/(?:.*/)?([^/]+)$`,
		role.value, 1,
	)
	some session in principals
	[session.element, session.statement.path] == [role.element, role.statement.path]
	[[_, account, name]] = regex.find_all_string_submatch_n(
		`^arn:[^:]*:sts::([0-9]{12}):assumed-role/([^/]+)/`,
		session.value, 1,
	)
	message := $"'{session.value}' is a session of '{role.value}', which is named as well (PRIN-8, PRIN-9)"
	found := _finding("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", "SUGGESTION", session.path, message)
	finding := _located(found, [session.path, role.path])
}

# COND-MISS-1: always so.
advice contains finding if {
	some statement in statements
	some test in statement.tests
	_has_bare_wildcard(test)
	not test.negated
	_holds_when_missing(test)
	message := $"any value will do, and none as well: the test of '{test.written}' always holds (COND-MISS-1)"
	finding := _at_key("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", "SUGGESTION", test.path, message)
}

# COND-MISS-1: never so.
advice contains finding if {
	some statement in statements
	some test in statement.tests
	_has_bare_wildcard(test)
	test.negated
	_demands_key(statement, test)
	severity := object.get({"Deny": "SECURITY_WARNING"}, statement.effect, "WARNING")
	message := $"no value will do, yet '{test.written}' must be there: the statement never applies (COND-MISS-1)"
	finding := _at_key("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", severity, test.path, message)
}

default _has_bare_wildcard(_) := false

_has_bare_wildcard(test) if {
	test.base in ["stringlike", "stringnotlike"]
	some text in test.values
	pattern.is_everything(text)
}

# The key must be there for a test that by itself may hold without.
default _demands_key(_, _) := false

_demands_key(_, test) if not _holds_when_missing(test)

_demands_key(statement, test) if _has_null(statement.tests, test.key, "false")
