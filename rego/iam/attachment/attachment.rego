# METADATA
# title: The policies attached to the principal
# description: |
#   Which identity policies decide: those of the request, which replace what is compiled, else those of the principal's
#   compiled user or role (EVAL-4); of a managed policy the version of the day that the request names (MGD-4).
# schemas:
#   - input: schema.request
#   - data.iam.policies: schema.policies
#   - data.iam.index: schema.index
#   - data.iam.account: schema.account
package iam.attachment

import data.iam.document
import data.iam.principal
import data.iam.request

# METADATA
# title: The identity policies, in order
# description: "Each with its `policy` (the name it is reported under) and its compiled `statements`."
identity := [_resolved[i] | some i, _ in _entries]

# METADATA
# title: What keeps a policy from being evaluated
# description: An unknown name, a document that is no policy, a policy that nobody can attach to this principal (EVAL-8).
# scope: document
errors contains {"code": "UNKNOWN_POLICY", "path": _path(i), "message": message} if {
	some i, entry in _entries
	is_string(entry)
	not _policy_id(entry)
	message := _unknown(entry)
}

errors contains {"code": "POLICY_NOT_ATTACHABLE", "path": _path(i), "message": message} if {
	some i, entry in _entries
	policy := data.iam.policies[_policy_id(entry)]
	policy.attachable_to == "service-linked-role"
	not _is_own_service_role(policy)
	message := $"{entry} is a service role policy: only the service-linked role of {_service(policy)} can have it (MGD-3)"
}

errors contains {"code": problem.code, "path": $"{_path(i)}{problem.path}", "message": problem.message} if {
	some i, lowered in _lowered
	some problem in lowered.problems
	problem.structural
}

# METADATA
# title: What the decision could not take at its word
# scope: document
warnings contains {"code": problem.code, "path": $"{_path(i)}{problem.path}", "message": problem.message} if {
	some i, lowered in _lowered
	some problem in lowered.problems
	not problem.structural
}

warnings contains {"code": "UNKNOWN_PRINCIPAL", "path": "/principal", "message": message} if {
	not input.policies
	principal.has_identity_policies
	not _compiled_entity
	message := $"no compiled account has {principal.id}: no identity policy of it is known"
}

warnings contains {"code": "POLICY_NOT_YET_CREATED", "path": "/as_of", "message": message} if {
	some entry in _entries
	policy := data.iam.policies[_policy_id(entry)]
	policy.created > request.as_of
	message := $"{_policy_id(entry)} did not exist before {policy.created}"
}

warnings contains {"code": "NO_HISTORY", "path": "/as_of", "message": message} if {
	request.as_of
	some entry in _entries
	policy := data.iam.policies[_policy_id(entry)]
	not policy.created
	message := $"{_policy_id(entry)} has no recorded history: its present document was taken"
}

_entries := object.get(input.policies, "identity", []) if input.policies

_entries := data.iam.account.principals[principal.entity].policies if not input.policies

default _compiled_entity := false

_compiled_entity if data.iam.account.principals[principal.entity]

_resolved[i] := {"policy": id, "statements": _statements(data.iam.policies[id])} if {
	some i, entry in _entries
	id := _policy_id(entry)
}

_resolved[i] := {"policy": $"identity[{i}]", "statements": lowered.statements} if some i, lowered in _lowered

_lowered[i] := document.lowered(entry, "identity") if {
	some i, entry in _entries
	is_object(entry)
}

# An ARN, or a name that only one compiled policy has.
_policy_id(entry) := entry if data.iam.policies[entry]

_policy_id(entry) := id if [id] = data.iam.index.policy_names[entry]

_unknown(name) := $"no compiled policy has the name or ARN {name}" if not data.iam.index.policy_names[name]

_unknown(name) := message if {
	arns := data.iam.index.policy_names[name]
	message := $"{count(arns)} policies are named {name}: give the ARN of one of {concat(", ", arns)}"
}

_statements(policy) := policy.statements if not request.as_of

_statements(policy) := policy.statements if not policy.created

_statements(policy) := policy.statements if request.as_of >= policy.since

_statements(policy) := version.statements if {
	some version in policy.earlier
	request.as_of >= version.since
	request.as_of < version.until
}

_statements(policy) := [] if request.as_of < policy.created

default _is_own_service_role(_) := false

_is_own_service_role(policy) if principal.service_link == policy.service

_is_own_service_role(_) if principal.service_link == ""

_service(policy) := object.get(policy, "service", "its service")

_path(i) := $"/policies/identity/{i}" if input.policies

_path(_) := "/principal" if not input.policies
