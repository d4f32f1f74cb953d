package iam.ci.adapter.cloudformation

import data.iam.ci.file
import data.iam.ci.hole
import data.iam.ci.intrinsic.function
import data.iam.ci.model
import data.iam.ci.parameter
import data.iam.ci.resource_type
import data.iam.ci.template

# The resources that are looked at, with evaluated properties, by file and logical id.
_resources[key] := {
	"file": file.files[i].path,
	"name": name,
	"number": i,
	"properties": properties,
	"type": parameter.templates[i].Resources[name].Type,
} if {
	some i, evaluated in template.properties
	some name, properties in evaluated
	key := $"{i} {name}"
}

# The policies that they have: each a resource, where it is, what the table of types says of it, and its value.
_written[id] := {"place": place, "resource": resource, "steps": steps, "value": value} if {
	some key, resource in _resources
	some place in resource_type.policies[resource.type]
	some [steps, value] in _found(resource.properties, place.steps)
	value != null
	id := concat(" ", array.concat([key], [$"{step}" | some step in steps]))
}

_written[id] := {"place": place, "resource": resource, "steps": steps, "value": value} if {
	some key, resource in _resources
	some [place, steps, value] in _composed(resource)
	id := concat(" ", array.concat([key, "composed"], [$"{step}" | some step in steps]))
}

_found(properties, steps) := [[steps, object.get(properties, steps, null)]] if not "*" in steps

_found(properties, steps) := [[array.flatten([before, k, after]), object.get(item, after, null)] |
	some n, "*" in steps
	before := array.slice(steps, 0, n)
	after := array.slice(steps, n + 1, count(steps))
	some k, item in object.get(properties, before, [])
	is_object(item)
] if {
	"*" in steps
}

# What a policy is, as far as it is known. Of one that is a text nothing may be unknown: its holes have no place.
_contents[id] := _content(written.value) if some id, written in _written

_content(value) := object.union(model.parsed(value), {"holes": {}}) if is_string(value)

_content(value) := hole.filled(value) if {
	not is_string(value)
	not hole.is_hole(value)
}

_content(value) := {"holes": {"": value[hole.name]}, "value": null} if hole.is_hole(value)

# Where a text stands in, the rest can be judged; where that isn't certain to be a text, nothing can.
_is_opaque(content) if {
	some missing in content.holes
	is_null(missing.widest)
}

_is_opaque(content) if content.holes[""]

_documents[$"cloudformation {id}"] := object.union(_contents[id], {
	"address": written.resource.name,
	"arn": _managed_arn(written.resource),
	"file": written.resource.file,
	"guessed": false,
	"holder": _holder(written),
	"managed": written.resource.type == "AWS::IAM::ManagedPolicy",
	"path": _path(written.resource, written.steps),
	"policy": _policy_name(written),
	"policy_type": written.place.policy_type,
	"resource_type": written.place.resource_type,
	"sensitive": false,
	"targets": _targets(written.resource),
}) if {
	some id, written in _written
	not _is_opaque(_contents[id])
}

_path(resource, steps) := concat("/", array.concat(
	[$"/Resources/{resource.name}/Properties"],
	[$"{step}" | some step in steps],
))

_managed_arn(resource) := hole.as_text(template.identities[resource.number].refs[resource.name]) if {
	resource.type == "AWS::IAM::ManagedPolicy"
} else := ""

_policy_name(written) := name if {
	holder := array.slice(written.steps, 0, count(written.steps) - 1)
	some property in ["PolicyName", "ManagedPolicyName", "Name"]
	name := object.get(written.resource.properties, array.concat(holder, [property]), null)
	is_string(name)
} else := written.resource.name

_holder(written) := hole.as_text(_self(written.resource)) if {
	written.place.holder == "self"
} else := hole.as_text(_form(written)) if {
	contains(written.place.holder, "$")
} else := _each(written.resource, trim_prefix(written.place.holder, "each of ")) if {
	startswith(written.place.holder, "each of ")
} else := ""

_self(resource) := template.identities[resource.number].attributes[resource.name].Arn

_form(written) := function.sub([written.place.holder, written.resource.properties], {
	"attributes": {},
	"refs": parameter.pseudo,
})

# A policy that several have is told of the first.
_each(resource, property) := _arn_of(hole.as_text(sort(_listed(resource.properties[property]))[0]))

_arn_of(text) := text if startswith(text, "arn:")

_arn_of(url) := $"arn:{parameter.partition}:sqs:{region}:{account}:{queue}" if {
	[_, _, host, account, queue] := split(url, "/")
	region := split(host, ".")[1]
}

_arn_of(text) := "" if {
	not startswith(text, "arn:")
	count(split(text, "/")) != 5
}

_targets(resource) := [id | some id in _listed(object.get(resource.properties, "TargetIds", [])); is_string(id)]

_listed(value) := value if is_array(value)

_listed(value) := [value] if not is_array(value)
