package iam.document

import data.iam.pattern

# METADATA
# title: Lowered statements in the form that is stored
# description: |
#   `statements` by their number, which sorts as a text, without their action part; and `actions`, which finds them: by effect
#   and the service of the action, the numbers of the statements that name it exactly (`exact`), by a pattern of its name
#   (`patterns`), or with the whole service (`every`). Under `*` stand those of every service: with the action `*`
#   (`every`), and with a NotAction, which tells the `others`.
indexed(statements) := {
	"actions": {effect: nodes |
		some effect in ["Allow", "Deny"]
		nodes := object.union(
			_of_services([statement | some statement in statements; statement.effect == effect]),
			_of_every_service([statement | some statement in statements; statement.effect == effect]),
		)
		count(nodes) > 0
	},
	"statements": {_number(statement): _without_action(statement) | some statement in statements},
}

# METADATA
# title: What the compiler asks, the stored form of each document of its input
# description: |
#   The input is no request but `{"documents": [{"document": …, "policy_type": …}, …]}`.
# scope: document
# entrypoint: true
lowered_documents := [object.union({"problems": result.problems}, indexed(result.statements)) |
	some item in input.documents
	result := lowered(item.document, item.policy_type)
]

_number(statement) := substring($"00000{statement.index}", count($"{statement.index}") - 1, 6)

# Whoever asks about whatever resource: once its action is found, an `always` statement needs no second look, and no more
# of it is stored. `iam.action` gives it back what all of them have.
_without_action(statement) := object.union(object.filter(statement, ["effect", "index", "sid"]), {"always": true}) if {
	_is_always(statement)
}

_without_action(statement) := object.remove(statement, ["action"]) if not _is_always(statement)

default _is_always(_) := false

_is_always(statement) if {
	statement.resource.every
	not statement.resource.negated
	statement.resource.templates == []
	statement.conditions == []
	not statement.principal
}

# One pass over the entries for each kind, and one over what came together: a policy may name thousands of actions.
_of_services(statements) := {service: _node(found) | some service, found in object.union_n(_places(statements))}

_places(statements) := array.concat(
	[{service: {"every": {entry[1]: true}}} |
		some entry in entries
		regex.match(`:[*]+$`, entry[0])
		service := split(entry[0], ":")[0]
	],
	array.concat(
		[{service: {"exact": {name: {entry[1]: true}}}} |
			some entry in entries
			regex.match(`^[^*?]+$`, entry[0])
			[service, name] := split(entry[0], ":")
		],
		[{service: {"patterns": {entry[1]: {pattern.name(name): true}}}} |
			some entry in entries
			regex.match(`[*?]`, entry[0])
			regex.match(`:[*]+$`, entry[0]) == false
			[service, name] := split(entry[0], ":")
		],
	),
) if {
	entries := [[lower(entry), number] |
		some statement in statements
		not statement.action.negated
		not statement.action.every
		number := _number(statement)
		some entry in statement.action.written
		regex.match(action_text, entry)
	]
}

_node(found) := object.union_n([
	{kind: {name: sort(object.keys(numbers)) | some name, numbers in names} | some kind, names in object.filter(found, ["exact"])},
	{kind: sort(object.keys(numbers)) | some kind, numbers in object.filter(found, ["every"])},
	{kind: {number: pattern.anchored(sort(object.keys(bodies))) | some number, bodies in numbers} |
		some kind, numbers in object.filter(found, ["patterns"])
	},
])

_of_every_service(statements) := {"*": node |
	whole := sort([_number(statement) | some statement in statements; statement.action.every; not statement.action.negated])
	others := {_number(statement): object.filter(statement.action, ["exact", "pattern"]) |
		some statement in statements
		statement.action.negated
		not statement.action.every
	}
	node := {kind: value |
		some kind, value in {"every": whole, "others": others}
		count(value) > 0
	}
	count(node) > 0
}
