package iam.discovery

import data.iam.attachment
import data.iam.evaluation
import data.iam.expression
import data.iam.principal
import data.iam.request
import data.iam.statement

# METADATA
# title: What must be so for the request to be allowed
# description: |
#   An expression of `iam.expression`, whose leaves are conditions (`operator`, `key`, `values`) and `session_name`. Null where
#   the request isn't allowed even under assumptions, and where it is without any (DISC-10).
default requirement := null

requirement := _requirement if {
	_discovers
	evaluation.decision == "allowed"
	not is_boolean(_requirement)
}

# DISC-7. Resource control policies require nothing: AWS's own allows at every level (RCP-2).
_requirement := expression.all_of(union({
	{_of_grants},
	{_of_policies(level.policies) | some level in attachment.service_control_levels},
	{_of_type("vpc_endpoint") | attachment.by_type.vpc_endpoint},
	{expression.any_of(_escapes(candidate)) |
		some policies in attachment.by_type
		some policy in policies
		some candidate in policy.statements
		statement.is_avoided(candidate)
	},
}))

_of_type(type) := _of_policies(attachment.by_type[type])

_of_policies(policies) := expression.any_of({_of_statement(candidate) |
	some policy in policies
	some candidate in policy.statements
	_grants(candidate)
})

default _grants(_) := false

_grants(candidate) if {
	candidate.effect == "Allow"
	statement.applies(candidate)
}

_of_statement(candidate) := expression.all_of(_wanted(candidate) | _session_name(candidate))

# The ways to a grant (F.3, F.4), with the statements that each rests on.
_of_grants := expression.any_of(_ways)

_ways contains expression.all_of({_of_grades({"direct", "wildcard"})} | _of_capping_session) if evaluation.granted_directly

_ways contains _of_grades(_grades_without_account) if evaluation.granted_without_account

_ways contains expression.all_of({_of_grades({"role", "user"})} | _of_caps) if evaluation.granted_through_entity

_ways contains expression.all_of({_of_type("identity"), _of_enabling} | _of_caps) if evaluation.granted_by_identity

_ways contains true if evaluation.granted_to_root

_ways contains expression.all_of({_of_grades(evaluation.grades), _of_own_account} | _of_caps) if {
	evaluation.crosses_accounts
	evaluation.granted_across_accounts
}

_of_caps := {_of_type(type) |
	some type in ["permissions_boundary", "session"]
	attachment.by_type[type]
}

# OPEN-16
_of_capping_session := {_of_type("session") |
	attachment.by_type.session
	request.settings.session_policy_caps_direct == true
}

_grades_without_account := {"direct"} if principal.kind == "identity_provider"

_grades_without_account := {"direct", "wildcard"} if principal.kind != "identity_provider"

# A key's or a role's own policy must name the account for its identity policies to count (KMS-2, TRUST-2).
default _of_enabling := true

_of_enabling := _of_grades({"account"}) if {
	some concerned in [request.is_about_key, request.is_role_assumption]
	concerned
	attachment.by_type.resource
}

# Callers without identity policies have an account that needs to say nothing (ROOT-3).
default _of_own_account := true

_of_own_account := _of_type("identity") if attachment.by_type.identity

_of_grades(grades) := expression.any_of({needed |
	some policy in attachment.by_type.resource
	some candidate in policy.statements
	_grants(candidate)
	some [grade, needed] in _ways_through(candidate)
	grade in grades
})

# A statement of the resource policy grants by the grade that the caller has, and as directly to a session that it names
# (DISC-6).
_ways_through(candidate) := {[statement.grade(candidate), _of_statement(candidate)]} | {["direct", needed] |
	some name in _session_names(candidate)
	needed := expression.all_of(_wanted(candidate) | {name})
}
