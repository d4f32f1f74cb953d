package iam.lint

import data.iam.pointer

# GRAM-34: whatever names nobody.
advice contains finding if {
	_names_principals
	some statement in statements
	some element in ["NotPrincipal", "Principal"]
	statement.value[element] == {}
	message := $"an empty {element} names nobody (GRAM-34)"
	finding := _finding("EMPTY_OBJECT_PRINCIPAL", "SUGGESTION", $"{statement.path}/{element}", message)
}

advice contains finding if {
	_names_principals
	some statement in statements
	some element in ["NotPrincipal", "Principal"]
	some kind, entries in statement.value[element]
	entries == []
	message := $"an empty list of principals of the kind {kind} names nobody (GRAM-34)"
	path := pointer.step($"{statement.path}/{element}", kind)
	finding := _finding("EMPTY_ARRAY_PRINCIPAL", "SUGGESTION", path, message)
}

# GRAM-34: a condition that asks nothing.
advice contains finding if {
	some statement in statements
	statement.value.Condition == {}
	finding := _empty_object(statement, $"{statement.path}/Condition")
}

advice contains finding if {
	some statement in statements
	some operator, keys in statement.value.Condition
	keys == {}
	finding := _empty_object(statement, pointer.step($"{statement.path}/Condition", operator))
}

_empty_object(statement, path) := _finding("EMPTY_OBJECT_CONDITION", severity, path, message) if {
	severity := {"Allow": "WARNING"}[statement.effect]
	message := "an empty condition always holds: nothing guards the Allow (GRAM-34)"
} else := _finding("EMPTY_OBJECT_CONDITION", "SUGGESTION", path, "an empty condition always holds (GRAM-34)")

# GRAM-34, OPEN-11
advice contains finding if {
	some [statement, test] in tests
	test.listed
	statement.value.Condition[test.operator][test.written] == []
	finding := _finding(_code_of_no_value(test), _severity_of_no_value(statement, test), test.path, _effect_of_no_value(test))
}

_code_of_no_value(test) := "EMPTY_ARRAY_CONDITION_FORALLVALUES" if {
	test.set == "forallvalues"
} else := "EMPTY_ARRAY_CONDITION_FORANYVALUE" if {
	test.set == "foranyvalue"
} else := "EMPTY_ARRAY_CONDITION_IFEXISTS" if {
	test.if_exists
} else := "EMPTY_ARRAY_CONDITION"

default _severity_of_no_value(_, _) := "SUGGESTION"

_severity_of_no_value(statement, test) := "SECURITY_WARNING" if {
	statement.effect == "Allow"
	_always_holds(test)
}

default _always_holds(_) := false

_always_holds(test) if {
	test.negated
	test.set != "foranyvalue"
}

_effect_of_no_value(test) := "no value is listed, so that the condition always holds (GRAM-34, OPEN-11)" if {
	_always_holds(test)
} else := "no value is listed, so that the condition holds without the key at most (GRAM-34)"
