# METADATA
# title: How policies combine
# description: |
#   The decision from what applies: a Deny is final, an Allow is needed (EVAL-1, EVAL-2). Identity policies decide here, so
#   what only another policy type can grant is denied (SAME-2, XACC-5).
package iam.evaluation

import data.iam.arn
import data.iam.attachment
import data.iam.principal
import data.iam.request
import data.iam.statement

# METADATA
# title: Whether the request is allowed
# scope: document
default allow := false

allow if {
	count(errors) == 0
	_granted
	not explicitly_denied
	count(protections) == 0
}

# METADATA
# title: The decision in the words of AWS's simulator
# scope: document
default decision := "implicitDeny"

decision := "allowed" if allow

decision := "explicitDeny" if {
	count(errors) == 0
	explicitly_denied
}

# METADATA
# title: What makes the request undecidable, so that it is denied (EVAL-8)
errors := request.errors if count(request.errors) > 0

errors := attachment.errors if count(request.errors) == 0

# METADATA
# title: Whether a Deny applies (EVAL-1)
# scope: document
default explicitly_denied := false

explicitly_denied if {
	some policy in attachment.identity
	some candidate in policy.statements
	candidate.effect == "Deny"
	statement.applies(candidate)
}

default _granted := false

_granted if {
	_same_account
	not _is_key
	principal.kind != "federated_session" # has nothing without a session policy (SESS-4)
	some policy in attachment.identity
	some candidate in policy.statements
	candidate.effect == "Allow"
	statement.applies(candidate)
}

# An account's root user needs no policy within it (ROOT-1), save for keys and trust policies (ROOT-2).
_granted if {
	principal.kind == "root"
	_same_account
	not _is_key
	not startswith(request.action, "sts:assumerole")
}

default _same_account := false

_same_account if {
	principal.account != ""
	request.resource == "*"
	_is_own(request.resource_account)
}

_same_account if {
	principal.account != ""
	arn.segments(request.normalised_resource)[1] == principal.partition # XACC-8
	_is_own(request.resource_account)
}

# An ARN that names no account, and nobody who says whose it is: taken for the caller's. AWS's own are for everyone.
_is_own("")

_is_own("aws")

_is_own(account) if account == principal.account

# Without its key policy nobody has access to a key (KMS-1).
default _is_key := false

_is_key if {
	startswith(request.action, "kms:")
	startswith(arn.segments(request.normalised_resource)[5], "key/")
}
