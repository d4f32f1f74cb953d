package iam.lint

import data.iam.catalogue
import data.iam.pattern

# The entries that no action has as its name: most have one, and cost no more than the look. `wild` are those with a
# wildcard in the name; what is misspelt `document.problems` tells.
_unlisted_entries := [entry |
	some statement in statements
	some i, value in statement.action.values
	[service, name] := split(lower(value), ":")
	not data.iam.reference.services[service].actions[name]
	regex.match(`^[^*?\s]+:[^\s]+$`, value)
	not contains(name, "${")
	entry := {
		"name": name,
		"path": value_path(statement.action, i),
		"service": service,
		"value": value,
		"wild": pattern.has_wildcard(name),
	}
]

_unknown_actions := [entry |
	some entry in _unlisted_entries
	not entry.wild
	not _is_named_elsewhere(entry.service, entry.name)
	_is_service(entry.service)
]

# ACT-5, ACT-13
faults contains finding if {
	catalogue.is_loaded
	some entry in _unlisted_entries
	not _is_service(entry.service)
	message := $"{_source} has no service '{entry.service}' (ACT-13)"
	finding := _mended(_unknown("INVALID_SERVICE_IN_ACTION", entry.path, message), _service_mend(entry))
}

# ACT-1, ACT-2, ACT-13
faults contains finding if {
	catalogue.is_loaded
	some entry in _unknown_actions
	not _retired(entry)
	message := $"{_source} has no action '{entry.value}' (ACT-13)"
	finding := _mended(_unknown("INVALID_ACTION", entry.path, message), _action_mend(entry))
}

# ACT-14; with the reference the action is known to be unknown.
faults contains finding if {
	not catalogue.is_loaded
	some entry in _unlisted_entries
	actions := _permissions[entry.service][entry.name]
	message := $"'{entry.value}' is an operation; what allows it is {concat(" and ", actions)} (ACT-14)"
	finding := _mended(_finding("OPA_IAM_API_NAME_USED", "ERROR", entry.path, message), concat(", ", actions))
}

# ACT-13
advice contains finding if {
	catalogue.is_loaded
	some entry in _unknown_actions
	older := _retired(entry)
	message := $"'{entry.value}' is gone: {_source} lacks it, {older} had it (ACT-13)"
	finding := _finding("OPA_IAM_RETIRED_ACTION", "WARNING", entry.path, message)
}

# ACT-4, ACT-13
advice contains finding if {
	some entry in _unlisted_entries
	entry.wild
	data.iam.reference.services[entry.service].names
	not _matches_some(entry.service, entry.name)
	not _matches_elsewhere(entry)
	message := $"'{entry.value}' matches none of the actions that {_source} knows of {entry.service} (ACT-4)"
	finding := _finding("OPA_IAM_PATTERN_WITHOUT_ACTION", "WARNING", entry.path, message)
}

# EVAL-9, IAM-4
advice contains finding if {
	input.policy_type == "identity"
	some statement in statements
	[statement.effect, statement.action.negated] == ["Allow", false]
	some i, value in statement.action.values
	[service, name] := split(lower(value), ":")
	others := data.iam.reference.services[service].dependents[name]
	missing := [other | some other in others; not _is_allowed(lower(other))]
	count(missing) > 0
	message := $"'{value}' needs {concat(", ", missing)} as well, which no statement here allows (EVAL-9)"
	path := value_path(statement.action, i)
	finding := _finding("OPA_IAM_MISSING_DEPENDENT_ACTION", "SUGGESTION", path, message)
}

default _is_allowed(_) := false

_is_allowed(action) if _granted[action]

_is_allowed(action) if regex.match(_granted_patterns, action)

_is_allowed(action) if {
	some i, statement in statements
	[statement.effect, statement.action.negated] == ["Allow", true]
	is_about(i, action)
}

_granted_patterns := pattern.anchored([pattern.body(value) | some value in _granted; pattern.has_wildcard(value)])

_granted contains lower(value) if {
	some statement in statements
	[statement.effect, statement.action.negated] == ["Allow", false]
	some value in statement.action.values
}

# The older reference that had the action. What is the name of an operation was never one.
_retired(entry) := data.iam.reference.retired[entry.service][entry.name] if not _permissions[entry.service][entry.name]

default _matches_elsewhere(_) := false

_matches_elsewhere(entry) if {
	expression := pattern.anchored([pattern.body(entry.name)])
	some table in ["retired", "unlisted"]
	some name, _ in data.iam.reference[table][entry.service]
	regex.match(expression, name)
}

default _action_mend(_) := ""

_action_mend(entry) := concat(", ", actions) if {
	actions := _permissions[entry.service][entry.name]
} else := $"{entry.service}:{name}" if {
	name := _nearest(entry.name, data.iam.reference.services[entry.service].names)
}

default _service_mend(_) := ""

_service_mend(entry) := $"{service}:{split(entry.value, ":")[1]}" if {
	service := _nearest(entry.service, data.iam.reference.prefixes)
}
