package iam.attachment

import data.iam.principal
import data.iam.request

# METADATA
# title: What keeps a policy from being evaluated
# description: |
#   An unknown name, a document that is no policy, a policy that nobody can attach to this principal (EVAL-8). What is
#   compiled for a principal the compiler has seen to.
# scope: document
errors := set() if {
	not input.policies
	data.iam.index.callers[principal.entity] # the index is made of what there is
} else := _errors

_errors contains {"code": "UNKNOWN_POLICY", "path": _path(key), "message": message} if {
	some key, entry in _entries
	is_string(entry)
	not _is_known(key[0], entry)
	message := _unknown(key[0], entry)
}

_errors contains {"code": "UNKNOWN_POLICY", "path": _compiled_path(type), "message": message} if {
	not data.iam.index.callers[principal.entity] # the index is made of what there is
	some type, entries in _compiled
	some entry in entries
	not _is_known(type, entry)
	message := _unknown(type, entry)
}

_errors contains {"code": "POLICY_NOT_ATTACHABLE", "path": request.policy_path(key), "message": message} if {
	some key, entry in _entries
	_is_given(key[0])
	_is_managed_type(key[0])
	id := _policy_id(entry)
	data.iam.policies[id].attachable_to == "service-linked-role"
	not _is_own_service_role(id)
	message := $"{entry} is a service role policy: only the service-linked role of {_service(id)} can have it (MGD-3)"
}

_errors contains {"code": problem.code, "path": path, "message": problem.message} if {
	some key, lowered in _lowered
	some problem in lowered.problems
	problem.structural
	path := $"{request.policy_path(key)}{problem.path}"
}

# METADATA
# title: What the decision could not take at its word
# scope: document
warnings contains {"code": problem.code, "path": path, "message": problem.message} if {
	some key, lowered in _lowered
	some problem in lowered.problems
	not problem.structural
	path := $"{request.policy_path(key)}{problem.path}"
}

warnings contains {"code": "UNKNOWN_PRINCIPAL", "path": "/principal", "message": message} if {
	not input.policies
	principal.has_identity_policies
	not _compiled_entity
	message := $"no compiled account has {principal.id}: no identity policy of it is known"
}

default _compiled_entity := false

_compiled_entity if data.iam.account.principals[principal.entity]

default _is_known(_, _) := false

_is_known(type, entry) if {
	_is_managed_type(type)
	_policy_id(entry)
}

_is_known(type, entry) if _is_compiled_as(type, entry)

_is_known(type, entry) if _built_in_name(type, entry)

_unknown(type, name) := $"no compiled policy has the name or ARN {name}" if {
	_is_managed_type(type)
	not data.iam.index.policy_names[name]
}

_unknown(type, name) := message if {
	_is_managed_type(type)
	arns := data.iam.index.policy_names[name]
	message := $"{count(arns)} policies are named {name}: give the ARN of one of {concat(", ", arns)}"
}

_unknown(type, name) := $"no {type} policy has the name or ARN {name}" if not _is_managed_type(type)

default _is_own_service_role(_) := false

_is_own_service_role(id) if principal.service_link == data.iam.policies[id].service

_is_own_service_role(_) if principal.service_link == ""

default _service(_) := "its service"

_service(id) := data.iam.policies[id].service
