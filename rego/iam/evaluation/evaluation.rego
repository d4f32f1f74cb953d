# METADATA
# title: How policies combine
# description: |
#   The decision from what applies: a Deny is final; else every guardrail must allow and somebody must grant (EVAL-1,
#   EVAL-2).
package iam.evaluation

import data.iam.attachment
import data.iam.request
import data.iam.statement

# METADATA
# title: Whether the request is allowed
# scope: document
default allow := false

allow if decision == "allowed"

# METADATA
# title: The decision in the words of AWS's simulator
# scope: document
default decision := "implicitDeny"

decision := outcome if not _is_narrowed

# A request about a pattern is allowed where any of the patterns that an Allow makes of it is (RES-43); it is itself one of
# them where an Allow covers it whole.
decision := "allowed" if {
	_is_narrowed
	_is_allowed_narrowed
}

decision := "explicitDeny" if {
	_is_narrowed
	not _is_allowed_narrowed
	_outcomes == {"explicitDeny"}
}

default _is_narrowed := false

_is_narrowed if {
	not request.single_resource
	outcome == "allowed"
	count(_narrower) > 0
}

default _is_allowed_narrowed := false

_is_allowed_narrowed if _narrower[request.resource]

_is_allowed_narrowed if {
	some resource in _narrower
	decided := outcome with input.resource as resource
	decided == "allowed"
}

_narrower contains resource if {
	some type in ["identity", "resource"]
	some policy in attachment.by_type[type]
	some candidate in policy.statements
	candidate.effect == "Allow"
	some resource in statement.overlapping_patterns(candidate)
}

_outcomes contains result if {
	some resource in _narrower
	result := outcome with input.resource as resource
}

# METADATA
# title: The decision on the request's resource as it stands
# description: Of one resource that is the decision; of a pattern of resources, its first part (RES-43).
# scope: document
default outcome := "implicitDeny"

outcome := "allowed" if {
	_is_valid
	needs_no_permission
}

outcome := "allowed" if {
	_is_valid
	_is_allowed
	not publicly_blocked
}

outcome := "explicitDeny" if {
	_is_valid
	not needs_no_permission
	count(denying) > 0
}

# Everybody else's part of a public bucket is blocked as by a Deny (S3-1).
outcome := "explicitDeny" if {
	_is_valid
	_is_allowed
	publicly_blocked
}

# METADATA
# title: What makes the request undecidable, so that it is denied (EVAL-8)
errors := request.errors if count(request.errors) > 0

errors := attachment.errors if count(request.errors) == 0

default _is_valid := false

_is_valid if count(errors) == 0

default _is_allowed := false

_is_allowed if {
	granted
	not needs_no_permission
	count(denying) == 0
	count(guardrails) == 0
	count(refusals) == 0
}
