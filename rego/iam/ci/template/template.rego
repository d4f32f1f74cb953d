# METADATA
# title: CloudFormation templates with what is known of them filled in
# description: |
#   By a file's number, its resources with their intrinsics evaluated. What the stack is deployed with tell
#   `data.iam.ci.settings` (`account`, `region`, `partition`, `stack_name`, `parameters`, `imports`), else the template's own
#   defaults; the rest is unknown (`iam.ci.hole`). So is a name that CloudFormation makes up.
package iam.ci.template

import data.iam.ci.hole
import data.iam.ci.intrinsic
import data.iam.ci.intrinsic.function
import data.iam.ci.parameter
import data.iam.ci.resource_type

# METADATA
# title: The properties of the resources that have to do with IAM, evaluated
properties[i] := intrinsic.evaluated(_raw[i], _whole[i]) if some i, _ in parameter.templates

# METADATA
# title: Whether a resource is made
# description: True, or a hole where its condition is not known; a resource that isn't made is not there.
made[i][name] := held if {
	some i, template in parameter.templates
	some name, resource in template.Resources
	held := _held(i, _condition(resource))
	held != false
}

# Where an intrinsic makes resources there is no condition.
_condition(resource) := object.get(resource, "Condition", null) if is_object(resource)

_condition(resource) := null if not is_object(resource)

# METADATA
# title: What Ref and Fn::GetAtt give of the template's resources
identities[i] := {"attributes": _attributes[i], "refs": _resource_refs[i]} if some i, _ in parameter.templates

# METADATA
# title: The name of the Serverless Application Model's transform
serverless := "AWS::Serverless-2016-10-31"

# METADATA
# title: The names of the transforms that a template asks for, as a list
# description: One that is given otherwise than by its name has that place as JSON.
transforms[i] := [name |
	some transform in _listed(object.get(template, "Transform", []))
	name := _transform_name(transform)
] if {
	some i, template in parameter.templates
}

_transform_name(transform) := transform if is_string(transform)

_transform_name(transform) := transform.Name if is_string(transform.Name)

_transform_name(transform) := json.marshal(transform) if {
	not is_string(transform)
	not is_string(object.get(transform, "Name", null))
}

_listed(value) := value if is_array(value)

_listed(value) := [value] if not is_array(value)

_held(_, condition) if condition == null

_held(i, condition) := conditions[i][condition] if is_string(condition)

_held(i, condition) := hole.opaque($"whether {condition}, a condition that is not there, holds") if {
	is_string(condition)
	not condition in object.keys(conditions[i])
}

# METADATA
# title: Which conditions hold
# description: A condition may ask for others, which is followed five levels deep.
conditions[i] := fifth if {
	some i, template in parameter.templates
	asked := object.get(template, "Conditions", {})
	first := _round(i, asked, {})
	second := _round(i, asked, first)
	third := _round(i, asked, second)
	fourth := _round(i, asked, third)
	fifth := _round(i, asked, fourth)
}

_round(i, asked, known) := intrinsic.evaluated(asked, object.union(_basic[i], {"conditions": known}))

_basic[i] := {
	"attributes": {},
	"conditions": {},
	"imports": _imports,
	"mappings": object.get(template, "Mappings", {}),
	"refs": object.union(parameter.values[i], parameter.pseudo),
} if {
	some i, template in parameter.templates
}

_conditional[i] := object.union(_basic[i], {"conditions": conditions[i]}) if some i, _ in parameter.templates

_whole[i] := object.union(_conditional[i], {
	"attributes": _attributes[i],
	"refs": object.union(_conditional[i].refs, _resource_refs[i]),
}) if {
	some i, _ in parameter.templates
}

_raw[i] := {name: object.union(_inherited(template, resource.Type), object.get(resource, "Properties", {})) |
	some name, _ in made[i]
	resource := template.Resources[name]
	resource_type.is_judged(resource.Type)
} if {
	some i, template in parameter.templates
}

# What a template of the Serverless Application Model says of all its functions.
_inherited(template, type) := object.filter(
	object.get(template, ["Globals", "Function"], {}),
	["AssumeRolePolicyDocument", "PermissionsBoundary", "RolePath"],
) if {
	type == "AWS::Serverless::Function"
} else := {}

# What names a resource: its own name, where it has one, evaluated before what refers to resources.
_names[i] := intrinsic.evaluated(
	{name: own |
		some name, resource in template.Resources
		rule := resource_type.names[resource.Type]
		own := object.filter(object.get(resource, "Properties", {}), [rule.name, "Path"])
	},
	_conditional[i],
) if {
	some i, template in parameter.templates
}

_resource_refs[i] := {name: value |
	some name, resource in template.Resources
	value := _ref(i, name, resource.Type)
} if {
	some i, template in parameter.templates
}

_ref(i, name, type) := function.sub([resource_type.names[type].ref, _own(i, name, type)], _conditional[i])

_ref(_, name, type) := hole.text(name, $"what a Ref to {name} gives") if not resource_type.names[type]

_attributes[i] := {name: values |
	some name, resource in template.Resources
	forms := resource_type.names[resource.Type].attributes
	values := {attribute: value |
		some attribute, form in forms
		value := function.sub([form, _own(i, name, resource.Type)], _conditional[i])
	}
} if {
	some i, template in parameter.templates
}

# A resource's own properties, and a name that CloudFormation makes up where it has none.
_own(i, name, type) := object.union_n([
	resource_type.names[type].defaults,
	_names[i][name],
	{"name": object.get(_names[i][name], resource_type.names[type].name, _made_up(name))},
])

_made_up(name) := hole.joined([parameter.pseudo["AWS::StackName"], $"-{name}-", _ending], "")

_ending := "GENERATED" if data.iam.ci.settings.stack_name

_ending := hole.text("GENERATED", "a name that CloudFormation makes up") if not data.iam.ci.settings.stack_name

default _imports := {}

_imports := data.iam.ci.settings.imports
