package iam.lookup

# A key without a policy is closed: what identity policies allow is no grant (KMS-1, KMS-2). A key that has a policy is none of the
# resources of which decisions are told.
_decision_about_key := {
	"allow": false,
	"assumed_conditions": {},
	"blocked_by": [],
	"decision": decided,
	"errors": [],
	"foreign_context_keys": foreign,
	"implicit_denies": array.concat([{"policy_type": "resource"} | decided == "implicitDeny"], silent),
	"matched_statements": matched,
	"missing_context_keys": lacking,
	"missing_inputs": [{"assumed": "a key policy that grants nothing (KMS-1)", "input": "key_policy"} | decided == "implicitDeny"],
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
	[_, _, _, silent, verdict, matched, near_misses, lacking, _] := _said
	[foreign, unchecked, warnings, true] = _noted
	decided := _decided_about_key(verdict)
}

_decided_about_key(verdict) := "explicitDeny" if {
	verdict == "explicitDeny"
} else := "implicitDeny"
