package iam.ci.adapter.terraform

# The roles, users and groups that the file has.
_principals[phase][key] := object.union_n([_arn(instance), _boundary(phase, instance), _trust(phase, key), {
	"address": instance.address,
	"file": instance.file,
	"identity": _identity(phase, key, instance),
	"kind": _kinds[instance.type],
	"path": instance.path,
	"whole": true,
}]) if {
	some phase, instances in _instances
	some key, instance in instances
	_kinds[instance.type]
}

# Those that it attaches something to. Whatever else they have, the file doesn't tell.
_principals[phase][key] := object.union(_outside_arn(first), {
	"address": first.instance.address,
	"file": first.instance.file,
	"identity": sort([attachment.entry | some attachment in _attached[phase][key]]),
	"kind": first.kind,
	"path": first.instance.path,
	"whole": false,
}) if {
	some phase, _ in _instances
	some key, attachments in _attached[phase]
	not _instances[phase][key]
	first := sort(attachments)[0]
}

_attached := _attached_to

_attached_to[phase][key] contains attachment if {
	some phase, attachments in _attachments
	some attachment in attachments
	key := attachment.key
}

_identity(phase, key, instance) := sort(union({
	{attachment.entry | some attachment in object.get(_attached, [phase, key], set())},
	{attachment.entry |
		some [user, group] in _memberships[phase]
		user == key
		some attachment in _attached[phase][group]
	},
	{{"address": instance.address, "document": id, "path": _documents[phase][id].path} |
		some n, _ in object.get(instance.values, "inline_policy", [])
		id := $"{key} inline_policy {n}"
		_documents[phase][id]
	},
	_role_entries(phase, instance),
}))

_role_entries(phase, instance) := {_entry(instance, entry) |
	instance.type == "aws_iam_role"
	some entry in (_managed_entries(phase, instance, "managed_policy_arns") | _unknown_inline(instance))
}

_unknown_inline(instance) := {_unknown_entry(instance, "inline_policy") | _is_unknown(instance, ["inline_policy"])}

# Which user is in which group, both by their keys.
_memberships[phase] := {[user, group] |
	some instance in instances
	ways := _joining[instance.type]
	some user_name in _named(instance, ways.user.target)
	some user in _keys_of(phase, instance, ways.user, user_name)
	some group_name in _named(instance, ways.group.target)
	some group in _keys_of(phase, instance, ways.group, group_name)
} if {
	some phase, instances in _instances
}

_boundary(phase, instance) := {"boundary": _entry(instance, entry)} if {
	some entry in _managed_entries(phase, instance, "permissions_boundary")
} else := {}

_trust(phase, key) := {"trust": id} if {
	id := $"{key} assume_role_policy"
	_documents[phase][id]
} else := {}

_arn(instance) := {"arn": instance.values.arn} if {
	is_string(instance.values.arn)
} else := {"arn": _built_arn(_kinds[instance.type], _path_of(instance.values), instance.values.name)} if {
	is_string(instance.values.name)
	not _is_unknown(instance, ["path"])
} else := {}

_outside_arn(attachment) := {"arn": _built_arn(attachment.kind, "/", attachment.target)} if {
	is_string(attachment.target)
} else := {}

# Twelve zeros where nothing tells the account.
_built_arn(kind, path, name) := $"arn:{_partition}:iam::{_account}:{kind}{path}{name}"

_path_of(values) := path if {
	path := values.path
	is_string(path)
} else := "/"

default _account := "000000000000"

_account := data.iam.ci.settings.account if {
	data.iam.ci.settings.account
} else := sort(_accounts)[0] if {
	count(_accounts) == 1
}

default _partition := "aws"

_partition := data.iam.ci.settings.partition

# The account whose credentials Terraform uses, and those that the ARNs of the file's own principals and
# policies tell.
_accounts := {account |
	some instances in _instances
	some instance in instances
	startswith(instance.type, "aws_iam_")
	account := split(instance.values.arn, ":")[4]
} | {account |
	some resource in _read_data
	resource.type == "aws_caller_identity"
	account := resource.values.account_id
}
