# METADATA
# title: The policies that decide
# description: |
#   Those of the request, which replace what is compiled, else those of the principal's compiled user or role (EVAL-4), of
#   the resource, and of the levels of their accounts' organization (SCP-1, RCP-1); of every type only what reaches the caller
#   and the resource (EVAL-5).
# schemas:
#   - input: schema.request
#   - data.iam.policies: schema.policies
#   - data.iam.index: schema.index
#   - data.iam.account: schema.account
#   - data.iam.organization: schema.organization
package iam.attachment

import data.iam.principal
import data.iam.request

# METADATA
# title: The policies that decide, by type
# description: |
#   Each with its `policy` (the name it is reported under), those of its `statements` whose action part matches, and, of a
#   control policy, its `level`. A type is absent where there are no policies of it, or where they don't reach the caller or
#   the resource (EVAL-5); a policy may be where no statement of it speaks of the action.
by_type := {"identity": _of_type.identity} if _has_identity_policies_alone

by_type := _by_type if not _has_identity_policies_alone

# Most callers have nothing else that decides, and most resources no policy of their own; the index tells.
default _has_identity_policies_alone := false

_has_identity_policies_alone if {
	not input.policies
	caller := data.iam.index.callers[principal.entity]
	caller.identity
	caller.alone
	not data.iam.policies[request.policy_holder].policy_type
	request.resource_account in ["", caller.account]
}

_by_type[type] := policies if {
	some type in ["permissions_boundary", "resource", "session", "vpc_endpoint"]
	_reaches[type]
	policies := _of_type[type]
}

_by_type["identity"] := _of_type.identity

_by_type["service_control"] := [policy | some level in service_control_levels; some policy in level.policies] if {
	some level in service_control_levels
	level.policies != []
}

_by_type["resource_control"] := policies if {
	_reaches.resource_control
	policies := [policy | some level in _of_levels.resource_control; some policy in level.policies]
	policies != []
}

# METADATA
# title: The levels of the organization whose service control policies reach the caller, root first (SCP-1)
# description: |
#   Each with its `id` and its `policies`, as in `by_type`: two levels may be of one name. Undefined where they don't reach the
#   caller, and where there are none (SCP-2).
service_control_levels := levels if {
	not _has_identity_policies_alone
	_reaches.service_control
	levels := _of_levels.service_control
	levels != []
}

# METADATA
# title: Whether the caller has a permissions boundary
# scope: document
default has_boundary := false

has_boundary if by_type.permissions_boundary

_of_type[type] := [policy | some i, entry in input.policies[type]; policy := _policy([type, 0, i], entry)] if {
	some type in request.list_types
	input.policies[type] != []
}

_of_type["resource"] := [_policy(["resource", 0, 0], input.policies.resource)] if is_object(input.policies.resource)

_of_levels[type] := [{"id": id, "policies": policies} |
	some i, level in _levels[type]
	id := _level_id(level, i)
	policies := [object.union(policy, {"level": id}) | some key, entry in _level_entries(type, i); policy := _policy(key, entry)]
] if {
	some type, _ in _levels
}

_level_id(level, i) := object.get(level, "id", $"level {i}")
