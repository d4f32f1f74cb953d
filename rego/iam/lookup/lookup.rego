# METADATA
# title: The answer by lookup
# description: |
#   Whether a request is allowed, for the many requests that the index answers: plain ones, of a compiled user or role or of a
#   role's session, about a resource of its own account that has no policy of its own. The answer is what `iam.evaluation`
#   gives, in a small part of the time; for every other request there is none.
#
#   Each rule here costs about as much as all that it does, and a long path into the data as much as a rule: hence few rules, and
#   forms that the others don't have (docs/performance.md).
# schemas:
#   - input: schema.request
#   - data.iam.policies: schema.policies
#   - data.iam.index: schema.index
package iam.lookup

import data.iam.request

# METADATA
# title: Whether the request is allowed; undefined where the index doesn't tell
# description: For requests of the commonest form, `iam.authz` asks `told` at once.
answer := _told_of_every_resource(_caller.way, service, name) if {
	[service, name, partition] := _read
	partition == ""
} else := _is_let_in_session if {
	input.policies
} else := _is_let(_caller, service, name) if {
	[service, name] := _asked
	_is_own
	request.is_sound_context
	not _is_set_apart(service, name)
} else := allowed if {
	_is_about_every_resource
	allowed := _allows_every
}

_is_about_every_resource if object.get(input, "resource", "*") == "*"

# The action of a request, in lower case and in two.
_asked := _own_action if {
	object.remove(input, ["action", "context", "principal", "resource", "resource_account"]) == {}
}

# The caller's account may be named as the resource's owner.
_own_action := split(lower(input.action), ":") if {
	object.get(input, "resource_account", _caller.account) == _caller.account
	request.is_sound_action
}

# What the index has of the caller. A session's ARN has its role's name, in whatever case (PRIN-8).
_caller := data.iam.index.callers[data.iam.index.sessions[prefix][lower(role)]] if {
	regex.match(`^[^/]*/[\w+=,.@-]{1,128}/[\w+=,.@-]{1,128}$`, input.principal)
	[prefix, role, _] := split(input.principal, "/")
} else := data.iam.index.callers[input.principal] if {
	is_string(input.principal)
}

# About a resource of the caller's account. No action of AWS is longer than that, and no ARN; what a pattern costs grows with
# the text. A resource policy is that of the very resource, or of an object's bucket (RES-35).
_is_own if {
	count(input.resource) <= 2048
	regex.match(_caller.own, input.resource)
} else if {
	count(input.resource) <= 2048
	regex.match(_caller.among, input.resource)
	not _has_own_policy
}

_has_own_policy if {
	data.iam.account.resources[input.resource]
} else if data.iam.account.resources[split(input.resource, "/")[0]]
