# METADATA
# title: Assumptions
# description: |
#   What discovery mode assumes of one condition, and of the caller's session, where not everything of the request is known
#   (G.3): as an Allow wants it, and as a Deny doesn't.
# schemas:
#   - input: schema.request
package iam.assumption

import data.iam.condition
import data.iam.principal

# METADATA
# title: Whether a condition of an Allow holds, if need be by assumption
# scope: document
default may_hold(_) := false

may_hold(test) if condition.satisfied(test)

may_hold(test) if is_assumed(test)

# METADATA
# title: Whether a condition of an Allow is assumed true (DISC-3)
# description: |
#   Where its result is unknown, and where it fails on a key of which nothing is configured. What no value satisfies is never
#   assumed.
# scope: document
default is_assumed(_) := false

is_assumed(test) if {
	_is_unknown(test)
	negation(test) != true
}

is_assumed(test) if {
	not _is_configured(test.key)
	not condition.satisfied(test)
	negation(test) != true
}

# METADATA
# title: Whether a condition of a Deny is assumed avoidable (DISC-4)
# description: |
#   Where its result is unknown, and where it holds on a key of which nothing is configured. What every value satisfies is
#   never avoidable.
# scope: document
default is_avoidable(_) := false

is_avoidable(test) if {
	_is_unknown(test)
	not is_boolean(negation(test))
}

is_avoidable(test) if {
	not _is_configured(test.key)
	condition.satisfied(test)
	negation(test) != false
}

# METADATA
# title: Whether a condition of a Deny holds, or is unknown
# description: One that is known not to hold keeps the Deny from applying, whatever is assumed (DISC-4).
# scope: document
default may_hit(_) := false

may_hit(test) if condition.satisfied(test)

may_hit(test) if is_avoidable(test)

# METADATA
# title: The names of the caller's session that a statement asks for (DISC-6)
# description: |
#   A set, of an Allow that names other sessions of the caller's role than the caller's own. Empty outside discovery mode.
# scope: document
default session_names(_) := set()

session_names(statement) := {name |
	statement.effect == "Allow"
	not statement.principal.negated
	some text, _ in statement.principal.names.AWS
	name := principal.session_name_in_role(text)
	text != principal.id
} if {
	input.mode == "discovery"
}
