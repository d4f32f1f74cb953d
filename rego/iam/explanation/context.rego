package iam.explanation

import data.iam.condition
import data.iam.context
import data.iam.order
import data.iam.pointer
import data.iam.statement

# METADATA
# title: Keys that some of the statements ask for and the request lacks (SIM-3)
# description: Takes statements whose action matches, and whose resource does or may. As the keys are spelt first, in their order.
missing_keys(statements) := [] if {
	_lacking(statements) == set()
} else := [order.texts(spellings)[0] |
	lacking := _lacking(statements)
	some key in order.texts({key | some [key, _] in lacking})
	spellings := {written | some [other, written] in lacking; other == key}
]

# METADATA
# title: Values of the request that conditions can't take at their word
# description: Takes such statements as well; a set of warnings.
odd_values(statements) := {{"code": oddity.code, "message": oddity.message, "path": pointer.step("/context", oddity.key)} |
	some found in statements
	some test in found.conditions
	some oddity in condition.oddities(test)
}

# METADATA
# title: Whether a statement's resource part matches, or would by a variable that has no value
# scope: document
default may_match_resource(_) := false

may_match_resource(found) if statement.matches_resource(found)

may_match_resource(found) if lacks_variable(found)

# METADATA
# title: Whether a variable of a statement's resource part has no value
# scope: document
default lacks_variable(_) := false

lacks_variable(found) if {
	some template in found.resource.templates
	not context.resolved(template)
}

_lacking(statements) := {[test.key, test.written.key] |
	some found in statements
	some test in found.conditions
	condition.not_present(test.key)
} | ({[lower(part.variable), part.variable] |
	some found in statements
	some test in found.conditions
	some template in test.templates
	some part in template
	condition.not_present(lower(part.variable))
} | {[lower(part.variable), part.variable] |
	some found in statements
	some template in found.resource.templates
	some part in template
	condition.not_present(lower(part.variable))
})
