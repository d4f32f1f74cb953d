package iam.lookup

import data.iam.action
import data.iam.catalogue
import data.iam.order
import data.iam.request

# METADATA
# title: The decision by lookup
# description: |
#   The same as in `iam.authz` but for the revision, for requests that the index answers and of which there is little to tell:
#   the caller has identity policies alone, and each statement that speaks of the action always applies. Undefined for every
#   other request.
decision := {
	"allow": _decision == "allowed",
	"assumed_conditions": {},
	"blocked_by": ["identity" | _decision == "explicitDeny"; _matched("Allow") != []],
	"decision": _decision,
	"errors": [],
	"foreign_context_keys": catalogue.foreign_context_keys,
	"implicit_denies": [{"policy_type": "identity"} | _decision == "implicitDeny"],
	"matched_statements": array.concat(_matched("Deny"), _matched("Allow")),
	"missing_context_keys": [],
	"missing_inputs": [_missing_owner | _decision == "allowed"; _segments[4] == ""],
	"near_misses": [],
	"not_checked": catalogue.not_checked,
	"requirement": null,
	"verdicts": {
		"identity": _verdict,
		"permissions_boundary": "notApplicable",
		"resource": "notApplicable",
		"resource_control": "notApplicable",
		"service_control": "notApplicable",
		"session": "notApplicable",
		"vpc_endpoint": "notApplicable",
	},
	"warnings": order.findings(catalogue.warnings),
} if {
	_is_told
}

_is_told if {
	_caller.alone
	request.is_plain
	_is_own_or_every_resource
	not {"kms", "sts"}[action.service]
	not _needs_explanation
	not _is_closed(action.service)
	request.is_sound_action
	request.is_sound_context
}

_is_own_or_every_resource if _is_own

_is_own_or_every_resource if object.get(input, "resource", "*") == "*"

_needs_explanation if {
	some [_, _, false, _] in _places
}

default _places := []

_places := [place | some place in _identity_places] if count(_identity_places) < 2

# In the order of the caller's policies.
_places := [place |
	some policy in data.iam.account.principals[_caller.arn].policies
	some place in sort(_identity_places)
	place[0] == policy
] if {
	count(_identity_places) > 1
}

_matched(effect) := [told |
	some [policy, number, _, stated] in _places
	stated == effect
	statement := data.iam.policies[policy].statements[number]
	told := {
		"effect": effect,
		"index": statement.index,
		"policy": policy,
		"policy_type": "identity",
		"sid": statement.sid,
	}
]

default _decision := "implicitDeny"

_decision := "explicitDeny" if _matched("Deny") != []

_decision := "allowed" if {
	_matched("Deny") == []
	_matched("Allow") != []
}

_verdict := "notApplicable" if not _caller.identity

_verdict := _decision if _caller.identity

default _segments := []

_segments := split(input.resource, ":")

_missing_owner := {"assumed": "the caller's account", "input": "resource_account"}
