package iam.explanation

import data.iam.attachment
import data.iam.evaluation
import data.iam.principal
import data.iam.request

# METADATA
# title: What stands between a grant and an allowed request (EXP-5)
# description: |
#   Every policy type whose Deny, or whose missing Allow, keeps the request from being allowed; without all of them it
#   would be. Empty where nobody grants in the first place, and where AWS refuses whatever the policies say.
default blocked_by := []

blocked_by := array.concat(
	[type | some type in request.policy_types; (evaluation.denying | evaluation.guardrails)[type]],
	["s3_block_public_access" | evaluation.publicly_blocked],
) if {
	count(evaluation.errors) == 0
	evaluation.granted
	count(evaluation.refusals) == 0
	not evaluation.needs_no_permission
}

# METADATA
# title: What each policy type says (EXP-4)
# description: Empty for a request in error.
default verdicts := {}

verdicts := evaluation.verdicts if count(evaluation.errors) == 0

# METADATA
# title: The policy types, and levels of the organization, that lack an Allow (EXP-6)
default implicit_denies := []

implicit_denies := array.concat(
	[{"level": level, "policy_type": "service_control"} | some level in evaluation.lacking_levels],
	[{"policy_type": type} |
		some type in request.policy_types
		type != "service_control"
		_lacks_allow[type]
	],
) if {
	evaluation.decision == "implicitDeny"
	count(evaluation.errors) == 0
}

_lacks_allow[type] if some type, "implicitDeny" in evaluation.verdicts

# A grant that only a policy which nobody gave could have made.
_lacks_allow["resource"] if {
	evaluation.verdicts.resource == "notApplicable"
	_needs_resource_policy
}

# A caller that can have identity policies has a set of them, if an empty one (EVAL-4).
_lacks_allow["identity"] if {
	evaluation.verdicts.identity == "notApplicable"
	principal.has_identity_policies
}

_lacks_allow["session"] if {
	principal.kind == "federated_session"
	not attachment.by_type.session
}

default _needs_resource_policy := false

_needs_resource_policy if not evaluation.same_account

_needs_resource_policy if request.is_about_key

# METADATA
# title: What the decision turns on and nobody gave, each with what was assumed
# description: Sorted by `input`; empty where a Deny, AWS itself or an error decides.
default missing_inputs := []

missing_inputs := sort(_missing_inputs) if {
	count(evaluation.errors) == 0
	count(evaluation.denying) == 0
	count(evaluation.refusals) == 0
	not evaluation.needs_no_permission
}

_missing_inputs contains {"assumed": "no condition of a trust policy: identity policies decide (TRUST-8)", "input": "role_trust_policy"} if {
	request.is_role_assumption
	not attachment.by_type.resource
}

_missing_inputs contains {"assumed": assumed, "input": "key_policy"} if {
	request.is_about_key
	not attachment.by_type.resource
	assumed := _assumed_key_policy
}

# Were the resource another account's, that account would have to grant as well.
_missing_inputs contains {"assumed": "the caller's account", "input": "resource_account"} if {
	request.resource != "*"
	request.resource_account == ""
	evaluation.same_account
	evaluation.granted
	not evaluation.granted_across_accounts
}

_missing_inputs contains {"assumed": "no user of whom a resource policy speaks", "input": "federating_user_arn"} if {
	principal.kind == "federated_session"
	not principal.entity
	some policy in attachment.by_type.resource
	some candidate in policy.statements
	_could_turn(candidate.effect)
	some name, _ in candidate.principal.names.AWS
	contains(name, ":user/")
}

default _could_turn(_) := false

_could_turn("Deny")

_could_turn("Allow") if not evaluation.granted

_assumed_key_policy := "AWS's default key policy (KMS-1)" if request.settings.default_key_policy == true

_assumed_key_policy := "a key policy that grants nothing (KMS-1)" if not request.settings.default_key_policy == true
