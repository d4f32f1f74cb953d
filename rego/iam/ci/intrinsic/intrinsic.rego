# METADATA
# title: CloudFormation's intrinsic functions
# description: |
#   A value with all intrinsics in it evaluated, as far as what they need is known. Rego has no recursion: each pass evaluates
#   the innermost ones, in the value's JSON text, where an intrinsic's own text can't stand but for itself (within a string its
#   quotation marks would be escaped). What they need, `env`, is an object of `refs` (what a Ref gives: parameters, pseudo
#   parameters and resources by name), `attributes` (what Fn::GetAtt gives, by resource and attribute), `conditions`,
#   `mappings` and `imports`.
package iam.ci.intrinsic

import data.iam.ci.hole
import data.iam.ci.intrinsic.function

# METADATA
# title: A value with its intrinsics evaluated
# description: Nested more than twelve levels deep, an intrinsic is unknown.
evaluated(value, env) := result if {
	four := _pass(_pass(_pass(_pass(json.marshal(value), env), env), env), env)
	eight := _pass(_pass(_pass(_pass(four, env), env), env), env)
	twelve := _pass(_pass(_pass(_pass(eight, env), env), env), env)
	result := json.unmarshal(strings.replace_n(_leftovers(json.unmarshal(twelve)), twelve))
}

_pass(text, env) := strings.replace_n(_replacements(json.unmarshal(text), env), text)

_replacements(tree, env) := {old: new |
	walk(tree, [path, node])
	value := _replacement(path, node, env)
	old := json.marshal(node)
	new := json.marshal(value)
}

_replacement(_, node, env) := function.value(node, env) if {
	is_intrinsic(node)
	node != _no_value
	not _has_intrinsic(node[_name(node)])
}

_replacement(path, node, _) := {name: member | some name, member in node; member != _no_value} if {
	_lacks_values(path, node)
	is_object(node)
}

_replacement(path, node, _) := [member | some member in node; member != _no_value] if {
	_lacks_values(path, node)
	is_array(node)
}

# Of what an If chooses from, one may be no value; it goes with the place that the If stands in.
_lacks_values(path, node) if {
	_no_value in node
	not _has_intrinsic(node)
	not _is_of_if(path)
}

_is_of_if(path) if path[count(path) - 1] == "Fn::If"

_leftovers(tree) := {old: new |
	walk(tree, [_, node])
	is_intrinsic(node)
	not _has_intrinsic(node[_name(node)])
	old := json.marshal(node)
	new := json.marshal(hole.opaque($"a {_name(node)} that is nested too deep, or stands where it can't"))
}

_no_value := {"Ref": "AWS::NoValue"}

# METADATA
# title: Whether a value is an intrinsic
# scope: document
default is_intrinsic(_) := false

is_intrinsic(value) if _name(value)

_name(value) := name if {
	is_object(value)
	count(value) == 1
	some name, argument in value
	_names_function(name, argument)
}

_names_function("Ref", argument) if is_string(argument)

_names_function("Condition", argument) if is_string(argument)

_names_function(name, _) if startswith(name, "Fn::")

default _has_intrinsic(_) := false

_has_intrinsic(value) if {
	walk(value, [_, inner])
	is_intrinsic(inner)
	inner != _no_value
}
