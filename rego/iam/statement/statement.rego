# METADATA
# title: Statements
# description: |
#   Whether a compiled statement applies to the request: its action part, its principal part, its resource part and every condition
#   match (0.2).
package iam.statement

import data.iam.condition
import data.iam.request

# METADATA
# title: Whether all of a statement's elements match
# scope: document
default applies(_) := false

applies(statement) if {
	matches_action(statement.action)
	matches_principal(statement)
	matches_resource(statement)
	every test in statement.conditions {
		condition.satisfied(test)
	}
}

# METADATA
# title: Whether the action part matches (ACT-9, ACT-10)
# scope: document
default matches_action(_) := false

matches_action(action) if _covers_action(action) != action.negated

default _covers_action(_) := false

_covers_action(action) if action.every

_covers_action(action) if action.exact[request.action]

_covers_action(action) if regex.match(action.pattern, request.action)
