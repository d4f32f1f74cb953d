# METADATA
# title: Discovery mode
# description: |
#   Under which conditions would the request be allowed? What the decision of discovery mode assumes, and what must be so for
#   it (G.3).
# schemas:
#   - input: schema.request
package iam.discovery

import data.iam.assumption
import data.iam.attachment
import data.iam.evaluation
import data.iam.expression
import data.iam.principal
import data.iam.request
import data.iam.statement

# METADATA
# title: What was assumed, by policy type
# description: |
#   Of each statement that applies by assumption or, a Deny, is avoided by assumption, the `conditions`: of an Allow those that
#   must hold, and the session's name where it turns on that; of a Deny the negations of which one must hold (DISC-3 to
#   DISC-6, DISC-8). Nothing outside discovery mode.
default assumed_conditions := {}

assumed_conditions := {type: found |
	some type in request.policy_types
	found := [object.union(statement.told(candidate, policy), {"conditions": sort(conditions)}) |
		some policy in attachment.by_type[type]
		some candidate in policy.statements
		conditions := _assumed(candidate)
		count(conditions) > 0
	]
	count(found) > 0
} if {
	_discovers
}

default _discovers := false

_discovers if {
	input.mode == "discovery"
	count(evaluation.errors) == 0
	not evaluation.needs_no_permission
}

default _assumed(_) := set()

_assumed(candidate) := _wanted(candidate) | _session_name(candidate) if {
	candidate.effect == "Allow"
	statement.applies(candidate)
}

_assumed(candidate) := _escapes(candidate) if statement.is_avoided(candidate)

# What an Allow wants of the context (DISC-3).
_wanted(candidate) := {test.written |
	some test in candidate.conditions
	assumption.is_assumed(test)
}

_session_name(candidate) := {expression.any_of(_session_names(candidate)) |
	count(_session_names(candidate)) > 0
	principal.grade(candidate.principal) == "none"
}

_session_names(candidate) := {{"session_name": name} | some name in assumption.session_names(candidate)}

# The ways past a Deny; it has none without conditions (DISC-9).
_escapes(candidate) := {assumption.negation(test) |
	some test in candidate.conditions
	assumption.is_avoidable(test)
}
