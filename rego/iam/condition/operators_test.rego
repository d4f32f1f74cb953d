package iam.condition_test

import data.iam.condition

# GRAM-20
test_operator_names_are_in_lower_case if {
	every name, _ in condition.operators {
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

# E.5
test_every_operator_of_iam_is_there if {
	count(condition.operators) == 27
}
