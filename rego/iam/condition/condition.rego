# METADATA
# title: Conditions
# description: |
#   Whether one test of a Condition block holds: an operator, a key, and the values of which one must match, or none where
#   the operator is negated (COND-ALL-1).
package iam.condition

import data.iam.context

# METADATA
# title: Whether a compiled condition holds
# scope: document
default satisfied(_) := false

satisfied(condition) if {
	not _is_given(condition)
	_holds_without_key(condition)
}

satisfied(condition) if {
	_is_given(condition)
	condition.operator != "null"
	given := context.text(condition.key)
	_matches(condition, given) != condition.negated
}

# `true` asks for the key's absence, `false` for its presence (COND-NULL-1).
satisfied(condition) if {
	condition.operator == "null"
	some value in condition.values
	lower(value) == json.marshal(not_present(condition.key))
}

# METADATA
# title: Why a condition doesn't hold
# description: What the policy wants, and what the request has (EXP-3).
failure(condition) := {
	"element": "Condition",
	"given": object.get(context.keys, condition.key, null),
	"key": condition.written.key,
	"operator": condition.written.operator,
	"wanted": condition.written.values,
}

# METADATA
# title: Whether the request lacks a key
# scope: document
default not_present(_) := false

not_present(key) if not context.is_present(key)

# The table E.2: a missing key satisfies negated operators and IfExists, nothing else (COND-MISS-1).
default _holds_without_key(_) := false

_holds_without_key(condition) if condition.negated

_holds_without_key(condition) if condition.if_exists

default _is_given(_) := false

_is_given(condition) if object.get(context.keys, condition.key, null) != null

default _matches(_, _) := false

_matches(condition, given) if {
	condition.operator == "bool"
	some value in condition.values
	lower(value) == json.marshal(_is_true(given))
}

_matches(condition, given) if {
	condition.operator == "bool"
	some template in condition.templates
	regex.match($"(?i){context.resolved(template)}", json.marshal(_is_true(given)))
}

_matches(condition, given) if {
	_compares_text[condition.operator]
	given in condition.values
}

_matches(condition, given) if {
	operators[condition.operator].wildcards
	regex.match(condition.pattern, given)
}

_matches(condition, given) if {
	_compares_text[condition.operator]
	some template in condition.templates
	regex.match(context.resolved(template), given)
}

_compares_text := {"stringequals": true, "stringlike": true, "stringnotequals": true, "stringnotlike": true}

# Any request value but `true` counts as false, which keeps a Deny on false closed (COND-BOOL-1).
default _is_true(_) := false

_is_true(given) if lower(given) == "true"
