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
import data.iam.condition
import data.iam.evaluation
import data.iam.request

# METADATA
# title: Whether the request is allowed; undefined where the index doesn't tell
answer if {
	_is_granted
	_is_own
	_is_unbound
	request.is_sound_context
	_is_of_open_service
} else := false if {
	_is_own
	not {"kms", "sts"}[_asked[0]]
} else := allowed if {
	_is_own
	allowed := _allows
} else := allowed if {
	object.get(input, "resource", "*") == "*"
	allowed := _allows_every
}

# A statement of the caller's policies allows it: by a name, of whatever resource; by a name; or more widely.
_is_granted if _is_granted_always

_is_granted if {
	[service, name] := _asked
	some policy in data.iam.index.sets[_caller.identity].Allow.tested[service]
	some number in data.iam.policies[policy].actions.Allow[service].tested[name]
	regex.match(data.iam.policies[policy].statements[number].reach, _reached)
	request.is_sound_context # else no condition can be weighed, and the request is denied in any case
	every test in data.iam.policies[policy].statements[number].conditions {
		condition.satisfied(test)
	}
}

_is_granted if {
	_may_be_granted_otherwise
	[service, name] := _asked
	applies_otherwise(_caller.identity, "Allow", service, name)
}

# Most policies name actions, with one expression for what they are about: one look tells that there is nothing else.
_may_be_granted_otherwise if {
	some each in [_asked[0], "*"]
	data.iam.index.sets[_caller.identity].Allow.open[each]
}

_may_be_granted_otherwise if {
	[service, name] := _asked
	data.iam.index.sets[_caller.identity].Allow.unlisted[service]
	not data.iam.reference.services[service].actions[name]
}

# Of every resource only what reaches all speaks, whose expression matches even nothing.
_reached := trim(object.get(input, "resource", ""), "*")

_is_granted_always if {
	[service, name] := _asked
	some policy in data.iam.index.sets[_caller.identity].Allow.always[service]
	data.iam.policies[policy].actions.Allow[service].always[name]
}

# Neither a Deny nor the silence of a guardrail stands in the caller's way.
_is_unbound if not _caller.guarded

_is_unbound if {
	_caller.guarded
	[service, name] := _asked
	not _is_stopped(service, name)
}

# AWS keeps nothing of the service for itself, or not this (IAM-1 to IAM-3); KMS and STS are looked at apart.
_is_of_open_service if not regex.match(`^(?i:iam|kms|sts):`, input.action)

_is_of_open_service if {
	startswith(request.action, "iam:")
	not _is_closed("iam")
}

# The action of a plain request, in lower case and in two. The caller's account may be named as the resource's owner.
_asked := split(lower(input.action), ":") if {
	object.remove(input, ["action", "context", "principal", "resource"]) == {}
} else := split(lower(input.action), ":") if {
	object.remove(input, ["action", "context", "principal", "resource", "resource_account"]) == {}
	input.resource_account == _caller.account
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
}

_is_own if {
	count(input.resource) <= 2048
	regex.match(_caller.among, input.resource)
	not _has_own_policy
}

_has_own_policy if data.iam.account.resources[input.resource]

_has_own_policy if data.iam.account.resources[split(input.resource, "/")[0]]

_allows := _is_allowed(service, name) if {
	[service, name] := _asked
	not _is_set_apart(service, name)
	_caller.account
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

# A statement that allows has seen to the form of the action, and the index to the caller; only the context is left.
default _is_allowed(_, _) := false

_is_allowed(service, name) if {
	not _is_closed(service)
	_is_granted
	not _is_stopped(service, name)
	request.is_sound_context
}

# A key without a policy is closed to identity policies (KMS-2), and some things AWS keeps for itself (IAM-1 to IAM-3, KMS-7).
default _is_closed(_) := false

_is_closed(service) if {
	service == "kms"
	regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/`, input.resource)
}

_is_closed(service) if {
	service == "iam"
	evaluation.is_kept(input.resource)
}

# By a Deny, or by the silence of a boundary or of a level.
default _is_stopped(_, _) := false

_is_stopped(service, name) if {
	_caller.guarded
	applies_any(_caller.denying, "Deny", service, name)
}

# The owner of the resource is the caller's account, which has levels of its own (RCP-1, RCP-3, RCP-4).
_is_stopped(service, name) if {
	_caller.guarded
	not _caller.linked
	catalogue.supports_resource_control
	applies_any(data.iam.index.accounts[_caller.account].denying, "Deny", service, name)
}

_is_stopped(service, name) if {
	some set in _caller.caps
	not applies_any(set, "Allow", service, name)
}
