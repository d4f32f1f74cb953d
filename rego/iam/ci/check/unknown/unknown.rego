# METADATA
# title: What can't be decided before the change is made
# description: What is not known is not absent. Refused, unless `data.iam.ci.settings.undecided` is `warn`.
package iam.ci.check.unknown

import data.iam.ci.model
import data.iam.ci.state

# METADATA
# title: What refuses the change
denied := {model.finding("unknown", "UNKNOWN_UNTIL_APPLY", "undecided", unknown, message, mend) |
	some unknown in state.unknowns
	message := $"{unknown.what} is known only when the change is made, so that what depends on it can't be decided"
	mend := "write it so that it can be known before, or judge it after the change"
}

# METADATA
# title: Nothing is merely told
warned := set()
