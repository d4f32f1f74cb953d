package iam.request

import data.iam.order
import data.iam.pointer
import data.iam.principal

_faults contains _error(
	"INVALID_PRINCIPAL", "/principal",
	$"'{principal.id}' is neither the ARN of a user, role, session or root user, nor a service principal, nor '*'",
) if {
	is_string(principal.id)
	not principal.kind
}

_faults contains _error("MISSING_MEMBER", "/principal/arn", "the principal lacks 'arn'") if {
	is_object(input.principal)
	not "arn" in object.keys(input.principal)
}

_faults contains _error("UNKNOWN_MEMBER", pointer.step("/principal", name), $"a principal has no member '{name}'") if {
	some name, _ in _principal
	not _principal_types[name]
}

_faults contains _error(
	"INVALID_TYPE", $"/principal/{name}",
	$"'{name}' must be {_principal_types[name]}, not {type_name(value)}",
) if {
	some name, value in _principal
	not _has_type(value, _principal_types[name])
}

_faults contains _error(
	"INVALID_PRINCIPAL", "/principal/role_arn",
	"'role_arn' must be the ARN of the role whose session the principal is",
) if {
	is_string(input.principal.role_arn)
	not principal.role_fits
}

_faults contains _error(
	"INVALID_PRINCIPAL", "/principal/service_linked",
	"only a role under /aws-service-role/ is service-linked (IAM-3)",
) if {
	input.principal.service_linked == true
	principal.entity
	not principal.is_service_linked(principal.entity)
}

_faults contains _error(
	"INVALID_TYPE", pointer.step("/context", name),
	"a context value must be a string, a number, a boolean, or a list of these",
) if {
	some name, value in _context
	not _is_context_value(value)
}

# Two spellings of one key leave open which holds (COND-ALL-3, OPEN-17).
_faults contains _error(
	"DUPLICATE_CONTEXT_KEY", pointer.step("/context", name),
	$"'{other}' and '{name}' are the same key",
) if {
	some [other, name] in _same_but_for_case(_context)
}

_faults contains _error("DUPLICATE_TAG_KEY", pointer.step(path, name), $"'{other}' and '{name}' are the same tag") if {
	some path, tags in _tags
	some [other, name] in _same_but_for_case(tags)
}

_faults contains _error("INVALID_TYPE", pointer.step(path, name), $"a tag must be a string, not {type_name(value)}") if {
	some path, tags in _tags
	some name, value in tags
	not is_string(value)
}

_faults contains _error("UNKNOWN_MEMBER", pointer.step(path, name), $"an organization has no member '{name}'") if {
	path := "/principal/organization"
	some name, _ in _organization
	not name in ["id", "paths"]
}

_faults contains _error("INVALID_TYPE", "/principal/organization/id", "'id' must be a string") if {
	some value in object.filter(_organization, ["id"])
	not is_string(value)
}

_faults contains _error("INVALID_TYPE", "/principal/organization/paths", "'paths' must be a list of strings") if {
	some value in object.filter(_organization, ["paths"])
	not _is_list_of_strings(value)
}

_faults contains _error("UNKNOWN_MEMBER", pointer.step("/policies", type), $"there is no policy type '{type}'") if {
	some type, _ in _policies
	not type in policy_types
}

_faults contains _error("INVALID_TYPE", $"/policies/{type}", $"'{type}' must be a list") if {
	some type, value in _policies
	type in policy_types
	type != "resource"
	not is_array(value)
}

_faults contains _error("INVALID_TYPE", "/policies/resource", "'resource' must be a policy document or null") if {
	some type, value in _policies
	type == "resource"
	not type_name(value) in ["null", "object"]
}

_faults contains _error(
	"INVALID_TYPE", path,
	"a policy is a document, or the name or ARN of a compiled policy",
) if {
	some key, entry in _policy_entries
	not type_name(entry) in ["object", "string"]
	path := policy_path(key)
}

_faults contains _error("INVALID_TYPE", $"/policies/{type}/{i}", "a level is {id, policies}: a text and a list") if {
	some [type, i, level] in _levels
	not _is_level(level)
}

_faults contains _error(
	"TOO_MANY_BOUNDARIES", "/policies/permissions_boundary",
	"a user or role has at most one permissions boundary (PB-1)",
) if {
	count(_policies.permissions_boundary) > 1
}

# EVAL-6: nobody can attach such a policy to such a caller.
_faults contains _error(
	"INVALID_POLICY_TYPE", $"/policies/{type}",
	$"a principal of the kind {principal.kind} has no {type} policies (EVAL-5)",
) if {
	some type, kinds in _callers
	count(_policies[type]) > 0
	principal.kind
	not principal.kind in kinds
}

_faults contains _error(
	"INVALID_POLICY_TYPE", $"/policies/{type}",
	$"a service-linked role has no {type} policies (EVAL-5)",
) if {
	some type in ["permissions_boundary", "session"]
	count(_policies[type]) > 0
	principal.service_link
}

# Lowering a document costs time for each statement; AWS takes none of more than 32 KB (A.6).
_faults contains _error("TOO_LARGE", path, $"no policy here may have more than {_largest_document} characters") if {
	some path, size in _sizes
	size > _largest_document
}

_faults contains _error(
	"TOO_LARGE", "/policies",
	$"the policies of a request may not have more than {_largest_total} characters",
) if {
	sum([size | some size in _sizes]) > _largest_total
}

_largest_document := 65536

_largest_total := 524288

_sizes[policy_path(key)] := count(json.marshal(entry)) if {
	some key, entry in _policy_entries
	is_object(entry)
}

_sizes["/policies/resource"] := count(json.marshal(_policies.resource)) if is_object(_policies.resource)

# A pattern's cost grows with the text that it is tried on, so that has an end; AWS's own texts are far shorter.
_faults contains _error("TOO_LONG", path, $"no text here may have more than {_longest_text} characters") if {
	some [path, text] in _texts
	count(text) > _longest_text
}

_longest_text := 8192

_texts contains ["/principal", principal.id] if is_string(principal.id)

_texts contains [$"/{name}", input[name]] if {
	some name in ["action", "resource"]
	is_string(input[name])
}

_texts contains [pointer.step("/context", name), text] if {
	some name, value in _context
	some text in _values(value)
	is_string(text)
}

_texts contains [pointer.step(path, name), text] if {
	some path, tags in _tags
	some name, text in tags
	is_string(text)
}

_values(value) := value if is_array(value)

_values(value) := [value] if not is_array(value)

_principal := input.principal if is_object(input.principal)

_organization := _principal.organization if is_object(_principal.organization)

_tags[$"/principal/{name}"] := tags if {
	some name in ["session_tags", "tags"]
	tags := _principal[name]
	is_object(tags)
}

# Sorted, so that thousands of names cost no more than a pass; the later spelling comes second.
_same_but_for_case(named) := [[keys[i - 1][1], name] |
	keys := [[key, name] | some [key, _, name] in sort([[lower(name), order.rank(name), name] | some name, _ in named])]
	some i, [key, name] in keys
	keys[i - 1][0] == key
]

_principal_types := {
	"arn": "a string",
	"federating_user_arn": "a string",
	"mfa": "a boolean",
	"organization": "an object",
	"role_arn": "a string",
	"service_linked": "a boolean",
	"session_name": "a string",
	"session_tags": "an object",
	"tags": "an object",
	"unique_id": "a string",
}

_context := input.context if is_object(input.context)

_policies := input.policies if is_object(input.policies)

# Whom a policy type can be attached to; a plain role stands for its sessions.
_callers := {
	"identity": ["federated_session", "role", "role_session", "user"],
	"permissions_boundary": ["federated_session", "role", "role_session", "user"],
	"session": ["federated_session", "role", "role_session"],
}

_policy_entries[[type, 0, i]] := entry if {
	some type in list_types
	is_array(_policies[type])
	some i, entry in _policies[type]
}

_policy_entries[[type, i, k]] := entry if {
	some [type, i, level] in _levels
	_is_level(level)
	some k, entry in level.policies
}

_levels contains [type, i, level] if {
	some type in level_types
	is_array(_policies[type])
	some i, level in _policies[type]
}

default _is_level(_) := false

_is_level(level) if {
	is_array(level.policies)
	is_string(object.get(level, "id", ""))
	count(object.remove(level, ["id", "policies"])) == 0
}

default _is_context_value(_) := false

_is_context_value(value) if type_name(value) in ["boolean", "number", "string"]

_is_context_value(value) if {
	is_array(value)
	every item in value {
		type_name(item) in ["boolean", "number", "string"]
	}
}

default _is_list_of_strings(_) := false

_is_list_of_strings(value) if {
	is_array(value)
	every item in value {
		is_string(item)
	}
}
