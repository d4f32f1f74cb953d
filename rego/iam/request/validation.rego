package iam.request

import data.iam.pointer

# METADATA
# title: What is wrong with the request
# description: Each with a code, the place as a JSON Pointer into the request, and a message. Most requests are plain and sound.
# scope: document
errors := set() if is_sound

errors := _faults if not is_sound

_faults contains _error("INVALID_REQUEST", "", "the request must be an object") if not _is_object

_faults contains _error("UNKNOWN_MEMBER", pointer.step("", name), $"a request has no member '{name}'") if {
	some name, _ in _given
	not _types[name]
}

_faults contains _error("INVALID_TYPE", $"/{name}", $"'{name}' must be {_types[name]}, not {type_name(value)}") if {
	some name, value in _given
	not _has_type(value, _types[name])
}

_faults contains _error("MISSING_MEMBER", $"/{name}", $"the request lacks '{name}'") if {
	_is_object
	some name in ["action", "principal"]
	not name in object.keys(input)
}

_faults contains _error(
	"INVALID_ACTION", "/action",
	$"'{input.action}' is not one action, spelt service:Name without wildcards or blanks (ACT-1)",
) if {
	is_string(input.action)
	not regex.match(`^[^:*?\s]+:[^:*?\s]+$`, input.action)
}

_faults contains _error(
	"INVALID_RESOURCE", "/resource",
	$"'{input.resource}' is neither '*' nor an ARN (RES-1)",
) if {
	is_string(input.resource)
	input.resource != "*"
	not startswith(input.resource, "arn:")
}

# Each entry of each statement is compared with a pattern, which takes longer than matching a text. No ARN has more.
_faults contains _error("TOO_LONG", "/resource", "a pattern of resources may have no more than 2048 characters (C.7)") if {
	is_string(input.resource)
	contains(input.resource, "*")
	count(input.resource) > 2048
}

_faults contains _error("INVALID_ACCOUNT", "/resource_account", "an account id has 12 digits") if {
	is_string(input.resource_account)
	not regex.match(`^[0-9]{12}$`, input.resource_account)
}

_faults contains _error("INVALID_DATE", "/as_of", $"'{input.as_of}' is not a day of the calendar, spelt YYYY-MM-DD") if {
	is_string(input.as_of)
	not _is_day(input.as_of)
}

_faults contains _error(
	"UNKNOWN_MEMBER", pointer.step("/settings", name),
	$"there is no setting '{name}'",
) if {
	some name, _ in _settings
	not name in _setting_names
}

_faults contains _error(
	"INVALID_TYPE", pointer.step("/settings", name),
	$"'{name}' must be a boolean, not {type_name(value)}",
) if {
	some name, value in _settings
	not is_boolean(value)
}

# A rule, for under `not` a call with an undefined argument is itself undefined.
default _is_object := false

_is_object if is_object(input)

_given := input if _is_object

_types := {
	"action": "a string",
	"as_of": "a string",
	"context": "an object",
	"known": "an object",
	"mode": "a string",
	"policies": "an object",
	"principal": "a string or an object",
	"resource": "a string",
	"resource_account": "a string",
	"settings": "an object",
}

_settings := input.settings if is_object(input.settings)

_setting_names := [
	"caller_is_management_account",
	"credential_restrictions",
	"default_key_policy",
	"glob_resource_type",
	"s3_block_public_access",
	"s3_bucket_abac",
	"session_policy_caps_direct",
	"strict_notprincipal",
	"unresolved_negated_is_false",
]

default _has_type(_, _) := false

_has_type(value, wanted) if contains(wanted, type_name(value))

_error(code, path, message) := {"code": code, "path": path, "message": message}

default _is_day(_) := false

_is_day(text) if regex.match(
	`^[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$`,
	text,
)

_is_day(text) if {
	regex.match(`^[1-9][0-9]{3}-02-29$`, text)
	_is_leap(to_number(substring(text, 0, 4)))
}

default _is_leap(_) := false

_is_leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

_is_leap(year) if year % 400 == 0
