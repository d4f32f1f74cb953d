package iam.document

import data.iam.arn
import data.iam.pattern

_resource(statement, _, variables) := {
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

_joined(parts) := concat("", [part.body | some part in parts])

_of_resources(statement, path, variables) := {_oddity(code, placed.path, message) |
	some name, value in object.filter(statement, ["NotResource", "Resource"])
	some placed in _placed(value, $"{path}/{name}")
	is_string(placed.value)
	some [code, message] in _resource_faults(placed.value, variables)
}

_resource_faults(entry, _) := {["INVALID_ARN_PREFIX", message]} if {
	not startswith(entry, "arn:")
	not pattern.is_everything(entry)
	message := $"'{entry}' is neither an ARN nor '*' and matches nothing (RES-14)"
}

_resource_faults(entry, true) := _variable_messages(entry) if startswith(entry, "arn:")

_resource_faults(entry, false) := set() if startswith(entry, "arn:")

_resource_faults(entry, _) := set() if pattern.is_everything(entry)
