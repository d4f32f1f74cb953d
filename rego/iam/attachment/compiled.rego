package iam.attachment

import data.iam.action
import data.iam.principal
import data.iam.request

# Policies in the request take the place of all that is compiled for the caller; what is compiled for the resource stays
# until the request gives the very type.
default _is_given(_) := false

_is_given(type) if {
	not type in ["resource", "resource_control"]
	input.policies
}

_is_given(type) if {
	type in ["resource", "resource_control"]
	type in object.keys(input.policies)
}

# The names of the caller's and the resource's policies, by type.
_compiled["identity"] := data.iam.account.principals[principal.entity].policies if not _is_given("identity")

_compiled["permissions_boundary"] := [data.iam.account.principals[principal.entity].permissions_boundary] if {
	not _is_given("permissions_boundary")
}

_compiled["resource"] := [request.policy_holder] if {
	not _is_given("resource")
	_is_compiled_as("resource", request.policy_holder)
}

_of_type["identity"] := [{"policy": id, "statements": _statements(id)} | some name in names; id := _policy_id(name)] if {
	names := _compiled.identity
	names != []
	not _is_indexed
}

# The index tells, of all identity policies, the statements that speak of the action.
_of_type["identity"] := [{"policy": name, "statements": statements} |
	places := action.places(data.iam.index.callers[principal.entity].identity)
	speaking := {policy | some [policy, _, _, _] in places}
	some name in data.iam.account.principals[principal.entity].policies
	speaking[name]
	numbers := sort({number | some [policy, number, _, _] in places; policy == name})
	statements := [action.statement(name, number) | some number in numbers]
] if {
	_is_indexed
}

_of_type["permissions_boundary"] := [{"policy": id, "statements": _statements(id)}] if {
	[name] = _compiled.permissions_boundary
	id := _policy_id(name)
}

_of_type["resource"] := [{"policy": name, "statements": action.statements(name)}] if [name] = _compiled.resource

default _is_indexed := false

_is_indexed if {
	not _is_given("identity")
	not request.as_of
	data.iam.index.callers[principal.entity].identity
}

# The levels of an organization by policy type, root first: those of the caller's account (SCP-6), and those of the
# account that owns the resource (RCP-1).
_levels[type] := input.policies[type] if {
	some type in request.level_types
	_is_given(type)
}

_levels["service_control"] := _compiled_levels(principal.account, "service_control") if not _is_given("service_control")

_levels["resource_control"] := _compiled_levels(_owner, "resource_control") if not _is_given("resource_control")

_compiled_levels(account, type) := [{"id": level.id, "policies": level[type]} |
	some level in data.iam.organization.accounts[account].levels
]

# Without a resource, or with one whose owner nobody tells, the caller's account (RCP-7).
_owner := request.resource_account if request.resource_account != ""

_owner := principal.account if request.resource_account == ""

default _is_management_account(_) := false

_is_management_account(account) if data.iam.organization.accounts[account].management

_path(key) := request.policy_path(key) if _is_given(key[0])

_path(key) := _compiled_path(key[0]) if not _is_given(key[0])

_compiled_path(type) := "/resource" if type in ["resource", "resource_control"]

_compiled_path(type) := "/principal" if not type in ["resource", "resource_control"]
