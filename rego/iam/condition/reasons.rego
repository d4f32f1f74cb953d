package iam.condition

import data.iam.context

# METADATA
# title: Why a condition doesn't hold
# description: |
#   What the policy wants, and what the request has (EXP-3); where values have variables, in `resolved` what those values
#   became, null for what can't be resolved (VAR-10). `reason` is one of
#
#   - `key_missing`, `key_present` (which Null asks not to be), `empty_list` (of which ForAnyValue finds none)
#   - `multivalued_key`: a list under an operator without a set operator
#   - `invalid_value`: the request's value, or one of the policy's, can't be read
#   - `unresolved_variable`: beside which a negated operator doesn't hold where the request's settings say so
#   - `null_with_set_operator`: ForAnyValue of Null, which never holds
#   - `value_matches` of negated operators, `no_value_matches` of all others
failure(condition) := _failure(condition) if {
	condition.templates == []
} else := object.union(
	_failure(condition),
	{"resolved": [_resolved(template) | some template in condition.templates]},
)

_failure(condition) := {
	"element": "Condition",
	"given": given,
	"key": condition.written.key,
	"operator": condition.written.operator,
	"reason": reason,
	"wanted": condition.written.values,
} if {
	[given, reason] := _given_for_reason(condition)
}

# Of the commonest conditions, on one text, no more is to be seen than the text, or that there is none.
_given_for_reason(condition) := [given, _by_match[condition.negated]] if {
	given := _quick_text(condition)
} else := [null, "key_missing"] if {
	is_boolean(condition.quick.absent)
	object.get(context.spelt, condition.key, null) == null
} else := [given, _reason(condition, given)] if {
	given := context.value(condition.key)
	given != null
} else := [null, "null_with_set_operator"] if {
	condition.compares == "presence"
	condition.set != ""
} else := [null, "key_missing"]

default _resolved(_) := null

_resolved(template) := context.resolved_text(template)

# Of a key that has a value.
_reason(condition, given) := _by_match[false] if {
	condition.compares == "text"
	condition.set == ""
	not condition.negated
	not condition.undecidable
	is_string(given)
} else := "null_with_set_operator" if {
	condition.compares == "presence"
	condition.set != ""
} else := "key_present" if {
	condition.compares == "presence"
} else := "multivalued_key" if {
	is_array(given)
	condition.set == ""
} else := "empty_list" if {
	condition.set != ""
	count(_values(condition.key)) == 0
} else := "invalid_value" if {
	_has_invalid_value(condition)
} else := "unresolved_variable" if {
	condition.negated
	_is_undecidable(condition)
} else := _by_match[condition.negated]

_by_match := {false: "no_value_matches", true: "value_matches"}

default _has_invalid_value(_) := false

_has_invalid_value(condition) if condition.undecidable

_has_invalid_value(condition) if {
	some text in context.texts(condition.key)
	_unreadable(condition, text)
	condition.compares != "boolean"
}

_has_invalid_value(condition) if {
	condition.compares == "arn"
	some template in condition.templates
	_resolves_to_short_arn(template)
}

# METADATA
# title: The request's values that a condition can't take at their word
# description: Each with a `code`, a `message`, and the `key` as the policy spells it (COND-ALL-5).
oddities(condition) := set() if {
	_quick_text(condition)
	condition.operator != "bool"
} else := set() if {
	is_boolean(condition.quick.absent)
	object.get(context.spelt, condition.key, null) == null
} else := _of_given(condition, given) | _of_variables(condition) if {
	given := context.value(condition.key)
} else := _of_variables(condition)

_of_given(condition, given) := {_oddity("MISSING_SET_OPERATOR", condition, message) |
	condition.compares != "presence"
	message := $"a list satisfies no {condition.written.operator}: it takes a set operator (COND-SET-2)"
} if {
	is_array(given)
	condition.set == ""
} else := set() if {
	condition.compares in ["caseless text", "presence", "text"]
} else := {_oddity(code, condition, $"'{text}' is {message}") |
	some text in context.texts(condition.key)
	[code, message] := _unreadable(condition, text)
}

_unreadable(condition, text) := ["NOT_A_BOOLEAN", "neither true nor false and counts as false (COND-BOOL-1)"] if {
	condition.compares == "boolean"
	not lower(text) in ["false", "true"]
}

_unreadable(condition, text) := [code, $"{what}, and satisfies no {condition.written.operator} ({rule})"] if {
	[code, what, rule] := _unread[condition.compares]
	not read(condition.compares, text)
}

_of_variables(condition) := {_oddity("NOT_AN_ARN", condition, message) |
	condition.compares == "arn"
	some template in condition.templates
	_resolves_to_short_arn(template)
	message := $"'{context.resolved_text(template)}', which the policy's variables make, is no ARN of six segments (COND-ARN-2)"
}

_oddity(code, condition, message) := {"code": code, "key": condition.written.key, "message": message}

_unread := {
	"address": ["NOT_AN_ADDRESS", "no IP address", "COND-IP-4"],
	"arn": ["NOT_AN_ARN", "no ARN of six segments", "COND-ARN-2"],
	"date": ["NOT_A_DATE", "no date", "COND-DATE-4"],
	"number": ["NOT_A_NUMBER", "no number", "COND-NUM-2"],
}
