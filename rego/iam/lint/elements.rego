package iam.lint

import data.iam.condition
import data.iam.document
import data.iam.pointer

# METADATA
# title: The statements that can be read, in parts
# description: |
#   What is no object, or has an element of a type that it can't have, is left out here and told by `document.problems`.
#   `effect` is empty where there is none. `action` and `resource` are the `entries` of the element `name`, each with its
#   `path` and `value`, and whether it is `negated`; without an element there are no entries and `name` is empty. `tests` are
#   the tests of the Condition block.
statements := [statement |
	some placed in document.placed_statements(input.document)
	is_object(placed.value)
	statement := {
		"action": _part(placed, ["Action", "NotAction"]),
		"effect": _text_or_empty(object.get(placed.value, "Effect", "")),
		"path": placed.path,
		"resource": _part(placed, ["Resource", "NotResource"]),
		"tests": _tests(object.get(placed.value, "Condition", {}), placed.path),
		"value": placed.value,
	}
]

_part(placed, names) := {
	"entries": _texts(placed.value[name], $"{placed.path}/{name}"),
	"name": name,
	"negated": startswith(name, "Not"),
} if {
	some name in array.slice([name | some name in names; name in object.keys(placed.value)], 0, 1)
} else := {"entries": [], "name": "", "negated": false}

_text_or_empty(value) := value if is_string(value)

_text_or_empty(value) := "" if not is_string(value)

# The texts among a value's entries, with their places.
_texts(value, path) := [placed | some placed in document.placed_entries(value, path); is_string(placed.value)]

# Each test: the `operator` as it is written and its `place`, what it means (`document.operator_parts`,
# `condition.operators`), the `key` in lower case, as it is `written` and its `path`, and the `values`, as texts.
_tests(block, path) := [test |
	is_object(block)
	some operator, keys in block
	is_object(keys)
	parts := document.operator_parts(operator)
	meaning := condition.operators[parts.base]
	place := pointer.step($"{path}/Condition", operator)
	some key, value in keys
	key_path := pointer.step(place, key)
	test := {
		"base": parts.base,
		"compares": meaning.compares,
		"if_exists": parts.if_exists,
		"key": lower(key),
		"negated": meaning.negated,
		"operator": operator,
		"path": key_path,
		"place": place,
		"relation": meaning.relation,
		"set": parts.set,
		"values": _values(value, key_path),
		"written": key,
	}
]

_values(value, path) := [{"path": placed.path, "text": document.condition_text(placed.value)} |
	some placed in document.placed_entries(value, path)
	type_name(placed.value) in ["boolean", "number", "string"]
]

# METADATA
# title: The principals that the statements name, one by one
# description: |
#   Each with its `statement`, the `element`, the `kind`, the `path` and the `value`. `"*"` as text has the kind of its short
#   form, AWS (PRIN-3).
principals := [principal |
	some statement in statements
	some element in ["NotPrincipal", "Principal"]
	some [kind, placed] in _principals_of(statement.value[element], $"{statement.path}/{element}")
	principal := {
		"element": element,
		"kind": kind,
		"path": placed.path,
		"statement": statement,
		"value": placed.value,
	}
]

_principals_of(value, path) := [["AWS", {"path": path, "value": value}]] if is_string(value)

_principals_of(value, path) := [[kind, placed] |
	some kind, entries in value
	some placed in _texts(entries, pointer.step(path, kind))
] if {
	is_object(value)
}

# METADATA
# title: The action part of each statement as it is compiled
# description: By the statement's place in `statements`; made only of those that a check asks for.
action_parts[i] := document.action_part(statements[i].value)

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
