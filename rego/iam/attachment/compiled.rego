package iam.attachment

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

_entries[["identity", 0, i]] := entry if {
	not _is_given("identity")
	some i, entry in data.iam.account.principals[principal.entity].policies
}

_entries[["permissions_boundary", 0, 0]] := entry if {
	not _is_given("permissions_boundary")
	entry := data.iam.account.principals[principal.entity].permissions_boundary
}

_entries[["resource", 0, 0]] := request.policy_holder if {
	not _is_given("resource")
	_is_compiled_as("resource", request.policy_holder)
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

# Policies of the types that are never attached as managed ones, each lowered for its own type.
default _is_compiled_as(_, _) := false

_is_compiled_as(type, id) if data.iam.policies[id].policy_type == _document_type(type)

default _is_management_account(_) := false

_is_management_account(account) if data.iam.organization.accounts[account].management

_compiled_path(type) := "/resource" if type in ["resource", "resource_control"]

_compiled_path(type) := "/principal" if not type in ["resource", "resource_control"]
