# METADATA
# title: Conditions
# description: |
#   Whether one test of a Condition block holds: an operator, a key, and the values of which one must match, or none where
#   the operator is negated (COND-ALL-1).
package iam.condition

import data.iam.context
import data.iam.request

# METADATA
# title: Whether a condition holds
# description: |
#   The commonest conditions, of one text or boolean, have been made `quick` ones by the compiler: an expression for the texts that are
#   wanted, and what holds where the key is absent.
# scope: document
satisfied(condition) := regex.match(condition.quick.wanted, given) != condition.negated if {
	given := input.context[condition.written[0]]
	is_string(given)
} else := regex.match(condition.quick.wanted, text) != condition.negated if {
	given := input.context[condition.written[0]]
	is_boolean(given)
	text := $"{given}"
} else := regex.match(condition.quick.wanted, given) != condition.negated if {
	given := _quick_text(condition)
} else := absent if {
	absent := condition.quick.absent
	object.get(context.spelt, condition.key, null) == null
} else := _is_satisfied(condition) if {
	condition.compares
} else := _is_satisfied(_weighable(condition))

# METADATA
# title: What most conditions have; it is not stored
usual := {"if_exists": false, "pattern": `[^\x00-\x{10FFFF}]`, "set": "", "templates": [], "undecidable": false}

_weighable(condition) := object.union_n([usual, operators[condition.operator], {"values": condition.written[2]}, condition])

# METADATA
# title: A stored condition with all that it had when it was lowered
whole(condition) := object.union(
	object.remove(_weighable(condition), ["variables"]),
	{"written": {"key": condition.written[0], "operator": condition.written[1], "values": condition.written[2]}},
)

# The request's text for a quick condition.
_quick_text(condition) := given if {
	condition.quick
	given := context.spelt[condition.key]
	is_string(given)
}

_is_satisfied(condition) := _is_satisfied_once(condition) if {
	condition.set == ""
} else := _is_satisfied_by_set(condition)

default _is_satisfied_once(_) := false

# `true` asks for the key's absence, `false` for its presence (COND-NULL-1). A key given as a list has no text, and satisfies no
# operator without a set operator (COND-SET-2).
_is_satisfied_once(condition) := json.marshal(not_present(condition.key)) in condition.values if {
	condition.compares == "presence"
} else := _holds(condition, given) if {
	given := context.text(condition.key)
} else if {
	_holds_without_key(condition)
	not _is_given(condition.key)
}

default _is_satisfied_by_set(_) := false

_is_satisfied_by_set(condition) if {
	condition.set == "forallvalues"
	every value in _values(condition.key) {
		_holds(condition, value)
	}
}

# With a set operator Null is constant: ForAllValues true, ForAnyValue false (COND-NULL-4).
_is_satisfied_by_set(condition) if {
	condition.set == "forallvalues"
	condition.compares == "presence"
}

_is_satisfied_by_set(condition) if {
	condition.set == "foranyvalue"
	some value in _values(condition.key)
	_holds(condition, value)
}

# The set operator goes before the negation, IfExists before both (COND-MISS-2, OPEN-7).
_is_satisfied_by_set(condition) if {
	condition.set == "foranyvalue"
	condition.if_exists
	not _is_given(condition.key)
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

_is_given(key) if context.value(key) != null

# What a set operator looks at: a single value counts as a list of it (COND-SET-3), and the empty text alone as none
# (COND-SET-7, OPEN-8).
default _values(_) := set()

_values(key) := texts if {
	texts := context.texts(key)
	texts != {""}
}

# Whether the operator without its prefix holds for one of the request's values (E.4).
default _holds(_, _) := false

_holds(condition, given) := _matches(condition, read(condition.compares, given)) if {
	not condition.negated
} else if {
	condition.negated
	value := read(condition.compares, given)
	not _matches(condition, value)
	not _is_undecidable(condition)
}

default _matches(_, _) := false

_matches(condition, value) if {
	value in condition.values
	not condition.relation in ["greater", "less"]
}

_matches(condition, value) if {
	condition.relation == "like"
	regex.match(condition.pattern, value)
}

_matches(condition, value) if {
	condition.relation in ["greater", "greater or equal", "less", "less or equal", "within"]
	some other in condition.values
	_stands(condition.relation, value, other)
}

_matches(condition, value) if {
	some template in condition.templates
	_matches_template(condition.compares, template, value)
}

default _stands(_, _, _) := false

_stands(relation, value, other) if {
	relation in ["less", "less or equal"]
	value < other
}

_stands(relation, value, other) if {
	relation in ["greater", "greater or equal"]
	value > other
}

_stands(relation, value, other) if {
	relation == "within"
	startswith(value, other)
}

default _matches_template(_, _, _) := false

_matches_template(compares, template, value) if {
	compares == "text"
	regex.match(context.resolved(template), value)
}

# What is put in loses its case as well (E.5).
_matches_template(compares, template, value) if {
	compares in ["boolean", "caseless text"]
	regex.match(lower(context.resolved(template)), value)
}

_matches_template(compares, template, value) if {
	compares == "arn"
	_matches_arn_template(template, value)
}

# A negated operator never holds beside a value that can't be read (OPEN-9, COND-ARN-2), nor, where the request says so,
# beside a variable that can't be resolved (VAR-7, OPEN-14).
default _is_undecidable(_) := false

_is_undecidable(condition) if condition.undecidable

_is_undecidable(condition) if {
	condition.compares == "arn"
	some template in condition.templates
	_resolves_to_short_arn(template)
}

_is_undecidable(condition) if {
	some template in condition.templates
	request.settings.unresolved_negated_is_false
	not context.resolved(template)
}
