# METADATA
# title: A policy document, lowered
# description: |
#   From IAM's JSON to the compiled form that decides: names in lower case, lists as sets, wildcards as one expression.
#   The only definition of it: the compiler calls it for stored policies, the decision for inline ones.
#
#   What a document gets wrong is in `problems`. A structural one makes the whole policy unusable; any other makes its
#   entry match nothing and leaves the rest standing (EVAL-8).
package iam.document

import data.iam.arn
import data.iam.condition
import data.iam.pattern

# METADATA
# title: The compiled statements of a document, and its problems
# description: |
#   `policy_type` is one of the request's, for a text means different things as an identity policy and as another
#   type (A.5, C.2). There are no `statements` where a problem is structural.
lowered(document, policy_type) := {"problems": (found | too_complex), "statements": statements} if {
	found := problems(document, policy_type)
	usable := count([problem | some problem in found; problem.structural]) == 0
	variables := variables_count(document)
	placed := placed_statements(document)
	written := [_statement(entry.value, i + 1, variables) | usable; some i, entry in placed]
	too_complex := union({_of_patterns(placed[i].path, statement) | some i, statement in written})
	statements := [statement | count(too_complex) == 0; some statement in written]
}

# METADATA
# title: Whether a document's version knows policy variables (GRAM-11, GRAM-12)
# scope: document
default variables_count(_) := false

variables_count(document) if document.Version == "2012-10-17"

_statement(statement, index, variables) := {
	"action": _action(statement),
	"conditions": [_condition(operator, key, values, variables) |
		some operator, block in object.get(statement, "Condition", {})
		some key, values in block
	],
	"effect": statement.Effect,
	"index": index,
	"resource": _resource(statement, variables),
	"sid": object.get(statement, "Sid", null),
}

_action(statement) := {
	"every": _any_is_everything(entries),
	"exact": {lower(entry): true | some entry in entries; not pattern.has_wildcard(entry)},
	"negated": negated,
	"pattern": pattern.anchored([pattern.body(lower(entry)) |
		some entry in entries
		pattern.has_wildcard(entry)
		is_action(entry)
	]),
	"written": entries,
} if {
	some [name, negated] in [["Action", false], ["NotAction", true]]
	entries := as_list(statement[name])
}

# METADATA
# title: Whether a policy's action is well formed
# description: One that is not matches nothing, in NotAction as well (ACT-3 to ACT-7).
# scope: document
default is_action(_) := false

is_action(entry) if pattern.is_everything(entry)

is_action(entry) if regex.match(`^[^:*?\s]+:[^:\s]+$`, entry)

_resource(statement, variables) := {
	"every": _any_is_everything(entries),
	"exact": {arn.normalised(entry): true | some entry in fixed; not pattern.has_wildcard(entry)},
	"negated": negated,
	"pattern": pattern.anchored([_joined(arn_template(entry, false)) |
		some entry in fixed
		pattern.has_wildcard(entry)
	]),
	"templates": [arn_template(entry, true) | some entry in entries; _is_variable_arn(entry, variables)],
	"undecidable": count([entry | some entry in entries; not _is_decidable(entry, variables)]) > 0,
	"written": entries,
} if {
	some [name, negated] in [["Resource", false], ["NotResource", true]]
	entries := as_list(statement[name])
	fixed := [arn.expanded(entry) |
		some entry in entries
		startswith(entry, "arn:")
		not _is_variable(entry, variables)
	]
}

# METADATA
# title: A Resource entry as a template
# description: |
#   Segment by segment, each wildcard within its own (RES-4); the type word literal where the service has one (RES-6);
#   variables in the rest of the resource part only (RES-15).
arn_template(entry, variables) := array.concat([{"body": heads}], rest) if {
	parts := arn.segments(arn.normalised(arn.expanded(entry)))
	word := arn.type_word(parts)
	segments := [pattern.segment(part) | some part in array.slice(parts, 0, 5)]
	heads := $"{concat(":", segments)}:{pattern.literal(word)}"
	rest := _rest(substring(parts[5], count(word), -1), variables)
}

_rest(text, true) := template(text, true)

_rest(text, false) := [{"body": pattern.body(text)}]

default _is_variable_arn(_, _) := false

_is_variable_arn(entry, variables) if {
	startswith(entry, "arn:")
	_is_variable(entry, variables)
	count(variable_faults(entry)) == 0
}

# NotResource can't be decided by an entry that is no ARN (RES-20), nor by a short one: either it excludes the resource
# or it leaves the question open (RES-21).
default _is_decidable(_, _) := false

_is_decidable(entry, _) if pattern.is_everything(entry)

_is_decidable(entry, variables) if {
	arn.is_arn(entry)
	not _is_variable(entry, variables)
}

_is_decidable(entry, variables) if {
	arn.is_arn(entry)
	_is_variable_arn(entry, variables)
}

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

# METADATA
# title: One value or a list of them as a list (GRAM-9)
as_list(value) := value if is_array(value)

as_list(value) := [value] if not is_array(value)

default _is_variable(_, _) := false

_is_variable(text, true) if has_variable(text)

_any_is_everything(entries) := count([entry | some entry in entries; pattern.is_everything(entry)]) > 0

_joined(parts) := concat("", [part.body | some part in parts])

# Numbers and booleans compare as text (GRAM-22).
_text(value) := value if is_string(value)

_text(value) := json.marshal(value) if not is_string(value)
