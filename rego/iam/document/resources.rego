package iam.document

import data.iam.arn
import data.iam.pattern

_resource(statement, policy_type, variables) := _part_of(as_list(statement[name]), negated, policy_type, variables) if {
	some [name, negated] in [["Resource", false], ["NotResource", true]]
	name in object.keys(statement)
}

# A statement about no resource in particular matches every one (RES-10).
_resource(statement, policy_type, variables) := object.union(part, {"written": []}) if {
	count(object.filter(statement, ["NotResource", "Resource"])) == 0
	part := _part_of(["*"], false, policy_type, variables)
}

_part_of(entries, negated, policy_type, variables) := object.union(_globbed(usable, variables), {
	"every": _any_is_everything(entries),
	"exact": {text: true |
		some entry in usable
		not entry.variable
		text := concat(":", entry.segments)
		not pattern.has_wildcard(text)
	},
	"negated": negated,
	"pattern": _pattern(usable, variables, false),
	"policy_type": policy_type,
	"templates": _templates_of(usable, variables, false),
	"undecidable": count([entry | some entry in entries; not is_decidable(entry, variables)]) > 0,
	"variables": variables,
	"written": entries,
}) if {
	usable := [{"segments": arn.segments(arn.normalised(text)), "variable": _is_variable(entry, variables)} |
		some entry in entries
		text := arn.in_policy(entry, policy_type)
		not is_faulty(entry, variables)
	]
}

# Only where it makes a difference is there a second form, for the switch that lets wildcards in type words count (OPEN-2).
_globbed(usable, variables) := {"globbed": {
	"pattern": _pattern(usable, variables, true),
	"templates": _templates_of(usable, variables, true),
}} if {
	some entry in usable
	arn.readings(entry.segments, variables, false) != [entry.segments]
} else := {}

_pattern(usable, variables, whole) := pattern.anchored([_joined(arn_template(segments, false)) |
	some entry in usable
	not entry.variable
	pattern.has_wildcard(concat(":", entry.segments))
	some segments in arn.readings(entry.segments, variables, whole)
])

_templates_of(usable, variables, whole) := [arn_template(segments, true) |
	some entry in usable
	entry.variable
	some segments in arn.readings(entry.segments, variables, whole)
]

# METADATA
# title: An ARN in segments as a template
# description: |
#   Segment by segment, each wildcard within its own (RES-4); variables in the resource part only (RES-15).
arn_template(segments, variables) := array.concat([{"body": heads}], rest) if {
	heads := concat("", [$"{pattern.segment(segment)}:" | some segment in array.slice(segments, 0, 5)])
	rest := _rest(segments[5], variables)
}

_rest(text, true) := template(text, true)

_rest(text, false) := [{"body": pattern.body(text)}]

# METADATA
# title: A resource part as marked text
# description: |
#   Left to right, the `marked` text of what is fixed, and each variable with its `default` (RES-40, VAR-9).
marked_parts(text, false) := [{"marked": pattern.marked(text)}]

marked_parts(text, true) := [_marked_part(token) | some token in _tokens(text)]

_marked_part(token) := part if {
	part := _part(token, true)
	part.variable
}

_marked_part([whole, inner]) := {"marked": pattern.marked_literal(inner)} if {
	startswith(whole, "${")
	inner in ["$", "*", "?"]
}

_marked_part([whole, _]) := {"marked": pattern.marked(whole)} if not startswith(whole, "${")

# METADATA
# title: Whether a text has variables that are malformed (GRAM-26)
# scope: document
default is_faulty(_, _) := false

is_faulty(entry, variables) if {
	_is_variable(entry, variables)
	count(variable_faults(entry)) > 0
}

# METADATA
# title: Whether NotResource can be decided by an entry
# description: |
#   Not by what is no ARN (RES-20), nor by a short one: either it excludes the resource or it leaves the question open
#   (RES-21). Whether its variables can be resolved the request tells.
# scope: document
default is_decidable(_, _) := false

is_decidable(entry, _) if pattern.is_everything(entry)

is_decidable(entry, variables) if {
	arn.is_arn(entry)
	not is_faulty(entry, variables)
}

_joined(parts) := concat("", [part.body | some part in parts])

# A short ARN or a wildcard where it is no use: nothing that IAM would refuse.
_of_resources(statement, path, policy_type, variables) := union({
	{problem |
		some name in ["NotResource", "Resource"]
		value := statement[name]
		not _are_plain_arns(value)
		some placed in placed_entries(value, $"{path}/{name}")
		some problem in _resource_problems(placed.value, placed.path, policy_type, variables)
	},
	{_lint("MISSING_RESOURCE", path, "the statement names no resource and covers every one (RES-10)") |
		policy_types[policy_type].resources == "optional"
		count(object.filter(statement, ["NotResource", "Resource"])) == 0
	},
})

# As a rule resources are sound: ARNs without variables, and without wildcards where those need a look, or asterisks. One
# expression says so of a whole list.
default _are_plain_arns(_) := false

_are_plain_arns("*")

_are_plain_arns(value) if {
	value != "*"
	regex.match($`^(?:{_plain_arn}\n)*{_plain_arn}$`, concat("\n", as_list(value)))
}

_plain_arn := `(?:[*]+|arn:[^:$\n]*:[^:*?$\n]*:[^:$\n]*:[^:$\n]*:(?:[*]+|[^:/*?$\n]*(?:[:/][^$\n]*)?))`

_resource_problems(entry, path, _, _) := {_structural("DATA_TYPE_MISMATCH", path, "a resource is a string (GRAM-6)")} if {
	not is_string(entry)
} else := set() if {
	pattern.is_everything(entry)
} else := {_oddity("INVALID_ARN_PREFIX", path, $"'{entry}' is neither an ARN nor '*' and matches nothing (RES-14)")} if {
	not startswith(entry, "arn:")
}

_resource_problems(entry, path, policy_type, variables) := union({
	{_oddity(code, path, message) | variables; some [code, message] in _variable_messages(entry)},
	{_lint(code, path, message) | some [code, message] in _arn_messages(entry, policy_type, variables)},
}) if {
	startswith(entry, "arn:")
}

_arn_messages(entry, policy_type, variables) := {["MISSING_ARN_FIELD", message] |
	arn.is_short(entry)
	message := _short_message(entry, policy_type)
} | ({["WILDCARD_IN_SERVICE_NAME", message] |
	pattern.has_wildcard(split(entry, ":")[2])
	message := $"'{entry}' has a wildcard in the service (RES-5)"
} | {["INVALID_ARN_RESOURCE", message] |
	arn.readings(arn.segments(arn.normalised(entry)), variables, false) == []
	message := $"'{entry}' matches nothing: the type word before the first '/' or ':' is literal (RES-6)"
})

_short_message(entry, policy_type) := $"'{entry}' is short of six segments and stands for '{text}' (RES-11)" if {
	text := arn.in_policy(entry, policy_type)
} else := $"'{entry}' is short of six segments and matches nothing in a policy of this type (RES-11)"
