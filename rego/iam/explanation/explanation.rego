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
import data.iam.pointer
import data.iam.statement

# METADATA
# title: The statements that apply, denials first (EVAL-3)
matched_statements := array.concat(_applying("Deny"), _applying("Allow"))

# METADATA
# title: Statements whose action matches and that fail elsewhere
# description: |
#   `failed` lists each element that does not match: what the policy wants, and what the request has (EXP-2, EXP-3).
near_misses := [object.union(_named(policy, candidate), {"failed": failed}) |
	some policy in _policies
	some candidate in policy.statements
	statement.matches_action(candidate.action)
	failed := array.concat(_resource_failure(candidate), _condition_failures(candidate.conditions))
	count(failed) > 0
]

# METADATA
# title: Keys that a statement asks for and the request lacks (SIM-3)
# description: |
#   Of the statements whose action matches, whether their resource does or needs the key; as they are spelt first.
missing_context_keys := [spelling |
	wanted := {key: written |
		some key, _ in _wanted
		written := sort(_wanted[key])[0]
	}
	some key, spelling in wanted
	condition.not_present(key)
]

# METADATA
# title: What the caller should know of a decision that stands
warnings := sort((((attachment.warnings | catalogue.warnings) | evaluation.protections) | _odd_booleans))

_odd_booleans contains {"code": "NOT_A_BOOLEAN", "message": message, "path": pointer.step("/context", test.written.key)} if {
	some candidate in _concerned
	some test in candidate.conditions
	test.operator == "bool"
	given := context.text(test.key)
	not lower(given) in ["false", "true"]
	message := $"'{given}' is neither true nor false and counts as false (COND-BOOL-1)"
}

# A request in error has no policies to explain.
_policies := attachment.identity if count(evaluation.errors) == 0

_policies := [] if count(evaluation.errors) > 0

_applying(effect) := [_named(policy, candidate) |
	some policy in _policies
	some candidate in policy.statements
	candidate.effect == effect
	statement.applies(candidate)
]

_named(policy, candidate) := {
	"effect": candidate.effect,
	"index": candidate.index,
	"policy": policy.policy,
	"policy_type": "identity",
	"sid": candidate.sid,
}

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
	some policy in _policies
	some candidate in policy.statements
	statement.matches_action(candidate.action)
	_may_match_resource(candidate)
}

default _may_match_resource(_) := false

_may_match_resource(candidate) if statement.matches_resource(candidate)

_may_match_resource(candidate) if {
	some template in candidate.resource.templates
	not context.resolved(template)
}

_variables(templates) := [[lower(part.variable), part.variable] | some template in templates; some part in template; part.variable]
