# METADATA
# title: The policies that decide
# description: |
#   Those of the request, which replace what is compiled, else those of the principal's compiled user or role (EVAL-4), of
#   the resource, and of the levels of their accounts' organization (SCP-1, RCP-1); of a managed policy the version of the
#   day that the request names (MGD-4); of every type only what reaches the caller and the resource (EVAL-5).
# schemas:
#   - input: schema.request
#   - data.iam.policies: schema.policies
#   - data.iam.index: schema.index
#   - data.iam.account: schema.account
#   - data.iam.organization: schema.organization
package iam.attachment

import data.iam.document
import data.iam.principal
import data.iam.request

# METADATA
# title: The policies that decide, by type
# description: |
#   Each with its `policy` (the name it is reported under), its compiled `statements` and, of a control policy, its `level`. A
#   type is absent where there are no policies of it, or where they don't reach the caller or the resource (EVAL-5).
by_type[type] := policies if {
	some type in request.policy_types
	_reaches[type]
	policies := [policy | some key in _keys; key[0] == type; policy := _resolved[key]]
	count(policies) > 0
}

# METADATA
# title: The levels of the organization whose service control policies reach the caller, root first (SCP-1)
# description: |
#   Each with its `id` and its `policies`, as in `by_type`: two levels may be of one name. Undefined where they don't reach the
#   caller, and where there are none (SCP-2).
service_control_levels := [{"id": _level_id(level, i), "policies": policies} |
	some i, level in _levels.service_control
	policies := [_resolved[key] | some key in _keys; array.slice(key, 0, 2) == ["service_control", i]]
] if {
	_reaches.service_control
	count(_levels.service_control) > 0
}

# METADATA
# title: Whether the caller has a permissions boundary
# scope: document
default has_boundary := false

has_boundary if by_type.permissions_boundary

# METADATA
# title: What keeps a policy from being evaluated
# description: |
#   An unknown name, a document that is no policy, a policy that nobody can attach to this principal (EVAL-8). What is
#   compiled for a principal the compiler has seen to.
# scope: document
errors contains {"code": "UNKNOWN_POLICY", "path": _path(key), "message": message} if {
	some key, entry in _entries
	is_string(entry)
	not _is_known(key[0], entry)
	message := _unknown(key[0], entry)
}

errors contains {"code": "POLICY_NOT_ATTACHABLE", "path": _path(key), "message": message} if {
	some key, entry in _entries
	_is_given(key[0])
	_is_managed_type(key[0])
	policy := data.iam.policies[_policy_id(entry)]
	policy.attachable_to == "service-linked-role"
	not _is_own_service_role(policy)
	message := $"{entry} is a service role policy: only the service-linked role of {_service(policy)} can have it (MGD-3)"
}

errors contains {"code": problem.code, "path": path, "message": problem.message} if {
	some key, lowered in _lowered
	some problem in lowered.problems
	problem.structural
	path := $"{_path(key)}{problem.path}"
}

# METADATA
# title: What the decision could not take at its word
# scope: document
warnings contains {"code": problem.code, "path": path, "message": problem.message} if {
	some key, lowered in _lowered
	some problem in lowered.problems
	not problem.structural
	path := $"{_path(key)}{problem.path}"
}

warnings contains {"code": "UNKNOWN_PRINCIPAL", "path": "/principal", "message": message} if {
	not input.policies
	principal.has_identity_policies
	not _compiled_entity
	message := $"no compiled account has {principal.id}: no identity policy of it is known"
}

warnings contains {"code": "POLICY_NOT_YET_CREATED", "path": "/as_of", "message": message} if {
	some policy in _managed
	policy.created > request.as_of
	message := $"{policy.id} did not exist before {policy.created}"
}

warnings contains {"code": "NO_HISTORY", "path": "/as_of", "message": message} if {
	some policy in _managed
	request.as_of < policy.recorded
	request.as_of >= policy.created
	message := $"{policy.id} has no record of its documents before {policy.recorded}: the oldest one was taken"
}

warnings contains {"code": "NO_HISTORY", "path": "/as_of", "message": message} if {
	request.as_of
	some policy in _managed
	not policy.created
	message := $"{policy.id} has no recorded history: its present document was taken"
}

# Every policy given or attached, by [type, level, place in the list].
_entries[[type, 0, i]] := entry if {
	some type in request.list_types
	some i, entry in input.policies[type]
}

_entries[["resource", 0, 0]] := input.policies.resource if is_object(input.policies.resource)

_entries[[type, level, i]] := entry if {
	some type in request.level_types
	some level, group in _levels[type]
	some i, entry in group.policies
}

# Every level of an organization has AWS's own resource control policy, which nobody can take away (RCP-2).
_entries[["resource_control", level, -1]] := "RCPFullAWSAccess" if {
	some level, group in _levels.resource_control
	count([entry | some entry in group.policies; _built_in_name("resource_control", entry)]) == 0
}

# Sorted, for an object's own order is another in WebAssembly.
_keys := sort(object.keys(_entries))

default _compiled_entity := false

_compiled_entity if data.iam.account.principals[principal.entity]

_resolved[key] := {"policy": id, "statements": _statements(data.iam.policies[id])} if {
	some key, entry in _entries
	_is_managed_type(key[0])
	id := _policy_id(entry)
}

_resolved[key] := _of_level(key, {"policy": entry, "statements": data.iam.policies[entry].statements}) if {
	some key, entry in _entries
	_is_compiled_as(key[0], entry)
}

_resolved[key] := _of_level(key, {"policy": name, "statements": _built_in[type][name]}) if {
	some key, entry in _entries
	type := key[0]
	name := _built_in_name(type, entry)
}

_resolved[key] := _of_level(key, {"policy": _name(key), "statements": lowered.statements}) if some key, lowered in _lowered

_of_level(key, policy) := object.union(policy, {"level": _level_id(_levels[key[0]][key[1]], key[1])}) if {
	key[0] in request.level_types
}

_of_level(key, policy) := policy if not key[0] in request.level_types

_level_id(level, i) := object.get(level, "id", $"level {i}")

_lowered[key] := document.lowered(entry, _document_type(key[0])) if {
	some key, entry in _entries
	is_object(entry)
}

# The resource policy of a role is its trust policy.
_document_type("resource") := "role_trust" if request.is_role_assumption

_document_type("resource") := "resource" if not request.is_role_assumption

_document_type(type) := type if type != "resource"

# A managed policy means the same as an identity policy, as a boundary and as a session policy (MGD-6).
default _is_managed_type(_) := false

_is_managed_type(type) if type in ["identity", "permissions_boundary", "session"]

_managed contains object.union(data.iam.policies[id], {"id": id}) if {
	some key, entry in _entries
	_is_managed_type(key[0])
	id := _policy_id(entry)
}

default _is_known(_, _) := false

_is_known(type, entry) if {
	_is_managed_type(type)
	_policy_id(entry)
}

_is_known(type, entry) if _is_compiled_as(type, entry)

_is_known(type, entry) if _built_in_name(type, entry)

# An ARN, or a name that only one compiled policy has.
_policy_id(entry) := entry if {
	policy := data.iam.policies[entry]
	not policy.policy_type
}

_policy_id(entry) := id if [id] = data.iam.index.policy_names[entry]

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

# What AWS attaches to every level until somebody else's policies take its place (SCP-8, RCP-2, MGD-7).
_built_in := {
	"resource_control": {"RCPFullAWSAccess": _full_access("resource_control", {"Principal": "*"})},
	"service_control": {"FullAWSAccess": _full_access("service_control", {})},
}

_full_access(type, members) := document.lowered(
	{"Version": "2012-10-17", "Statement": object.union(members, {"Effect": "Allow", "Action": "*", "Resource": "*"})},
	type,
).statements

_built_in_name(type, entry) := name if {
	some name, _ in _built_in[type]
	arn := $"arn:aws:organizations::aws:policy/{type}_policy/p-{name}"
	some spelling in [name, arn]
	entry == spelling
}

_statements(policy) := policy.statements if not request.as_of

_statements(policy) := policy.statements if not policy.created

_statements(policy) := policy.statements if request.as_of >= policy.since

_statements(policy) := _oldest_statements(policy) if {
	request.as_of < policy.recorded
	request.as_of >= policy.created
}

_statements(policy) := version.statements if {
	some version in policy.earlier
	request.as_of >= version.since
	request.as_of < version.until
}

_statements(policy) := [] if request.as_of < policy.created

_oldest_statements(policy) := policy.earlier[0].statements

_oldest_statements(policy) := policy.statements if count(policy.earlier) == 0

default _is_own_service_role(_) := false

_is_own_service_role(policy) if principal.service_link == policy.service

_is_own_service_role(_) if principal.service_link == ""

_service(policy) := object.get(policy, "service", "its service")

_path(key) := request.policy_path(key) if _is_given(key[0])

_path(key) := _compiled_path(key[0]) if not _is_given(key[0])

_name(["resource", _, _]) := "resource"

_name([type, _, i]) := $"{type}[{i}]" if type in request.list_types

_name([type, level, i]) := $"{type}[{level}].policies[{i}]" if type in request.level_types
