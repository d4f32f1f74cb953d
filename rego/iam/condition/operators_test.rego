package iam.condition_test

import data.iam.condition

# GRAM-23: no operator is both evaluated and refused.
test_operators_are_evaluated_or_refused if {
	object.keys(condition.operators) & condition.refused == set()
}

# GRAM-20
test_operator_names_are_in_lower_case if {
	every name in object.keys(condition.operators) | condition.refused {
		name == lower(name)
	}
}

# E.5
test_negated_operators_say_not if {
	{name | some name, operator in condition.operators; operator.negated} == {
	name |
		some name, _ in condition.operators
		contains(name, "not")
	}
}
