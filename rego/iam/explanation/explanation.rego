# METADATA
# title: Why the decision is what it is
# description: What `decision` tells beyond `allow`, which never pays for it (G.2).
# schemas:
#   - input: schema.request
package iam.explanation

import data.iam.attachment
import data.iam.catalogue
import data.iam.condition
import data.iam.evaluation
import data.iam.order
import data.iam.principal
import data.iam.request
import data.iam.statement

# METADATA
# title: The statements that apply, denials first (EVAL-3, EXP-7)
matched_statements := array.concat(
	[told | some [told, true, _] in _weighed; told.effect == "Deny"],
	[told | some [told, true, _] in _weighed; told.effect == "Allow"],
)

# METADATA
# title: Statements whose action matches and that fail elsewhere
# description: |
#   `failed` lists each element that does not match: what the policy wants, and what the request has (EXP-2, EXP-3).
near_misses := [object.union(told, {"failed": failed}) |
	some [told, false, failed] in _weighed
	failed != []
]

# METADATA
# title: Keys that a statement asks for and the request lacks (SIM-3)
# description: |
#   Of the statements whose action matches, whether their resource does or needs the key; as they are spelt first.
missing_context_keys := missing_keys(_concerned)

# METADATA
# title: What the caller should know of a decision that stands
# description: Of a request that is itself in error there is nothing to know.
default warnings := []

warnings := order.findings(union({
	attachment.warnings,
	catalogue.warnings,
	evaluation.refusals,
	odd_values(_concerned),
	_of_credentials,
	_of_principals,
	_of_resources,
})) if {
	count(request.errors) == 0
}

# A request in error has no policies to explain.
_policies := attachment.by_type if count(evaluation.errors) == 0

_policies := {} if count(evaluation.errors) > 0

# How each statement is told of, whether it applies, and what fails of it.
_weighed := [[_named(type, policy, candidate), applies, failed] |
	some type in request.policy_types
	some policy in _policies[type]
	some candidate in policy.statements
	[applies, failed] := _applies_or_fails(candidate)
]

_applies_or_fails(candidate) := [true, []] if {
	statement.applies(candidate)
} else := [false, array.concat(
	array.concat(_principal_failure(candidate), _resource_failure(candidate)),
	_condition_failures(candidate.conditions),
)]

# A resource policy's statement is told with the grade by which it names the caller (PRIN-2).
_named(type, policy, candidate) := object.union(statement.told(candidate, policy), {"policy_type": type}) if {
	type != "resource"
} else := object.union(statement.told(candidate, policy), {"grade": statement.grade(candidate), "policy_type": type})

_principal_failure(candidate) := [{"element": element, "given": principal.id, "wanted": candidate.principal.written} |
	not statement.matches_principal(candidate)
	element := {false: "Principal", true: "NotPrincipal"}[candidate.principal.negated]
]

_resource_failure(candidate) := [statement.resource_failure(candidate) | not statement.matches_resource(candidate)]

_condition_failures(conditions) := [failure |
	some test in conditions
	not condition.satisfied(test)
	failure := condition.failure(test)
]

_concerned contains candidate if {
	some policies in _policies
	some policy in policies
	some candidate in policy.statements
	may_match_resource(candidate)
}
