package iam.document

import data.iam.pattern

# METADATA
# title: A text as a template
# description: |
#   The parts of a text left to right (VAR-9, REGO-2): a `body` for what is fixed, with its wildcards where
#   they count, and for each policy variable its key as it is spelt, with its `default` where it has one (VAR-1, VAR-3).
template(text, wildcards) := [_part(token, wildcards) | some token in _tokens(text)]

# METADATA
# title: Whether a text holds a policy variable or an escape
# scope: document
default has_variable(_) := false

has_variable(text) if contains(text, "${")

# METADATA
# title: What is wrong with a text's variables (GRAM-26)
# description: A set of AWS's issue codes; with any of them the text matches nothing.
variable_faults(text) := {code | some token in _tokens(text); code := _fault(token)}

# Each token is the whole text of it and, for a variable, what the braces hold.
_tokens(text) := regex.find_all_string_submatch_n(`(?s)\$\{([^}]*)\}|\$\{|[^$]+|\$`, text, -1)

_part([whole, inner], _) := {"body": pattern.literal(inner)} if {
	startswith(whole, "${")
	inner in ["$", "*", "?"]
}

_part([whole, inner], _) := {"variable": inner} if {
	startswith(whole, "${")
	not contains(inner, ",")
	not inner in ["$", "*", "?"]
}

_part([whole, inner], _) := {"default": found[2], "variable": found[1]} if {
	startswith(whole, "${")
	found := regex.find_all_string_submatch_n(`^([^,]*), '([^']*)'$`, inner, 1)[0]
}

_part([whole, _], true) := {"body": pattern.body(whole)} if not startswith(whole, "${")

_part([whole, _], false) := {"body": pattern.literal(whole)} if not startswith(whole, "${")

_fault([whole, _]) := "MISSING_BRACE_IN_VARIABLE" if whole == "${"

_fault([whole, inner]) := "EMPTY_VARIABLE" if {
	whole != "${"
	startswith(whole, "${")
	trim_space(_name(inner)) == ""
}

_fault([_, inner]) := "UNSUPPORTED_SPACE_IN_VARIABLE" if {
	trim_space(_name(inner)) != ""
	regex.match(`\s`, _name(inner))
}

_fault([_, inner]) := "MISSING_QUOTE_IN_VARIABLE" if {
	contains(inner, ",")
	trim_space(_name(inner)) != ""
	not regex.match(`\s`, _name(inner))
	not regex.match(`^[^,]*, '[^']*'$`, inner)
}

# What stands before a default.
_name(inner) := split(inner, ",")[0]

_variable_messages(text) := {[code, $"'{text}' matches nothing: its variable is malformed (GRAM-26)"] |
	some code in variable_faults(text)
}
