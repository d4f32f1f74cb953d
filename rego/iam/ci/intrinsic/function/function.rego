# METADATA
# title: What one intrinsic gives
# description: |
#   Its arguments have no intrinsics in them any more, but may have holes. See `iam.ci.intrinsic` for what `env` is.
package iam.ci.intrinsic.function

import data.iam.ci.hole

# METADATA
# title: The value of an intrinsic
# description: What can't be evaluated is a hole.
value(node, env) := _value(node, env)

value(node, env) := hole.opaque($"what {name} gives") if {
	some name, _ in node
	not _has_value(node, env)
}

default _has_value(_, _) := false

_has_value(node, env) if {
	found := _value(node, env)
	found in [found]
}

_value(node, env) := env.refs[node.Ref]

_value(node, env) := env.conditions[node.Condition]

_value(node, env) := _attribute(_parts(node["Fn::GetAtt"]), env)

_value(node, env) := _if(node["Fn::If"], env)

_value(node, env) := _find_in_map(node["Fn::FindInMap"], env)

_value(node, env) := _import_value(node["Fn::ImportValue"], env)

_value(node, env) := sub(node["Fn::Sub"], env)

_value(node, _) := _join(node["Fn::Join"])

_value(node, _) := _select(node["Fn::Select"])

_value(node, _) := _split(node["Fn::Split"])

_value(node, _) := _when_known(base64.encode(hole.as_text(node["Fn::Base64"])), node)

_value(node, _) := _when_known(json.marshal(node["Fn::ToJsonString"]), node)

_value(node, _) := _when_known(count(node["Fn::Length"]), node)

_value(node, _) := _when_known(_is_equal(node["Fn::Equals"]), node)

_value(node, _) := _all(node["Fn::And"])

_value(node, _) := _any(node["Fn::Or"])

_value(node, _) := _opposite(node["Fn::Not"][0])

# Fn::GetAtt names an attribute by a list, or in YAML by a text; the attribute's own name may have dots.
_parts(argument) := [substring(argument, 0, dot), substring(argument, dot + 1, -1)] if {
	is_string(argument)
	dot := indexof(argument, ".")
	dot > 0
}

_parts([resource, attribute]) := [resource, attribute] if {
	is_string(resource)
	is_string(attribute)
}

_attribute([resource, attribute], env) := env.attributes[resource][attribute]

_attribute([resource, attribute], env) := hole.text($"{resource}.{attribute}", $"the {attribute} of {resource}") if {
	not attribute in object.keys(object.get(env.attributes, resource, {}))
}

_if([name, held, _], env) := held if env.conditions[name] == true

_if([name, _, other], env) := other if env.conditions[name] == false

_if([name, _, _], env) := hole.opaque($"whether the condition {name} holds") if {
	not is_boolean(env.conditions[name])
}

# The fourth argument has what holds where a key is not there.
_find_in_map([mapping, first, second], env) := env.mappings[mapping][first][second]

_find_in_map([mapping, first, second, _], env) := env.mappings[mapping][first][second]

_find_in_map([mapping, first, second, options], env) := options.DefaultValue if {
	every key in [mapping, first, second] {
		is_string(key)
	}
	not second in object.keys(object.get(env.mappings, [mapping, first], {}))
}

_import_value(name, env) := env.imports[name]

_import_value(name, env) := hole.text(name, $"the value that is exported as {name}") if {
	is_string(name)
	not name in object.keys(env.imports)
}

# METADATA
# title: A text with what stands in it in braces
# description: In the two parts of Fn::Sub, what is named in the second goes before all else; `${!name}` is `${name}` itself.
sub(template, env) := hole.joined(_pieces(template, {}, env), "") if is_string(template)

sub([template, own], env) := hole.joined(_pieces(template, own, env), "")

_pieces(template, own, env) := [piece |
	some number, part in split(template, "${")
	some piece in _piece(number, part, own, env)
]

_piece(0, part, _, _) := [part]

_piece(number, part, own, env) := [_named(trim_space(substring(part, 0, end)), own, env), substring(part, end + 1, -1)] if {
	number > 0
	end := indexof(part, "}")
	end >= 0
	not startswith(part, "!")
}

_piece(number, part, _, _) := ["${", substring(part, 1, -1)] if {
	number > 0
	startswith(part, "!")
}

_named(name, own, _) := own[name]

_named(name, own, env) := _found(name, env) if not name in object.keys(own)

_found(name, env) := env.refs[name]

_found(name, env) := _attribute(_parts(name), env) if contains(name, ".")

_found(name, env) := hole.text(name, $"{name}, which is not there") if {
	not contains(name, ".")
	not name in object.keys(env.refs)
}

_join([delimiter, parts]) := hole.joined(parts, delimiter)

_select([index, parts]) := parts[to_number(index)]

_split([delimiter, text]) := split(text, delimiter) if is_string(text)

_is_equal([left, right]) := _compared(left) == _compared(right)

# CloudFormation compares texts, and takes a number or a boolean for one.
_compared(side) := hole.as_text(side)

_compared(side) := side if {
	type_name(side) in ["array", "object"]
	not hole.is_hole(side)
}

# What is known of a value that would depend on holes.
_when_known(found, node) := found if hole.within(node) == set()

_when_known(_, node) := hole.opaque(concat(" and ", sort(missing))) if {
	missing := hole.within(node)
	count(missing) > 0
}

_all(sides) := false if false in sides

_all(sides) := _remaining(sides, true) if not false in sides

_any(sides) if true in sides

_any(sides) := _remaining(sides, false) if not true in sides

_remaining(sides, one) := one if {
	every side in sides {
		side == one
	}
}

_remaining(sides, _) := hole.opaque(concat(" and ", sort(missing))) if {
	missing := hole.within(sides)
	count(missing) > 0
}

_opposite(true) := false

_opposite(false) := true

_opposite(side) := side if hole.is_hole(side)
