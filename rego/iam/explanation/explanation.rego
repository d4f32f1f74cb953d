# METADATA
# title: Why the decision is what it is
# description: What `decision` tells beyond `allow`, which never pays for it (G.2).
# schemas:
#   - input: schema.request
package iam.explanation

import data.iam.attachment
import data.iam.catalogue
import data.iam.condition
import data.iam.context
import data.iam.evaluation
import data.iam.order
import data.iam.pointer
import data.iam.principal
import data.iam.request
import data.iam.statement

# METADATA
# title: The statements that apply, denials first (EVAL-3, EXP-7)
matched_statements := array.concat(_applying("Deny"), _applying("Allow"))

# METADATA
# title: Statements whose action matches and that fail elsewhere
# description: |
#   `failed` lists each element that does not match: what the policy wants, and what the request has (EXP-2, EXP-3).
near_misses := [object.union(_named(type, policy, candidate), {"failed": failed}) |
	some type in request.policy_types
	some policy in _policies[type]
	some candidate in policy.statements
	failed := array.concat(
		array.concat(_principal_failure(candidate), _resource_failure(candidate)),
		_condition_failures(candidate.conditions),
	)
	count(failed) > 0
	not statement.applies(candidate)
]

# METADATA
# title: Keys that a statement asks for and the request lacks (SIM-3)
# description: |
#   Of the statements whose action matches, whether their resource does or needs the key; as they are spelt first.
missing_context_keys := [spelling |
	some key in order.texts(object.keys(_wanted))
	spelling := order.texts(_wanted[key])[0]
	condition.not_present(key)
]

# METADATA
# title: What the caller should know of a decision that stands
# description: Of a request that is itself in error there is nothing to know.
default warnings := []

warnings := order.findings(union({
	attachment.warnings,
	catalogue.warnings,
	evaluation.refusals,
	_odd_values,
	_of_credentials,
	_of_principals,
	_of_resources,
})) if {
	count(request.errors) == 0
}

_odd_values contains {"code": oddity.code, "message": oddity.message, "path": pointer.step("/context", oddity.key)} if {
	some candidate in _concerned
	some test in candidate.conditions
	some oddity in condition.oddities(test)
}

# A request in error has no policies to explain.
_policies := attachment.by_type if count(evaluation.errors) == 0

_policies := {} if count(evaluation.errors) > 0

_applying(effect) := [_named(type, policy, candidate) |
	some type in request.policy_types
	some policy in _policies[type]
	some candidate in policy.statements
	candidate.effect == effect
	statement.applies(candidate)
]

# A resource policy's statement is told with the grade by which it names the caller (PRIN-2).
_named(type, policy, candidate) := object.union_n([
	statement.told(candidate, policy),
	{"policy_type": type},
	{"grade": grade | type == "resource"; grade := statement.grade(candidate)},
])

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

_wanted[key] contains written if {
	some candidate in _concerned
	some test in candidate.conditions
	some [key, written] in array.concat([[test.key, test.written.key]], _variables(test.templates))
}

_wanted[key] contains written if {
	some candidate in _concerned
	some [key, written] in _variables(candidate.resource.templates)
}

_concerned contains candidate if {
	some policies in _policies
	some policy in policies
	some candidate in policy.statements
	_may_match_resource(candidate)
}

default _may_match_resource(_) := false

_may_match_resource(candidate) if statement.matches_resource(candidate)

_may_match_resource(candidate) if {
	some template in candidate.resource.templates
	not context.resolved(template)
}

_variables(templates) := [[lower(part.variable), part.variable] | some template in templates; some part in template; part.variable]
