package iam.document

import data.iam.condition
import data.iam.number
import data.iam.order
import data.iam.pattern
import data.iam.pointer

_condition(written, key, values, variables) := {
	"compares": operator.compares,
	"if_exists": parts.if_exists,
	"key": lower(key),
	"negated": operator.negated,
	"operator": parts.base,
	"pattern": pattern.anchored([_glob(operator.compares, text) | some text in readable; _is_glob(operator, text)]),
	"relation": operator.relation,
	"set": parts.set,
	"templates": [template(text, operator.relation == "like") |
		some text in texts
		_is_variable(text, active)
		count(variable_faults(text)) == 0
	],
	"undecidable": [operator.negated, count(readable) == count(fixed)] == [true, false],
	"values": [condition.wanted(operator.compares, text) | some text in readable; not _is_glob(operator, text)],
	"written": {"key": key, "operator": written, "values": texts},
} if {
	parts := operator_parts(written)
	operator := condition.operators[parts.base]
	active := [variables, operator.variables] == [true, true]
	texts := [condition_text(value) | some value in as_list(values)]
	fixed := [text | some text in texts; not _is_variable(text, active)]
	readable := [text | some text in fixed; condition.wanted(operator.compares, text) != null]
}

default _is_glob(_, _) := false

_is_glob(operator, text) if {
	operator.relation == "like"
	pattern.has_wildcard(text)
}

_glob(compares, text) := pattern.body(text) if compares == "text"

_glob(compares, text) := condition.arn_body(text) if compares == "arn"

# METADATA
# title: The parts of an operator's name, in lower case
# description: The set operator or none, the operator itself, and whether IfExists follows it (COND-ALL-4, GRAM-20).
operator_parts(written) := {"base": trim_suffix(base, "ifexists"), "if_exists": endswith(base, "ifexists"), "set": set} if {
	[[_, set, base]] := regex.find_all_string_submatch_n(`(?s)^(?:(forallvalues|foranyvalue):)?(.*)$`, lower(written), 1)
}

default _of_condition(_, _, _) := set()

_of_condition(statement, path, variables) := {problem |
	some name, block in statement.Condition
	some problem in _of_block(name, block, pointer.step($"{path}/Condition", name), variables)
} if {
	is_object(statement.Condition)
}

_of_condition(statement, path, _) := {_structural("DATA_TYPE_MISMATCH", $"{path}/Condition", message)} if {
	value := statement.Condition
	not is_object(value)
	message := "Condition must be an object (A.4)"
}

_of_block(name, block, path, variables) := {_at_key(code, path, message)} if {
	[code, message] := _operator_fault(name)
} else := {_structural("DATA_TYPE_MISMATCH", path, $"{name} must hold an object of condition keys (A.4)")} if {
	not is_object(block)
} else := _of_keys(block, path) | _of_values(block, path, condition.operators[operator_parts(name).base], variables)

_operator_fault(name) := ["INVALID_CONDITION_OPERATOR", $"'{name}' is no condition operator (GRAM-23)"] if {
	not condition.operators[operator_parts(name).base]
}

_operator_fault(name) := ["NULL_WITH_IF_EXISTS", "Null takes no IfExists (GRAM-24)"] if {
	parts := operator_parts(name)
	[parts.base, parts.if_exists] == ["null", true]
}

# Sorted, so that the later spelling is the one reported.
_of_keys(block, path) := {_at_key("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", pointer.step(path, key), message) |
	count({lower(key) | some key, _ in block}) < count(block)
	keys := [[name, key] | some [name, _, key] in sort([[lower(key), order.rank(key), key] | some key, _ in block])]
	some i, [name, key] in keys
	keys[i - 1][0] == name
	message := $"'{keys[i - 1][1]}' and '{key}' are the same key (GRAM-21)"
}

_of_values(block, path, operator, variables) := {problem |
	some key, value in block
	not _is_plain(operator, value)
	some placed in placed_entries(value, pointer.step(path, key))
	some problem in _value_problems(operator, placed, variables)
}

# As a rule a value is a text that can be any, and has no variable.
default _is_plain(_, _) := false

_is_plain(operator, value) if {
	operator.compares in ["caseless text", "text"]
	texts := concat("", as_list(value))
	not has_variable(texts)
}

_value_problems(operator, placed, variables) := {_structural("DATA_TYPE_MISMATCH", placed.path, message)} if {
	not type_name(placed.value) in ["boolean", "number", "string"]
	message := "a condition value is a string, number or boolean (GRAM-22)"
} else := _of_variables(operator, placed) if {
	variables
	has_variable(placed.value)
} else := _of_unreadable(operator, placed.path, condition_text(placed.value))

# Bool takes variables, though not by AWS's own check (COND-BOOL-3).
_of_variables(operator, placed) := ({_oddity(code, placed.path, message) |
	operator.variables
	some [code, message] in _variable_messages(placed.value)
} | {_lint("INVALID_VARIABLE_FOR_OPERATOR", placed.path, $"AWS takes no variable in '{placed.value}' (COND-BOOL-3)") |
	operator.compares == "boolean"
}) | {_oddity("INVALID_VARIABLE_FOR_OPERATOR", placed.path, $"'{placed.value}' is text to this operator (VAR-2)") |
	not operator.variables
}

_of_unreadable(operator, path, text) := {_oddity(code, path, $"'{text}' is {message}") |
	[code, message] := _unread[operator.compares]
	not condition.wanted(operator.compares, text)
}

_unread := {
	"address": ["TYPE_MISMATCH_IP_RANGE", "neither an IP address nor a CIDR block and never satisfied (COND-IP-4)"],
	"arn": ["OPA_IAM_VALUE_SHAPE", "no ARN of six segments and never satisfied (COND-ARN-2)"],
	"boolean": ["TYPE_MISMATCH_BOOLEAN", _no_boolean],
	"date": ["TYPE_MISMATCH_DATE", "no date and never satisfied (COND-DATE-4)"],
	"number": ["TYPE_MISMATCH_NUMBER", "no number and never satisfied (COND-NUM-2)"],
	"presence": ["TYPE_MISMATCH_BOOLEAN", _no_boolean],
}

_no_boolean := "neither true nor false and never satisfied (COND-BOOL-1, COND-NULL-1)"

# METADATA
# title: A condition's value as text
# description: Numbers and booleans compare as text (GRAM-22).
condition_text(value) := value if is_string(value)

condition_text(value) := number.text(value) if is_number(value)

condition_text(value) := json.marshal(value) if not type_name(value) in ["number", "string"]
