package iam.lookup

import data.iam.catalogue
import data.iam.evaluation
import data.iam.order
import data.iam.request

# METADATA
# title: The decision by lookup
# description: |
#   The same as in `iam.authz` but for the revision, for requests that the index answers of callers that have identity
#   policies alone. As in `answer`, what costs is the number of steps. Undefined for every other request.
decision := {
	"allow": allow,
	"assumed_conditions": {},
	"blocked_by": blocked_by,
	"decision": decided,
	"errors": [],
	"foreign_context_keys": foreign,
	"implicit_denies": implicit_denies,
	"matched_statements": matched,
	"missing_context_keys": lacking,
	"missing_inputs": [{"assumed": "the caller's account", "input": "resource_account"} |
		allow
		regex.match(`^arn:[^:]*:[^:]*:[^:]*::`, input.resource)
		not input.resource_account
	],
	"near_misses": near_misses,
	"not_checked": unchecked,
	"requirement": null,
	"revision": data.iam.bundle.revision,
	"verdicts": {
		"identity": verdict,
		"permissions_boundary": "notApplicable",
		"resource": "notApplicable",
		"resource_control": "notApplicable",
		"service_control": "notApplicable",
		"session": "notApplicable",
		"vpc_endpoint": "notApplicable",
	},
	"warnings": warnings,
} if {
	_caller.alone
	[allow, blocked_by, decided, implicit_denies, verdict, matched, near_misses, lacking, _] := _said
	[foreign, unchecked, warnings, false] = _noted
} else := _decision_about_key

# What is to be said of the request itself: the keys that are foreign to it, what can't be checked, warnings, and whether it is
# about a key of KMS. Undefined where the action or the context is none, or more is to be seen than what policies say. Most often
# the action is a listed one, about a resource of the caller's account, and the context has nothing uncommon.
_noted := [[], [], catalogue.odd_resource(service, number, input.resource), false] if {
	[service, name, partition] := _read
	partition != ""
	number := data.iam.reference.services[service].actions[name]
	not _is_special(service)
	_said[8] == set()
} else := [[], [], [], false] if {
	[service, name, ""] = _read
	data.iam.reference.services[service].actions[name]
	service != "sts"
	_said[8] == set()
	_is_settled_for_every_resource
} else := [foreign, [], order.findings((({odd | some odd in about_resource} | catalogue.odd_context) | _said[8])), of_key] if {
	of_key := _is_of_key
	[service, name] := _action
	number := data.iam.reference.services[service].actions[name]
	request.is_sound_context
	_is_about_told_resource
	about_resource := catalogue.odd_resource(service, number, object.get(input, "resource", "*"))
	foreign := catalogue.foreign_context_keys
} else := [foreign, unchecked, order.findings(catalogue.warnings | _said[8]), _is_of_key] if {
	request.is_sound_action
	request.is_sound_context
	_is_about_told_resource
	foreign := catalogue.foreign_context_keys
	unchecked := catalogue.not_checked
}

# Of which more may be to be said than policies do.
default _is_special(_) := false

_is_special(service) if service == "kms"

_is_special(service) if service == "sts"

_is_special(service) if {
	service == "iam"
	regex.match(`^arn:[^:]*:iam::(?:aws:policy|[^:]*:role/aws-[^/]*)/`, input.resource)
}

# Undefined for assuming roles and asking for credentials (F.5, STS-1 to STS-3), and for what AWS keeps (IAM-1 to IAM-3, KMS-7).
_is_of_key := of_key if {
	[service, _] := _action
	service != "sts"
	not _is_kept(service)
	of_key := regex.match(`^kms:arn:[^:]*:kms:[^:]*:[^:]*:key/`, concat(":", [service, object.get(input, "resource", "*")]))
}

default _is_kept(_) := false

_is_kept(service) if {
	service in ["iam", "kms"]
	evaluation.is_kept(input.resource)
}

# Of the caller's own account; or `*`, if it is denied, or no action with resources, or allowed by a statement about all of
# them, or at one of them (RES-43).
_is_about_told_resource if {
	_is_own
} else if {
	object.get(input, "resource", "*") == "*"
	_is_settled_for_every_resource
}

_is_settled_for_every_resource if {
	_said[0] == false
} else if {
	[[_, number, policy]] = _spoken
	data.iam.policies[policy].statements[number].always
} else if {
	some [told, [], [], found] in _weighed
	told.effect == "Allow"
	_is_about_everything(found)
} else if {
	not catalogue.supports_resources
} else if {
	_is_let_at_some_resource
}

# Where no Deny speaks of the action, what allows it of a resource that the caller's account can own, allows it there.
_is_let_at_some_resource if {
	_action[0] != "kms"
	every entry in _weighed {
		entry[0].effect == "Allow"
	}
	some [_, [], [], found] in _tested
	not found.resource.negated
	some entry in found.resource.written
	regex.match(_entries_of_own, entry)
	_matches_itself(found.resource, entry)
	not evaluation.is_kept(entry)
}

default _is_about_everything(_) := false

_is_about_everything(found) if found == "plain"

_is_about_everything(found) if found.reach == ""
