# METADATA
# title: How policies combine
# description: |
#   The decision from what applies: a Deny is final; else every guardrail must allow and somebody must grant (EVAL-1,
#   EVAL-2).
package iam.evaluation

import data.iam.attachment
import data.iam.request

# METADATA
# title: Whether the request is allowed
# scope: document
default allow := false

allow if decision == "allowed"

# METADATA
# title: The decision in the words of AWS's simulator
# scope: document
default decision := "implicitDeny"

decision := "allowed" if {
	_is_valid
	needs_no_permission
}

decision := "allowed" if {
	_is_valid
	_is_allowed
	not publicly_blocked
}

decision := "explicitDeny" if {
	_is_valid
	not needs_no_permission
	count(denying) > 0
}

# Everybody else's part of a public bucket is blocked as by a Deny (S3-1).
decision := "explicitDeny" if {
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
