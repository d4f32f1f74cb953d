package iam.lint

import data.iam.catalogue
import data.iam.document

# The policy variables of resources and of conditions: each with its `key` in lower case, as it is `written`, its place,
# whether it has a `default`, and its statement's effect. `narrows` says that without a value less would match.
_variables := [variable |
	document.variables_count(input.document)
	some statement in statements
	some [text, path, narrows] in array.concat(_texts_of_resources(statement), _texts_of_tests(statement))
	some [_, written, fallback] in regex.find_all_string_submatch_n(`\$\{([^{},]*[^{},*?$])(,[^}]*)?\}`, text, -1)
	variable := {
		"default": fallback != "",
		"effect": statement.effect,
		"key": lower(written),
		"narrows": narrows,
		"path": path,
		"written": written,
	}
]

_texts_of_resources(statement) := [[value, value_path(statement.resource, i), true] |
	document.has_variable(statement.resource.text)
	some i, value in statement.resource.values
	document.has_variable(value)
]

# A negated test holds beside a value that is missing (VAR-7).
_texts_of_tests(statement) := [[text, value_path(test, i), test.negated == false] |
	some test in statement.tests
	some i, text in test.values
	document.has_variable(text)
]

# VAR-5
advice contains finding if {
	some variable in _variables
	startswith(catalogue.key_type(variable.key), "ArrayOf")
	message := $"'{variable.written}' has several values, and so no variable ever has it (VAR-5)"
	finding := _finding("OPA_IAM_UNKNOWN_VARIABLE", "WARNING", variable.path, message)
}

# VAR-5
advice contains finding if {
	some variable in _variables
	not catalogue.key_type(variable.key)
	_is_known_family(split(variable.key, ":")[0])
	message := $"there is no key '{variable.written}' for this variable (VAR-5)"
	finding := _finding("OPA_IAM_UNKNOWN_VARIABLE", "WARNING", variable.path, message)
}

# VAR-5, VAR-7, RES-20, OPEN-3
advice contains finding if {
	some variable in _variables
	variable.effect == "Deny"
	variable.narrows
	not variable.default
	_may_be_missing(variable.key)
	message := $"of a request without '{variable.written}' nothing is denied here: give it a default (VAR-5, RES-20)"
	finding := _finding("OPA_IAM_VARIABLE_MAY_BE_MISSING", "WARNING", variable.path, message)
}

# Whether the keys with a prefix are all known, so that another is none.
default _is_known_family(_) := false

_is_known_family("aws")

_is_known_family(prefix) if data.iam.reference.services[prefix].names

# Nor is one a key with the prefix of no service, or without a prefix.
_is_known_family(key) if {
	not contains(key, ".")
	catalogue.is_loaded
	not _has_keys(key)
}
