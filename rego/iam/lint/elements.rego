package iam.lint

import data.iam.condition
import data.iam.document
import data.iam.pointer

# METADATA
# title: The statements that can be read, in parts
# description: |
#   What is no object, or has an element of a type that it can't have, is left out here and told by `document.problems`.
#   `effect` is empty where there is none. `action` and `resource` have the `values` of the element `name`, their place by
#   `value_path`, all of them as one `text` with a line each, and whether the element is `negated`; without an element there
#   are no values and `name` is empty. `tests` are the tests of the Condition block.
statements := [statement |
	some placed in document.placed_statements(input.document)
	is_object(placed.value)
	statement := {
		"action": _part(placed, "Action", "NotAction"),
		"effect": _effect(placed.value),
		"path": placed.path,
		"resource": _part(placed, "Resource", "NotResource"),
		"tests": [test |
			some operator, keys in placed.value.Condition
			some test in _tests_of(operator, keys, placed.path)
		],
		"value": placed.value,
	}
]

# METADATA
# title: The tests of all statements
# description: Pairs of a statement and a test.
tests := [[statement, test] | some statement in statements; some test in statement.tests]

# METADATA
# title: Where the value at a place of an element, or of a test, stands
# description: A value that is not in a list has no index (LINT-1).
value_path(element, i) := $"{element.path}/{i}" if element.listed

value_path(element, _) := element.path if not element.listed

_part(placed, name, other) := part if {
	part := _part_of(name, false, placed.value[name], placed.path)
} else := part if {
	part := _part_of(other, true, placed.value[other], placed.path)
} else := {"listed": false, "name": "", "negated": false, "path": placed.path, "text": "", "values": []}

_part_of(name, negated, value, place) := {
	"listed": is_array(value),
	"name": name,
	"negated": negated,
	"path": $"{place}/{name}",
	"text": concat("\n", values),
	"values": values,
} if {
	values := document.as_list(value)
}

default _effect(_) := ""

_effect(statement) := statement.Effect if is_string(statement.Effect)

# Each test: the `operator` as it is written and its path `at`, what it means (`document.operator_parts`,
# `condition.operators`), the `key` in lower case, as it is `written` and its `path`, and the `values`, as texts.
_tests_of(operator, keys, path) := [test |
	is_object(keys)
	parts := document.operator_parts(operator)
	meaning := condition.operators[parts.base]
	at := pointer.step($"{path}/Condition", operator)
	some key, value in keys
	test := {
		"at": at,
		"base": parts.base,
		"compares": meaning.compares,
		"if_exists": parts.if_exists,
		"key": lower(key),
		"listed": is_array(value),
		"negated": meaning.negated,
		"operator": operator,
		"path": pointer.step(at, key),
		"relation": meaning.relation,
		"set": parts.set,
		"values": _texts(document.as_list(value)),
		"written": key,
	}
]

_texts(values) := values if {
	concat("", values)
} else := [document.condition_text(value) | some value in values] if {
	every value in values {
		type_name(value) in ["boolean", "number", "string"]
	}
} else := []

# METADATA
# title: The principals that the statements name, one by one
# description: |
#   Each with its `statement` and the `index` of that in `statements`, the `element`, the `kind`, the `path` and the `value`.
#   `"*"` as text has the kind that it is short for, AWS (PRIN-3).
principals := [principal |
	_names_principals
	some i, statement in statements
	some element in ["NotPrincipal", "Principal"]
	some [kind, placed] in _principals_of(statement.value[element], $"{statement.path}/{element}")
	principal := {
		"element": element,
		"index": i,
		"kind": kind,
		"path": placed.path,
		"statement": statement,
		"value": placed.value,
	}
]

default _names_principals := false

_names_principals if input.policy_type in ["resource", "role_trust", "vpc_endpoint"]

_principals_of(value, path) := [["AWS", {"path": path, "value": value}]] if is_string(value)

_principals_of(value, path) := [[kind, placed] |
	some kind, entries in value
	some placed in document.placed_entries(entries, pointer.step(path, kind))
	is_string(placed.value)
] if {
	is_object(value)
}

# METADATA
# title: The action part of each statement as it is compiled
# description: By the statement's place in `statements`; made only of those that a check asks for.
action_parts[i] := document.action_part(action.values, action.negated) if action := statements[i].action

# METADATA
# title: Whether a statement is about an action, in lower case
# description: Of the statement at a place in `statements` (ACT-9, ACT-10).
# scope: document
default is_about(_, _) := false

is_about(i, action) if {
	part := action_parts[i]
	_covers_action(part, action) != part.negated
}

default _covers_action(_, _) := false

_covers_action(part, _) if part.every

_covers_action(part, action) if part.exact[action]

_covers_action(part, action) if regex.match(part.pattern, action)
