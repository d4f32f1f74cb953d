package iam.document

import data.iam.condition
import data.iam.pattern
import data.iam.pointer

_condition(written, key, values, variables) := {
	"if_exists": if_exists,
	"key": lower(key),
	"negated": operator.negated,
	"operator": base,
	"pattern": pattern.anchored([pattern.body(text) | operator.wildcards; some text in fixed]),
	"templates": [template(text, operator.wildcards) |
		some text in texts
		_is_variable(text, active)
		count(variable_faults(text)) == 0
	],
	"values": fixed,
	"written": {"key": key, "operator": written, "values": texts},
} if {
	[base, if_exists] := operator_parts(written)
	operator := condition.operators[base]
	active := [variables, operator.variables] == [true, true]
	texts := [_text(value) | some value in as_list(values)]
	fixed := [text | some text in texts; not _is_variable(text, active)]
}

# METADATA
# title: An operator's name in lower case without its suffix, and whether that was IfExists (COND-ALL-4)
operator_parts(written) := [trim_suffix(name, "ifexists"), endswith(name, "ifexists")] if name := lower(written)

_of_condition(statement, path, variables) := union({
	{_structural("DATA_TYPE_MISMATCH", $"{path}/Condition", "Condition must be an object (A.4)") |
		some value in object.filter(statement, ["Condition"])
		not is_object(value)
	},
	union({_of_block(name, block, pointer.step($"{path}/Condition", name), variables) |
		is_object(statement.Condition)
		some name, block in statement.Condition
	}),
})

_of_block(name, block, path, variables) := {_structural(code, path, message)} if {
	[code, message] := _operator_fault(name)
} else := {_structural("DATA_TYPE_MISMATCH", path, $"{name} must hold an object of condition keys (A.4)")} if {
	not is_object(block)
} else := union({
	_of_keys(block, path),
	{_structural("DATA_TYPE_MISMATCH", placed.path, "a condition value is a string, number or boolean (GRAM-22)") |
		some placed in _block_values(block, path)
		not type_name(placed.value) in ["boolean", "number", "string"]
	},
	{_oddity(code, placed.path, message) |
		[base, _] := operator_parts(name)
		some placed in _block_values(block, path)
		some [code, message] in _value_faults(base, _text(placed.value), variables)
	},
})

_operator_fault(name) := ["INVALID_CONDITION_OPERATOR", message] if {
	[base, _] := operator_parts(name)
	not condition.operators[base]
	message := _operator_message(name, trim_prefix(trim_prefix(base, "forallvalues:"), "foranyvalue:"))
}

_operator_fault(name) := ["NULL_WITH_IF_EXISTS", "Null takes no IfExists (GRAM-24)"] if {
	operator_parts(name) == ["null", true]
}

_operator_message(name, base) := $"'{name}' is no condition operator (GRAM-23)" if {
	not base in (object.keys(condition.operators) | condition.refused)
}

_operator_message(name, base) := $"'{name}' is an operator that this version does not evaluate (GRAM-23)" if {
	base in (object.keys(condition.operators) | condition.refused)
}

# Sorted, so that the later spelling is the one reported.
_of_keys(block, path) := {_structural("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", pointer.step(path, key), message) |
	keys := sort([[lower(key), key] | some key, _ in block])
	some i, [name, key] in keys
	keys[i - 1][0] == name
	message := $"'{keys[i - 1][1]}' and '{key}' are the same key (GRAM-21)"
}

_block_values(block, path) := [placed | some key, value in block; some placed in _placed(value, pointer.step(path, key))]

_value_faults(base, text, true) := _variable_messages(text) if {
	condition.operators[base].variables
	has_variable(text)
} else := _boolean_faults(base, text)

_value_faults(base, text, false) := _boolean_faults(base, text)

_boolean_faults(base, text) := {["TYPE_MISMATCH_BOOLEAN", message] |
	base in ["bool", "null"]
	not lower(text) in ["false", "true"]
	message := $"'{text}' is neither true nor false and never satisfied (COND-BOOL-1, COND-NULL-1)"
}

# Numbers and booleans compare as text (GRAM-22).
_text(value) := value if is_string(value)

_text(value) := json.marshal(value) if not is_string(value)
