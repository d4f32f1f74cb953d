package iam.lint

import data.iam.arn
import data.iam.catalogue
import data.iam.pattern

# The ARNs of each statement's Resource or NotResource, in segments; `tail` is what follows the service.
_statement_arns := [found |
	some statement in statements
	found := [_taken_apart(value, value_path(statement.resource, i)) |
		statement.resource.text != "*"
		some i, value in statement.resource.values
		arn.is_arn(value)
	]
]

_arns := [found | some several in _statement_arns; some found in several]

_taken_apart(value, path) := {
	"account": segments[4],
	"partition": segments[1],
	"path": path,
	"region": segments[3],
	"resource": segments[5],
	"service": lower(segments[2]),
	"tail": concat(":", array.slice(segments, 3, 6)),
	"value": value,
	"written": segments[2],
} if {
	segments := arn.segments(_opened(value))
}

# A policy variable can be anything.
_opened(text) := text if not contains(text, "${")

_opened(text) := concat("", [_opened_token(token) |
	some [token] in regex.find_all_string_submatch_n(`(?s)\$\{[^}]*\}|[^$]+|\$`, text, -1)
]) if {
	contains(text, "${")
}

_opened_token(token) := "*" if startswith(token, "${")

_opened_token(token) := token if not startswith(token, "${")

# MGD-2, RES-1
faults contains finding if {
	some found in _arns
	not pattern.has_wildcard(found.partition)
	not _partitions[lower(found.partition)]
	message := $"'{found.partition}' is none of AWS's partitions (RES-1)"
	finding := _finding("INVALID_PARTITION", "ERROR", found.path, message)
}

# RES-7
faults contains finding if {
	some found in _arns
	lower(found.written) != found.written
	message := $"AWS writes the service '{found.service}' in lower case (RES-7)"
	mend := replace(found.value, $":{found.written}:", $":{found.service}:")
	finding := _mended(_finding("INVALID_ARN_SERVICE_CASE", "ERROR", found.path, message), mend)
}

# RES-1, RES-5
faults contains finding if {
	catalogue.is_loaded
	some found in _arns
	not pattern.has_wildcard(found.service)
	not _is_service(found.service)
	message := $"{_source} has no service '{found.service}' (RES-1)"
	finding := _mended(_unknown("INVALID_SERVICE", found.path, message), _nearest_service(found.service))
}

# RES-1
faults contains finding if {
	some found in _arns
	not _is_account(found)
	message := $"'{found.account}' is no account: 12 digits, or nothing where the service's ARNs have none (RES-1, RES-4)"
	finding := _finding("INVALID_ARN_ACCOUNT", "ERROR", found.path, message)
}

# RES-1
faults contains finding if {
	some found in _arns
	not regex.match(`^$|[*?]|^[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}$`, lower(found.region))
	message := $"'{found.region}' is no Region (RES-1)"
	finding := _finding("INVALID_ARN_REGION", "ERROR", found.path, message)
}

# RES-1; a Region that is merely new is no mistake.
advice contains finding if {
	some found in _arns
	regex.match(`^[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}$`, lower(found.region))
	not _regions[lower(found.region)]
	message := $"'{found.region}' is none of the Regions that this version knows (RES-1)"
	finding := _finding("INVALID_ARN_REGION", "WARNING", found.path, message)
}

# RES-11; what AWS's own error, MISSING_ARN_FIELD, leaves open.
advice contains finding if {
	some statement in statements
	statement.resource.text != "*"
	some i, value in statement.resource.values
	arn.is_short(value)
	finding := _finding("OPA_IAM_SHORT_ARN", "WARNING", value_path(statement.resource, i), _short_message(value))
}

# RES-4, RES-6, OPEN-2
advice contains finding if {
	some found in _arns
	regex.match(`^[^/:]*[*?][^/:]*[/:]`, found.resource)
	arn.readings(arn.segments(arn.normalised(found.value)), true, false) == []
	message := "the type word, up to the first '/' or ':', is literal: its wildcard matches no other type (RES-6)"
	finding := _finding("OPA_IAM_WILDCARD_CROSSES_NOTHING", "SUGGESTION", found.path, message)
}

_short_message(value) := $"in a policy of this type it stands for '{whole}' (RES-11)" if {
	whole := arn.in_policy(value, input.policy_type)
} else := "in a policy of this type it matches nothing (RES-11)"

default _is_account(_) := false

_is_account(found) if regex.match(`^$|[*?]|^[0-9]{12}$|^aws$`, lower(found.account))

# What a form of the service has in the account's place.
_is_account(found) if {
	some [_, account, _] in data.iam.reference.forms[found.service].all
	account == lower(found.account)
}

default _nearest_service(_) := ""

_nearest_service(service) := _nearest(service, data.iam.reference.prefixes)
