package iam.ci.adapter.terraform

import data.iam.ci.model

# The policies that instances have, as `[phase, key of the instance, where in its values, facts]`.
_written[phase][id] := {"instance": instance, "row": row, "steps": [row.attribute], "value": value} if {
	some phase, instances in _instances
	some key, instance in instances
	row := _row(instance)
	value := instance.values[row.attribute]
	_is_text(value)
	not _is_unknown(instance, [row.attribute])
	id := $"{key} {row.attribute}"
}

# Roles had their inline policies in blocks before there were resources for them.
_written[phase][id] := {"instance": instance, "row": _inline, "steps": steps, "value": inline.policy} if {
	some phase, instances in _instances
	some key, instance in instances
	instance.type == "aws_iam_role"
	some k, inline in instance.values.inline_policy
	_is_text(inline.policy)
	steps := ["inline_policy", k, "policy"]
	not _is_unknown(instance, steps)
	id := $"{key} inline_policy {k}"
}

_inline := {"attribute": "inline_policy", "holder": "", "policy_type": "identity", "resource_type": ""}

_documents := _document

_document[phase][id] := object.union(_content(written), {
	"address": written.instance.address,
	"arn": _managed_arn(written.instance),
	"file": written.instance.file,
	"guessed": false,
	"holder": _holder(written),
	"managed": written.instance.type in _managed_types,
	"path": _path(written.instance.path, written.steps),
	"policy": _policy_name(written),
	"policy_type": written.row.policy_type,
	"resource_type": written.row.resource_type,
	"sensitive": _is_sensitive(written.instance, written.steps),
}) if {
	some phase, all in _written
	some id, written in all
}

# The permissions that Lambda makes statements of.
_document[phase][id] := {
	"address": instance.address,
	"arn": "",
	"file": instance.file,
	"guessed": false,
	"holder": "",
	"managed": false,
	"path": instance.path,
	"policy": instance.address,
	"policy_type": "resource",
	"resource_type": "AWS::Lambda::Function",
	"sensitive": instance.sensitive == true,
	"value": _permission(instance),
} if {
	some phase, instances in _instances
	some key, instance in instances
	instance.type == "aws_lambda_permission"
	not _lacks_permission(instance)
	id := $"{key} permission"
}

# Managed policies that the configuration looks up: known, and not of the change.
_document[phase][id] := object.union(model.parsed(resource.values.policy), {
	"address": resource.address,
	"arn": arn,
	"file": "",
	"guessed": false,
	"holder": "",
	"managed": true,
	"outside": true,
	"path": "",
	"policy": arn,
	"policy_type": "identity",
	"resource_type": "",
	"sensitive": false,
}) if {
	some arn in (_looked_up - _own_arns)
	resource := [one | some one in _read_data; one.type == "aws_iam_policy"; one.values.arn == arn][0]
	some phase in ["after", "before"]
	id := $"read {arn}"
}

_looked_up := {one.values.arn |
	some one in _read_data
	one.type == "aws_iam_policy"
	is_string(one.values.policy)
}

_own_arns := {instance.values.arn |
	some instances in _instances
	some instance in instances
	instance.type == "aws_iam_policy"
}

_content(written) := model.parsed(written.value) if is_string(written.value)

_content(written) := {"value": written.value} if not is_string(written.value)

_managed_types := {"aws_iam_policy", "aws_organizations_policy"}

_managed_arn(instance) := instance.values.arn if {
	instance.type in _managed_types
	is_string(instance.values.arn)
} else := ""

_policy_name(written) := written.instance.values.name if {
	not _is_sensitive(written.instance, ["name"])
	is_string(written.instance.values.name)
} else := written.instance.address

# The ARN of the resource that has the policy: an attribute tells it, or the name of its bucket.
_holder(written) := value if {
	value := written.instance.values[written.row.holder]
	startswith(value, "arn:")
} else := $"arn:{_partition}:s3:::{value}" if {
	written.row.resource_type == "AWS::S3::Bucket"
	value := object.get(written.instance.values, "bucket", "")
	is_string(value)
	value != ""
} else := ""

_row(instance) := _attributes[instance.type] if instance.type != "aws_organizations_policy"

_row(instance) := {
	"attribute": "content",
	"holder": "",
	"policy_type": _control_types[instance.values.type],
	"resource_type": "",
} if {
	instance.type == "aws_organizations_policy"
}

_control_types := {
	"RESOURCE_CONTROL_POLICY": "resource_control",
	"SERVICE_CONTROL_POLICY": "service_control",
	null: "service_control",
}

default _is_text(_) := false

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}

_is_text(value) if is_object(value)

# Whether a value, or any part of it, is unknown or sensitive: Terraform marks either a part or all that it is part of.
default _is_unknown(_, _) := false

_is_unknown(instance, steps) if {
	_is_marked(instance.unknown, steps)
	_is_set(instance, steps[0])
}

default _is_sensitive(_, _) := false

_is_sensitive(instance, steps) if _is_marked(instance.sensitive, steps)

default _is_marked(_, _) := false

_is_marked(marks, _) if marks == true

_is_marked(marks, steps) if {
	some n in numbers.range(1, count(steps))
	object.get(marks, array.slice(steps, 0, n), false) == true
}

_is_marked(marks, steps) if {
	part := object.get(marks, steps, false)
	not is_boolean(part)
	walk(part, [_, mark])
	mark == true
}

_path(path, steps) := concat("/", array.concat([path], [$"{step}" | some step in steps]))
