package iam.lookup

import data.iam.request

# A role's session with session policies, which a request gives beside all else that is compiled for the caller: for what it
# gives takes the place of that.
_is_let_in_session := _passes_session(caller, service, name) if {
	caller := _caller
	caller.kind == "role"
	not caller.linked # has none (EVAL-5)
	object.remove(input, ["action", "context", "policies", "principal", "resource", "resource_account"]) == {}
	_is_own
	_restates(caller, input.policies)
	input.policies.session != []
	every entry in input.policies.session {
		data.iam.policies[entry].statements["000001"].effect
		not data.iam.policies[entry].policy_type
		not data.iam.policies[entry].attachable_to
	}
	request.is_sound_context
	[service, name] := _own_action
	not _is_set_apart(service, name)
}

# What is compiled for the caller. AWS's own control policy may be called by its name.
_restates(caller, given) if {
	object.remove(given, ["identity", "permissions_boundary", "service_control", "session"]) == {}
	object.get(given, "identity", []) == data.iam.account.principals[caller.arn].policies
	boundary := [name | name := data.iam.account.principals[caller.arn].permissions_boundary]
	object.get(given, "permissions_boundary", []) == boundary
	levels := json.marshal(object.get(given, "service_control", []))
	replace(levels, `"FullAWSAccess"`, _full_access) == _levels_of(caller.account)
}

_levels_of(account) := data.iam.index.accounts[account].levels

_levels_of(account) := "[]" if not data.iam.index.accounts[account]

_full_access := `"arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"`

_passes_session(caller, service, name) := false if {
	not _is_granted_in_session(service, name)
} else := false if {
	some policy in input.policies.session
	applies_in(policy, "Deny", service, name)
} else := told(caller.way, service, name)

_is_granted_in_session(service, name) if {
	some policy in input.policies.session
	applies_in(policy, "Allow", service, name)
} else := false
