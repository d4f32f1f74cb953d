package iam.lint

import data.iam.catalogue
import data.iam.pattern

# METADATA
# title: The codes that can't be reported without AWS's reference (LINT-6)
# description: Empty where the bundle has it.
# scope: document
default not_checked := []

not_checked := sort(_reference_codes) if not catalogue.is_loaded

_reference_codes := {
	"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
	"ARN_ACCOUNT_NOT_ALLOWED",
	"ARN_REGION_NOT_ALLOWED",
	"DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
	"INVALID_ACTION",
	"INVALID_ARN_RESOURCE",
	"INVALID_SERVICE",
	"INVALID_SERVICE_CONDITION_KEY",
	"INVALID_SERVICE_IN_ACTION",
	"MISSING_ARN_ACCOUNT",
	"MISSING_ARN_REGION",
	"OPA_IAM_ACTION_NEEDS_STAR",
	"OPA_IAM_BUCKET_WITHOUT_OBJECTS",
	"OPA_IAM_KEY_NEVER_PRESENT",
	"OPA_IAM_MISSING_DEPENDENT_ACTION",
	"OPA_IAM_PATTERN_WITHOUT_ACTION",
	"OPA_IAM_RESOURCE_MISMATCH",
	"OPA_IAM_RETIRED_ACTION",
	"UNSUPPORTED_ACTION_IN_POLICY",
}

_source := $"{data.iam.reference.source.name} {data.iam.reference.source.version}"

# What the reference doesn't know may be newer, or be otherwise. Of a policy that AWS publishes that is certain (1.7).
_unknown(code, path, message) := _finding(code, "ERROR", path, message) if not _is_published

_unknown(code, path, message) := _finding(code, "WARNING", path, newer) if {
	_is_published
	newer := $"{message}; AWS publishes this policy, so the reference is behind"
}

default _is_published := false

_is_published if input.aws_managed

default _is_service(_) := false

_is_service(service) if data.iam.reference.services[service].names

_is_service(service) if data.iam.reference.retired[service]

_is_service(service) if data.iam.reference.unlisted[service]

_is_service(service) if data.iam.reference.forms[service]

_is_service(service) if service in input.settings.extra_services

# Of an action that the reference lacks and AWS's own policies name nothing is said.
default _is_named_elsewhere(_, _) := false

_is_named_elsewhere(service, name) if data.iam.reference.unlisted[service][name]

_is_named_elsewhere(service, _) if {
	service in input.settings.extra_services
	not data.iam.reference.services[service].names
}

# The groups of what an entry stands for: none where the reference knows no such action. One expression over all names of
# a service is faster by far than one match each.
_groups(service, name, false) := {group | group := data.iam.reference.services[service].actions[name]}

_groups(service, name, true) := {group |
	some action in _matching(service, name)
	group := data.iam.reference.services[service].actions[lower(action)]
}

_matching(service, name) := _lines($"(?i:{pattern.body(name)})", data.iam.reference.services[service].names)

# Whether a pattern is for any action. Nearly all are free from their only star to the end, which needs no expression.
default _matches_some(_, _) := false

_matches_some(service, name) if {
	[start, rest] := split(name, "*")
	rest == ""
	not contains(start, "?")
	contains(_names(service), $"\n{start}")
}

_matches_some(service, name) if {
	not regex.match(`^[^*?]*[*]$`, name)
	count(_matching(service, name)) > 0
}

# The names of a service's actions in lower case, each at the beginning of a line.
_names(service) := $"\n{lower(data.iam.reference.services[service].names)}"

# The lines of a text that an expression's body matches whole.
_lines(body, text) := [line |
	some [line] in regex.find_all_string_submatch_n($"(?m)^(?:{body})$", text, -1)
]

# The key's names by which a group or one of its resource types lists it.
default _lists(_, _, _) := false

_lists(service, group, names) if {
	some key in data.iam.reference.services[service].groups[group].keys
	names[key]
}

_lists(service, group, names) if {
	some type in data.iam.reference.services[service].groups[group].types
	some key in data.iam.reference.services[service].types[type].keys
	names[key]
}

# The nearest of some names, one a line: the one that shares most runs of three letters, if it shares half of them.
_nearest(name, names) := best if {
	letters := lower(name)
	runs := {substring(letters, i, 3) | some i in numbers.range(0, count(letters) - 3)}
	rated := [[rating, candidate] |
		some candidate in _lines($"(?i:{_similar(letters)})", names)
		shared := count([run | some run in runs; contains(lower(candidate), run)])
		rating := (2 * shared) / ((count(runs) + count(candidate)) - 2)
	]
	[rating, best] := max(rated)
	rating >= 0.5
}

# Names that begin or end as the text does: few enough to rate.
_similar(text) := concat("|", [
	$"{pattern.literal(substring(text, 0, 3))}.*",
	$".*{pattern.literal(substring(text, count(text) - 3, 3))}",
]) if {
	count(text) > 2
}

# What the actions of a statement stand for: the place in the list, the service, and the groups. Without entries of
# which the reference knows nothing.
_action_groups[s] := [entry |
	some i, value in statements[s].action.values
	[service, name] := split(lower(value), ":")
	groups := _groups(service, name, pattern.has_wildcard(name))
	count(groups) > 0
	entry := {"groups": groups, "place": i, "service": service}
] if {
	some s, _ in statements
}

_services_among(entries) := {entry.service | some entry in entries}

_places_among(entries, service) := [entry.place | some entry in entries; entry.service == service]
