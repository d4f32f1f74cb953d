# METADATA
# title: CloudFormation's templates, and those of the Serverless Application Model
# description: |
#   Intrinsics are evaluated as far as the settings and the template tell what they need. What a template leaves to others, nested
#   stacks, macros, modules and what they make, is told as unknown. A document's `holes` tell by JSON Pointer what of it is not
#   known (`what`) and the `widest` pattern that could stand there; its `value` has a stand-in.
package iam.ci.adapter.cloudformation

import data.iam.ci.file
import data.iam.ci.hole
import data.iam.ci.model
import data.iam.ci.parameter
import data.iam.ci.resource_type
import data.iam.ci.template
import data.iam.pointer

# METADATA
# title: The policy documents after the change
documents := _documents

# METADATA
# title: Nothing tells what was before
before := {}

# METADATA
# title: Who has identity policies after the change
principals := _principals

# METADATA
# title: Nothing tells who had them
before_principals := {}

# METADATA
# title: What can't be told before the stack is made
unknowns contains _unknown(written.resource, _path(written.resource, written.steps), _what(_contents[id])) if {
	some id, written in _written
	_is_opaque(_contents[id])
}

unknowns contains _unknown(resource, entry.path, entry.unknown) if {
	some key, resource in _resources
	some principal in [principals[$"cloudformation {key}"]]
	some entry in array.concat(principal.identity, [principal.boundary | principal.boundary])
	entry.address == resource.name
	entry.unknown
}

# Where a list of policies, or what leads to one, is not known.
unknowns contains _unknown(resource, _path(resource, steps), concat(" and ", sort(missing))) if {
	some resource in _resources
	some steps in _leading(resource)
	missing := hole.missing(object.get(resource.properties, steps, null))
	count(missing) > 0
}

_leading(resource) := ({steps |
	some place in resource_type.policies[resource.type]
	some n in numbers.range(1, count(place.steps) - 1)
	steps := array.slice(place.steps, 0, n)
	not "*" in steps
} | {array.concat(before, [k]) |
	some place in resource_type.policies[resource.type]
	some n, "*" in place.steps
	before := array.slice(place.steps, 0, n)
	some k, _ in object.get(resource.properties, before, [])
}) | {[property] | some property in _deciding[resource.type]}

# Properties on which it depends what there is to judge.
_deciding := {
	"AWS::IAM::User": ["Groups"],
	"AWS::IAM::UserToGroupAddition": ["GroupName", "Users"],
	"AWS::Organizations::Policy": ["Type"],
}

# Who is in a group of elsewhere gets what that has.
unknowns contains _unknown(resource, $"/Resources/{resource.name}", $"what the group {group} has") if {
	some resource in _resources
	resource.type == "AWS::IAM::UserToGroupAddition"
	group := hole.as_text(resource.properties.GroupName)
	not _makes(resource.number, "group", group)
	some user in _items(resource.properties.Users)
	not _makes(resource.number, "user", hole.as_text(user))
}

# Whom a policy lets in. Who is of the stack's own account is not from outside.
unknowns contains {"address": one.address, "file": one.file, "path": $"{one.path}{path}", "what": what} if {
	some one in documents
	one.policy_type in ["resource", "role_trust", "vpc_endpoint"]
	some path, missing in one.holes
	regex.match(`^/Statement(/[0-9]+)?/Principal`, path)
	outside := {text | some text in missing.what} - hole.of_stack
	count(outside) > 0
	what := concat(" and ", sort(outside))
}

# Whether there is a resource, and to whom something is attached.
unknowns contains _unknown(resource, $"/Resources/{resource.name}/Condition", concat(" and ", sort(missing))) if {
	some resource in _resources
	missing := hole.missing(template.made[resource.number][resource.name])
	count(missing) > 0
}

unknowns contains _unknown(resource, $"/Resources/{resource.name}", concat(" and ", sort(hole.missing(value)))) if {
	some resource in _resources
	some [kind, values] in _target_lists(resource)
	some value in values
	hole.is_hole(value)
	not _makes(resource.number, kind, hole.as_text(value))
}

unknowns contains _unknown(resource, $"/Resources/{resource.name}", what) if {
	some resource in _resources
	what := _left_to_others[resource.type]
}

_left_to_others := {
	"AWS::CloudFormation::Stack": "what a nested stack makes",
	"AWS::Serverless::Application": "what a nested application makes",
	"AWS::Serverless::Connector": "what a connector permits",
}

unknowns contains _unknown(resource, $"/Resources/{resource.name}/Connectors", "what a connector permits") if {
	some resource in _resources
	parameter.templates[resource.number].Resources[resource.name].Connectors
}

unknowns contains {"address": name, "file": file.files[i].path, "path": $"/Resources/{name}", "what": what} if {
	some i, resources in template.made
	some name, _ in resources
	what := _unread_resource(name, parameter.templates[i].Resources[name])
}

_unread_resource(name, resource) := "what Fn::ForEach makes" if {
	startswith(name, "Fn::ForEach::")
} else := "what Fn::Transform makes" if {
	startswith(name, "Fn::Transform")
} else := $"what the module {resource.Type} makes" if {
	endswith(resource.Type, "::MODULE")
}

# What a macro puts beside the members of an object.
unknowns contains {"address": address, "file": file.files[i].path, "path": place, "what": $"what {name} makes"} if {
	some i, one in parameter.templates
	[path, value] := walk({"Resources": one.Resources})
	count(path) > 1
	is_object(value)
	count(value) > 1
	some name, _ in value
	startswith(name, "Fn::")
	address := path[1]
	place := concat("", [pointer.step("", $"{step}") | some step in path])
}

unknowns contains _unknown(resource, $"/Resources/{resource.name}/Properties", concat(" and ", sort(missing))) if {
	some resource in _resources
	missing := hole.missing(resource.properties)
	count(missing) > 0
}

unknowns contains {"address": "", "file": file.files[i].path, "path": "/Fn::Transform", "what": "what Fn::Transform makes"} if {
	some i, one in parameter.templates
	one["Fn::Transform"]
}

unknowns contains {"address": "", "file": file.files[i].path, "path": "/Transform", "what": $"what the transform {name} makes"} if {
	some i, names in template.transforms
	some name in names
	not name in _harmless_transforms
}

# These are followed here; others may make anything.
_harmless_transforms := {
	"AWS::CodeDeployBlueGreen",
	"AWS::LanguageExtensions",
	"AWS::SecretsManager-2020-07-23",
	"AWS::SecretsManager-2024-09-16",
	template.serverless,
}

# METADATA
# title: What only this adapter can find
# description: Of a type that is not known here, a policy is found by what it looks like.
faults contains model.finding("coverage", "POLICY_NOT_JUDGED", "undecided", place, message, mend) if {
	some i, resources in template.made
	some name, _ in resources
	resource := parameter.templates[i].Resources[name]
	not resource_type.is_judged(resource.Type)
	not resource.Type in _not_of_iam
	_has_policy(object.get(resource, "Properties", {}))
	place := {"address": name, "file": file.files[i].path, "path": $"/Resources/{name}/Properties"}
	message := $"{resource.Type} has what looks like a policy, and the gate doesn't know this type of resource"
	mend := "judge the policy as a file of its own, and except this finding"
}

# Their policies are of another language.
_not_of_iam := {"AWS::IoT::Policy"}

_has_policy(properties) if {
	[_, value] := walk(properties)
	_looks_like_policy(value)
}

_looks_like_policy(value) if {
	is_object(value)
	some statement in _listed(value.Statement)
	statement.Effect
}

_looks_like_policy(value) if {
	is_string(value)
	contains(value, `"Statement"`)
	contains(value, `"Effect"`)
}

faults contains model.finding("coverage", "TAGS_LOST", "undecided", {"file": file.files[i].path}, message, mend) if {
	some i in parameter.without_tags
	message := "Conftest's YAML parser drops the tags of short intrinsics, so that !Ref Name can't be told from the text Name"
	mend := "judge the JSON that `opa-iam ci --print-input FILE` prints, or say long_intrinsics where no template has short ones"
}

faults contains model.finding("coverage", "INVALID_TEMPLATE", "deny", place, message, "") if {
	some i, one in parameter.templates
	some name, resource in object.get(one, "Resources", {})
	not startswith(name, "Fn::")
	not _has_type(resource)
	place := {"address": name, "file": file.files[i].path, "path": $"/Resources/{name}"}
	message := "a resource without a type"
}

default _has_type(_) := false

_has_type(resource) if is_string(resource.Type)

faults contains model.finding("coverage", "INVALID_TEMPLATE", "deny", place, message, mend) if {
	some i, one in parameter.templates
	[path, value] := walk(object.get(one, "Resources", {}))
	"<<" in object.keys(value)
	place := {"address": path[0], "file": file.files[i].path, "path": "/Resources"}
	message := "CloudFormation doesn't merge mappings by the key <<"
	mend := "write the mapping out"
}

_unknown(resource, path, what) := {"address": resource.name, "file": resource.file, "path": path, "what": what}
