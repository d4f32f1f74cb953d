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
import data.iam.evaluation
import data.iam.request

# METADATA
# title: Whether the request is allowed; undefined where the index doesn't tell
answer := allowed if {
	count(input.resource) <= 2048
	regex.match(data.iam.index.callers[_key].own, input.resource)
	allowed := _allows
} else := allowed if {
	object.get(input, "resource", "*") == "*"
	allowed := _allows
	_is_settled(allowed)
} else if {
	object.get(input, "resource", "*") == "*"
	_allows == false
	_grants_some_resource
	request.is_sound_context
} else := allowed if {
	count(input.resource) <= 2048
	regex.match(data.iam.index.callers[_key].among, input.resource)
	not _has_own_policy
	allowed := _allows
}

# No action of AWS is longer, and no ARN. What a pattern costs grows with the text.
_allows := allowed if {
	object.remove(input, ["action", "context", "principal", "resource"]) == {}
	count(input.action) <= 2048
	[service, name] := split(lower(input.action), ":")
	not {"iam", "kms", "sts"}[service]
	allowed := _is_allowed(_key, service, name)
} else := allowed if {
	object.remove(input, ["action", "context", "principal", "resource", "resource_account"]) == {}
	account := data.iam.index.callers[_key].account
	object.get(input, "resource_account", account) == account
	count(input.action) <= 2048
	[service, name] := split(lower(input.action), ":")
	not _is_set_apart(service, name)
	allowed := _is_allowed_of(service, name)
}

# A key without a policy is closed to identity policies (KMS-2), and some things AWS keeps for itself (IAM-1 to IAM-3, KMS-7).
_is_allowed_of(service, name) := _is_allowed(_key, service, name) if not _is_closed(service)

_is_allowed_of(service, _) := false if _is_closed(service)

default _is_closed(_) := false

_is_closed(service) if {
	service == "kms"
	regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/`, input.resource)
}

_is_closed(service) if {
	service == "iam"
	evaluation.is_kept(input.resource)
}

# The caller's key in the index. A session's ARN has its role's name, in whatever case (PRIN-8).
_key := input.principal if {
	data.iam.index.callers[input.principal]
} else := data.iam.index.sessions[pieces[0]][lower(pieces[1])] if {
	regex.match(`^[^/]*/[\w+=,.@-]{1,128}/[\w+=,.@-]{1,128}$`, input.principal)
	pieces := split(input.principal, "/")
}

# Of which more is to be said than policies do: assuming roles and asking for credentials (F.5, STS-1 to STS-3), and what
# resource control policies don't reach (RCP-3).
default _is_set_apart(_, _) := false

_is_set_apart(service, _) if service == "sts"

_is_set_apart(service, name) if {
	service == "kms"
	some text in [name, input.resource]
	regex.match("^retiregrant$|:alias/aws/", text)
}

# A resource policy is that of the very resource, or of an object's bucket (RES-35).
_has_own_policy if data.iam.account.resources[input.resource]

_has_own_policy if data.iam.account.resources[split(input.resource, "/")[0]]

# A statement that allows has seen to the form of the action, and the index to the caller; only the context is left.
default _is_allowed(_, _, _) := false

_is_allowed(key, service, name) if {
	applies_any(data.iam.index.callers[key].identity, "Allow", service, name)
	not data.iam.index.callers[key].guarded
	request.is_sound_context
}

_is_allowed(key, service, name) if {
	data.iam.index.callers[key].guarded
	applies_any(data.iam.index.callers[key].identity, "Allow", service, name)
	not _is_denied(key, service, name)
	not _is_capped(key, service, name)
	request.is_sound_context
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
