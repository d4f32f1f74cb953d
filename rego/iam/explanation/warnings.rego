package iam.explanation

import data.iam.attachment
import data.iam.evaluation
import data.iam.principal
import data.iam.request
import data.iam.statement

# A Deny that exempts the caller at some levels only: AWS documents that it may hold all the same (PRIN-21).
_of_principals contains _about(policy, candidate, "NOTPRINCIPAL_INCOMPLETE", message) if {
	some [policy, candidate] in _exempting
	statement.is_exempt(candidate)
	not principal.is_listed_at_every_level(candidate.principal)
	message := "NotPrincipal exempts the caller, but not its role and its account as AWS documents it (PRIN-21)"
}

_of_principals contains _about(policy, candidate, "NOTPRINCIPAL_WITH_BOUNDARY", message) if {
	some [policy, candidate] in _exempting
	attachment.has_boundary
	not statement.is_exempt(candidate)
	principal.grade(candidate.principal) != "none"
	message := "NotPrincipal exempts nobody who has a permissions boundary (PRIN-23)"
}

# A gateway endpoint takes nobody but everyone; which kind of endpoint it is, the request doesn't say (VPCE-3).
_of_principals contains _about(policy, candidate, "ENDPOINT_PRINCIPAL", message) if {
	regex.match(`^(dynamodb|s3):`, request.action)
	some policy in _policies.vpc_endpoint
	some candidate in policy.statements
	not candidate.principal.every
	message := "a gateway endpoint's policy names its callers by conditions, with the Principal '*' (VPCE-3)"
}

# A Deny that can't tell what it excludes doesn't apply, which is loud news (OPEN-3).
_of_resources contains warning if {
	some policies in _policies
	some policy in policies
	some candidate in policy.statements
	candidate.resource.negated
	some warning in undecided(candidate, policy)
}

# METADATA
# title: Warnings of a Deny whose NotResource can't be decided
# description: Takes the statement and its policy. A set; mostly empty.
undecided(candidate, policy) := {_about(policy, candidate, oddity.code, oddity.message) |
	some oddity in statement.resource_oddities(candidate)
}

_exempting contains [policy, candidate] if {
	some policy in _policies.resource
	some candidate in policy.statements
	candidate.effect == "Deny"
	candidate.principal.negated
}

_about(policy, candidate, code, message) := {
	"code": code,
	"message": $"{policy.policy}, statement {candidate.index}: {message}",
	"path": "/policies",
}

_of_credentials contains {"code": "NOT_FOR_CREDENTIALS", "message": message, "path": "/action"} if {
	some message in evaluation.restrictions
}
