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

import data.iam.catalogue
import data.iam.request

# METADATA
# title: Whether the request is allowed; undefined where the index doesn't tell
# description: |
#   About `*`, only for an action that has no resources: for the others it asks what their statements name (RES-42).
answer := allowed if {
	regex.match(data.iam.index.callers[_key].own, input.resource)
	allowed := _allows
} else := allowed if {
	object.get(input, "resource", "*") == "*"
	allowed := _allows
	not catalogue.supports_resources
} else := allowed if {
	regex.match(data.iam.index.callers[_key].among, input.resource)
	not _has_own_policy
	allowed := _allows
}

# The context is looked at first, for conditions can't be weighed by one that is not sound; all else that may be wrong makes
# no difference to what is denied.
_allows := allowed if {
	object.remove(input, ["action", "principal", "resource"]) == {}
	[service, name] := split(lower(input.action), ":")
	not _set_apart[service]
	allowed := _is_allowed(_key, service, name)
} else := allowed if {
	object.remove(input, ["action", "context", "principal", "resource"]) == {}
	request.is_sound_context
	[service, name] := split(lower(input.action), ":")
	not _set_apart[service]
	allowed := _is_allowed(_key, service, name)
} else := allowed if {
	object.remove(input, ["action", "context", "principal", "resource"]) == {}
	[service, name] := split(lower(input.action), ":")
	not regex.match(object.get(_set_apart, service, "^$"), object.get(input, "resource", "*"))
	allowed := _is_allowed(_key, service, name)
}

# The caller's key in the index. A session's ARN has its role's name, in whatever case (PRIN-8).
_key := input.principal if {
	data.iam.index.callers[input.principal]
} else := data.iam.index.sessions[pieces[0]][lower(pieces[1])] if {
	regex.match(`^[^/]*/[\w+=,.@-]{1,128}/[\w+=,.@-]{1,128}$`, input.principal)
	pieces := split(input.principal, "/")
}

# Of which more is to be said than policies do: assuming roles and asking for credentials (F.5, STS-1 to STS-3), AWS's own
# roles and aliases (IAM-2, IAM-3, KMS-7), keys, which have policies of their own (KMS-2), and one operation that passes
# resource control policies by (RCP-3).
_set_apart := {
	"iam": ":role/aws-",
	"kms": "^[*]$|:key/|:alias/aws/",
	"sts": "",
}

# The resource policy and the owner of an object are those of its bucket (RES-35).
_has_own_policy if {
	[[stem]] := regex.find_all_string_submatch_n(`^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:[^:/]*`, input.resource, 1)
	data.iam.index.stems[stem]
}

default _is_allowed(_, _, _) := false

_is_allowed(key, service, name) if {
	applies_any(data.iam.index.callers[key].identity, "Allow", service, name)
	not data.iam.index.callers[key].guarded
	_is_sound
}

_is_allowed(key, service, name) if {
	data.iam.index.callers[key].guarded
	applies_any(data.iam.index.callers[key].identity, "Allow", service, name)
	not _is_denied(key, service, name)
	not _is_capped(key, service, name)
	_is_sound
}

default _is_denied(_, _, _) := false

_is_denied(key, service, name) if {
	some set in data.iam.index.callers[key].denying
	applies_any(set, "Deny", service, name)
}

# The owner of the resource is the caller's account, which has levels of its own (RCP-1, RCP-3, RCP-4).
_is_denied(key, service, name) if {
	some set in data.iam.index.accounts[data.iam.index.callers[key].account].denying
	not data.iam.index.callers[key].linked
	catalogue.supports_resource_control
	applies_any(set, "Deny", service, name)
}

default _is_capped(_, _, _) := false

_is_capped(key, service, name) if {
	set := data.iam.index.callers[key].boundary
	not applies_any(set, "Allow", service, name)
}

_is_capped(key, service, name) if {
	some set in data.iam.index.callers[key].levels
	not applies_any(set, "Allow", service, name)
}

# The statement that allows has seen to the form of the action, the index to the caller.
default _is_sound := false

_is_sound if {
	count(input.action) <= 2048
	count(object.get(input, "resource", "*")) <= 2048
}

_is_sound if count(request.errors) == 0
