# METADATA
# title: Statements
# description: |
#   Whether a compiled statement whose action part matches applies to the request: its principal part, its resource part and
#   every condition match (0.2).
# schemas:
#   - input: schema.request
package iam.statement

import data.iam.assumption
import data.iam.condition

# METADATA
# title: Whether all of a statement's elements match
# description: In discovery mode those of an Allow may match by assumption, and those of a Deny be avoided (DISC-3, DISC-4).
# scope: document
default applies(_) := false

applies(statement) if {
	matches_principal(statement)
	matches_resource(statement)
	every test in statement.conditions {
		condition.satisfied(test)
	}
	not is_avoided(statement)
}

applies(statement) if {
	input.mode == "discovery"
	statement.effect == "Allow"
	matches_principal(statement)
	matches_resource(statement)
	every test in statement.conditions {
		assumption.may_hold(test)
	}
}

# METADATA
# title: Whether a Deny is assumed not to apply
# description: |
#   In discovery mode, of a Deny whose every element matches or may, and of whose conditions one can be avoided (DISC-4,
#   DISC-5).
# scope: document
default is_avoided(_) := false

is_avoided(statement) if {
	input.mode == "discovery"
	statement.effect == "Deny"
	matches_principal(statement)
	matches_resource(statement)
	count([test | some test in statement.conditions; assumption.is_avoidable(test)]) > 0
	every test in statement.conditions {
		assumption.may_hit(test)
	}
}

# METADATA
# title: How a statement is told of (GRAM-16)
# description: With its policy's name and, of a control policy, the level (EXP-1).
told(statement, policy) := {
	"effect": statement.effect,
	"index": statement.index,
	"level": policy.level,
	"policy": policy.policy,
	"sid": statement.sid,
} if {
	policy.level
} else := {
	"effect": statement.effect,
	"index": statement.index,
	"policy": policy.policy,
	"sid": statement.sid,
}
