package iam.evaluation

import data.iam.assumption
import data.iam.attachment
import data.iam.principal
import data.iam.request
import data.iam.statement

# METADATA
# title: The policy types of which a Deny decides (EVAL-1)
# scope: document
denying contains type if {
	some type, _ in attachment.by_type
	_applies(type, "Deny")
	not _is_overruled(type)
}

# METADATA
# title: The guardrails without an Allow that is needed (EVAL-2)
# description: |
#   Permissions boundary and session policies cap what identity policies and a role's grants give; what a resource policy
#   grants the caller itself within the account passes them by (PB-4, SESS-3).
# scope: document
guardrails contains "service_control" if count(lacking_levels) > 0

guardrails contains "vpc_endpoint" if {
	attachment.by_type.vpc_endpoint
	not _applies("vpc_endpoint", "Allow")
}

guardrails contains "permissions_boundary" if {
	_lacks("permissions_boundary")
	not granted_directly
}

guardrails contains "session" if {
	_lacks("session")
	not _passes_session_policies
}

# METADATA
# title: The levels of the organization at which no service control policy allows (SCP-1, SCP-2)
lacking_levels := [level.id |
	some i, level in attachment.service_control_levels
	not _allowing_levels[i]
]

_allowing_levels contains i if {
	some i, level in attachment.service_control_levels
	some policy in level.policies
	some candidate in policy.statements
	candidate.effect == "Allow"
	statement.applies(candidate)
}

# METADATA
# title: What each policy type says (EXP-4)
verdicts[type] := _verdict(type) if some type in request.policy_types

# METADATA
# title: The grades by which the resource policy's Allow statements apply (PRIN-2)
# description: In discovery mode, those as well that another session of the caller's role would have (DISC-6).
# scope: document
grades contains grade if some grade in _grades_of("Allow")

grades contains "direct" if {
	input.mode == "discovery"
	some policy in attachment.by_type.resource
	some candidate in policy.statements
	count(assumption.session_names(candidate)) > 0
	statement.applies(candidate)
}

default _lacks(_) := false

_lacks(type) if {
	attachment.by_type[type]
	not _applies(type, "Allow")
}

default _passes_session_policies := false

_passes_session_policies if {
	granted_directly
	not _session_policies_cap_all
}

default _session_policies_cap_all := false

_session_policies_cap_all if request.settings.session_policy_caps_direct == true

# The root user's way back into a bucket that its policy has closed (S3-5).
default _is_overruled(_) := false

_is_overruled("resource") if {
	_is_bucket_policy_operation
	principal.kind == "root"
	same_account
}

default _applies(_, _) := false

_applies(type, effect) if {
	some policy in attachment.by_type[type]
	some candidate in policy.statements
	candidate.effect == effect
	statement.applies(candidate)
}

_verdict(type) := "notApplicable" if {
	not _is_present(type)
} else := _denial(type) if {
	_applies(type, "Deny")
} else := "implicitDeny" if {
	type == "service_control"
	count(lacking_levels) > 0
} else := "allowedForAccount" if {
	type == "resource"
	grades == {"account"}
} else := "allowed" if {
	_applies(type, "Allow")
} else := "implicitDeny"

default _is_present(_) := false

_is_present(type) if attachment.by_type[type]

_is_present("service_control") if attachment.service_control_levels

_denial(type) := "deniedForAccount" if {
	type == "resource"
	_grades_of("Deny") == {"account"}
} else := "explicitDeny"

_grades_of(effect) := {statement.grade(candidate) |
	some policy in attachment.by_type.resource
	some candidate in policy.statements
	candidate.effect == effect
	statement.applies(candidate)
}
