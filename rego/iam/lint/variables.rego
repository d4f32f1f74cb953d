package iam.lint

import data.iam.condition
import data.iam.document

_variable := `\$\{[^}]*\}`

# What a variable or an escape looks like (VAR-1): other braces are just text.
_key_variable := `\$\{(?:[*?$]|[^}:\s]+:[^}]*)\}`

# GRAM-25, ACT-12; of what is no action anyway the document's problems tell.
faults contains finding if {
	some statement in statements
	contains(statement.action.text, "${")
	some i, value in statement.action.values
	document.is_action(value)
	regex.match(_variable, value)
	finding := _no_variables(value_path(statement.action, i), statement.action.name)
}

# GRAM-25; a Sid of letters and digits has been told of.
faults contains finding if {
	document.policy_types[input.policy_type].sids != "restricted"
	some statement in statements
	regex.match(_variable, statement.value.Sid)
	finding := _no_variables($"{statement.path}/Sid", "Sid")
}

# GRAM-25
faults contains finding if {
	some [_, test] in tests
	contains(test.key, "${")
	regex.match(_variable, test.key)
	finding := object.union(_no_variables(test.path, "a condition key's name"), {"at_key": true})
}

_no_variables(path, where) := _finding("VARIABLE_UNSUPPORTED_IN_ELEMENT", "ERROR", path, message) if {
	message := $"no variable counts in {where}: it is text there (GRAM-25)"
}

# GRAM-12
faults contains finding if {
	not document.variables_count(input.document)
	some statement in statements
	contains(statement.resource.text, "${")
	some i, value in statement.resource.values
	regex.match(_key_variable, value)
	finding := _without_variables(value_path(statement.resource, i))
}

# GRAM-12
faults contains finding if {
	not document.variables_count(input.document)
	some [_, test] in tests
	condition.operators[test.base].variables
	some i, value in test.values
	regex.match(_key_variable, value)
	finding := _without_variables(value_path(test, i))
}

_without_variables(path) := _mended(_finding("VARIABLE_UNSUPPORTED_IN_VERSION", "ERROR", path, message), mend) if {
	message := "variables are text in a policy without Version 2012-10-17 (GRAM-12)"
	mend := `"Version": "2012-10-17"`
}
