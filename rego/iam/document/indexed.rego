package iam.document

import data.iam.pattern

# METADATA
# title: Lowered statements in the form that is stored
# description: |
#   `statements` by their number, which sorts as a text, without their action part; and `actions`, which finds them: by effect
#   and the service of the action, the numbers of the statements that name it, those that `always` apply (in one text, for
#   there are many such names) apart from those to be `tested`, under `*` those that name the whole service; and the `patterns`
#   of names. Under the service `*` stand those of every service: with the action `*`, and with a NotAction, which tells the
#   `others`.
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

_without_action(statement) := _stored(statement) if not _is_always(statement)

# One expression for all that a statement's resources match, where no variable and no exception has a say.
_reach(resource) := "" if {
	resource.every
	not resource.negated
	resource.templates == []
}

_reach(resource) := concat("|", array.concat(_literals(resource.exact), [resource.pattern])) if {
	not resource.every
	not resource.negated
	resource.templates == []
}

_literals(exact) := [pattern.anchored([pattern.literal(text) | some text in sort(object.keys(exact))]) | count(exact) > 0]

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

_places(statements) := array.flatten([
	[{service: {kind: {name: {number: true}}}} |
		some [action, number, kind] in entries
		regex.match(`^[^*?]+$`, action)
		[service, name] := split(action, ":")
	],
	[{service: {kind: {"*": {number: true}}}} |
		some [action, number, kind] in entries
		regex.match(`:[*]+$`, action)
		service := split(action, ":")[0]
	],
	[{service: {"patterns": {number: {pattern.name(name): true}}}} |
		some [action, number, _] in entries
		regex.match(`[*?]`, action)
		regex.match(`:[*]+$`, action) == false
		[service, name] := split(action, ":")
	],
]) if {
	entries := [[lower(entry), number, kind] |
		some statement in statements
		not statement.action.negated
		not statement.action.every
		number := _number(statement)
		kind := _kind(statement)
		some entry in statement.action.written
		regex.match(action_text, entry)
	]
}

_kind(statement) := "always" if _is_always(statement)

_kind(statement) := "tested" if not _is_always(statement)

_node(found) := object.union_n([
	{"always": {name: concat(" ", sort(object.keys(numbers))) | some name, numbers in names} | names := found.always},
	{"tested": {name: sort(object.keys(numbers)) | some name, numbers in names} | names := found.tested},
	{"patterns": {number: pattern.anchored(sort(object.keys(bodies))) | some number, bodies in numbers} |
		numbers := found.patterns
	},
])

_of_every_service(statements) := {"*": node |
	named := object.union_n([{kind: {"*": {_number(statement): true}}} |
		some statement in statements
		statement.action.every
		not statement.action.negated
		kind := _kind(statement)
	])
	others := {_number(statement): object.union(object.filter(statement.action, ["exact", "pattern"]), _excepted(statement)) |
		some statement in statements
		statement.action.negated
		not statement.action.every
	}
	node := object.union(_node(named), {"others": others | count(others) > 0})
	count(node) > 0
}

# The services of a NotAction's entries, where none is a pattern: of every other service it names all actions.
_excepted(statement) := {"services": services |
	services := {split(lower(entry), ":")[0]: true | some entry in statement.action.written}
	count({service | some service, _ in services; regex.match(`[*?]`, service)}) == 0
}
