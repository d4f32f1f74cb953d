package iam.lint

import data.iam.arn
import data.iam.document
import data.iam.pattern

# What each statement covers (RES-40): entries by themselves, and one expression for those with wildcards, in which a
# star covers another and `?` does not. Made where there is another statement to compare with.
_scopes := [scope |
	count(statements) > 1
	some statement in statements
	texts := split(lower(statement.action.text), "\n")
	services := {_service_of(text) | some text in texts}
	scope := {
		"action": _scope(statement.action, texts, _action_bodies(statement.action, texts)),
		"effect": statement.effect,
		"principal": object.filter(statement.value, ["NotPrincipal", "Principal"]),
		"resource": _scope(statement.resource, statement.resource.values, _resource_bodies(statement.resource)),
		"services": services,
		"tests": {[lower(test.operator), test.key, sort(test.values)] | some test in statement.tests},
	}
]

_scope(element, texts, bodies) := {
	"every": count([text | some text in texts; pattern.is_everything(text)]) > 0,
	"expression": pattern.anchored(bodies),
	"name": element.name,
	"texts": {text | some text in texts},
}

_action_bodies(element, texts) := [_covering(text) |
	pattern.has_wildcard(element.text)
	some text in texts
	pattern.has_wildcard(text)
	document.is_action(text)
]

# As evaluation reads them: segment by segment, and nothing where the type word has a wildcard (RES-4, RES-6).
_resource_bodies(element) := [body |
	pattern.has_wildcard(element.text)
	some value in element.values
	pattern.has_wildcard(value)
	not contains(value, "${")
	some reading in arn.readings(arn.segments(arn.normalised(value)), false, false)
	heads := [_covering_segment(segment) | some segment in array.slice(reading, 0, 5)]
	body := concat(":", array.concat(heads, [_covering(reading[5])]))
]

_covering_segment(text) := concat("[^:*]", [pattern.segment(piece) | some piece in split(text, "?")])

# Pairs of statements of which the first covers the second: all that the second is about, on conditions that it has too.
_coverages := {[j, i] |
	some i, narrow in _scopes
	some j, wide in _scopes
	i != j
	count(wide.tests - narrow.tests) == 0
	count(narrow.services - _reached_services[j]) == 0
	_covers_principal(wide.principal, narrow.principal)
	_covers_part(j, i, "resource")
	_covers_part(j, i, "action")
}

# The services of which a statement can cover actions, of all that are named: cheap to ask before the rest.
_reached_services := [_services_of_reach(scope) | some scope in _scopes]

_services_of_reach(scope) := scope.services if not _is_open_part(scope.action)

_services_of_reach(scope) := _named_services if _is_open_part(scope.action)

_named_services := {service | some scope in _scopes; some service in scope.services}

default _is_open_part(_) := false

_is_open_part(part) if part.every

_is_open_part(part) if startswith(part.name, "Not")

default _covers_principal(_, _) := false

_covers_principal(wide, narrow) if wide == narrow

_covers_principal(wide, narrow) if {
	wide.Principal in ["*", {"AWS": "*"}]
	narrow.Principal
}

# By places: parts as arguments would be hashed at every call.
default _covers_part(_, _, _) := false

_covers_part(j, i, part) if {
	wide := _scopes[j][part]
	wide.name == _scopes[i][part].name
	startswith(wide.name, "Not")
	count(wide.texts - _scopes[i][part].texts) == 0
}

_covers_part(j, _, part) if {
	_scopes[j][part].every
	not startswith(_scopes[j][part].name, "Not")
}

_covers_part(j, i, part) if {
	wide := _scopes[j][part]
	wide.name == _scopes[i][part].name
	not startswith(wide.name, "Not")
	every text in _scopes[i][part].texts - wide.texts {
		regex.match(wide.expression, text)
	}
}

# EVAL-1, RES-40
advice contains finding if {
	some i, narrow in _scopes
	narrow.effect == "Allow"
	deniers := [statements[j].path | some j, wide in _scopes; wide.effect == "Deny"; _coverages[[j, i]]]
	count(deniers) > 0
	message := $"all that this allows is denied by {concat(", ", deniers)} (EVAL-1)"
	found := _finding("OPA_IAM_UNREACHABLE_STATEMENT", "WARNING", statements[i].path, message)
	finding := _located(found, array.concat([statements[i].path], deniers))
}

# EVAL-1
advice contains finding if {
	some i, _ in _scopes
	coverers := [statements[j].path | some j, _ in _scopes; _coverages[[j, i]]; _is_kept(j, i)]
	count(coverers) > 0
	message := $"all of this is in {concat(", ", coverers)} as well (EVAL-1)"
	found := _finding("OPA_IAM_SHADOWED_STATEMENT", "SUGGESTION", statements[i].path, message)
	finding := _located(found, array.concat([statements[i].path], coverers))
}

# Of two that cover each other the first is kept; what says the same in the same words is REDUNDANT_STATEMENT.
default _is_kept(_, _) := false

_is_kept(j, i) if {
	_scopes[j].effect == _scopes[i].effect
	not _coverages[[i, j]]
}

_is_kept(j, i) if {
	j < i
	_coverages[[i, j]]
	_scopes[j].effect == _scopes[i].effect
	_scopes[j] != _scopes[i]
}
