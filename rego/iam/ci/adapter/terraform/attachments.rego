package iam.ci.adapter.terraform

# What is attached to whom: the instance that does it, the principal's kind, name and key, and the entry of `iam.ci.model`.
_attachments[phase] := {attachment |
	some key, instance in _instances[phase]
	some way in _attaching[instance.type]
	some target in _named(instance, way.target)
	some entry in _entries(phase, key, instance, way)
	some principal in _keys_of(phase, instance, way, target)
	attachment := {
		"entry": _entry(instance, entry),
		"instance": instance,
		"key": principal,
		"kind": way.kind,
		"target": target,
		"way": way,
	}
} if {
	some phase in ["after", "before"]
}

# The texts of an attribute that has one or a list of them; null for those that are unknown.
_named(instance, attribute) := {null} if {
	_is_unknown(instance, [attribute])
} else := {text | some text in _listed(instance.values[attribute]); text != ""}

_listed(value) := value if is_array(value)

_listed(value) := [value] if is_string(value)

_listed(value) := [] if is_null(value)

_entries(phase, key, instance, way) := {_inline_entry(phase, $"{key} {way.policy}", instance)} if way.inline

_entries(phase, _, instance, way) := _managed_entries(phase, instance, way.policy) if not way.inline

_inline_entry(phase, id, _) := {"document": id} if _documents[phase][id]

_inline_entry(phase, id, instance) := _unknown_entry(instance, "policy") if not _documents[phase][id]

_managed_entries(phase, instance, attribute) := union({_managed_entry(phase, instance, attribute, arn) |
	some arn in _named(instance, attribute)
})

_managed_entry(_, _, _, arn) := {{"arn": arn}} if {
	is_string(arn)
	_documents_named(arn) == set()
}

_managed_entry(_, _, _, arn) := {{"document": id} | some id in _documents_named(arn)} if {
	is_string(arn)
	_documents_named(arn) != set()
}

_managed_entry(_, instance, attribute, null) := entries if {
	keys := [key |
		some key in _referenced(instance, attribute)
		_instances.after[key].type == "aws_iam_policy"
	]
	entries := {_policy_entry(key) | some key in keys}
	count(entries) > 0
	_is_one_or_list(attribute, entries)
} else := {_unknown_entry(instance, attribute)}

# Of several policies that an expression for one refers to, it can be any.
default _is_one_or_list(_, _) := false

_is_one_or_list(_, entries) if count(entries) == 1

_is_one_or_list(attribute, _) if endswith(attribute, "s")

_policy_entry(key) := {"document": id} if {
	id := $"{key} policy"
	_documents.after[id]
} else := _unknown_entry(_instances.after[key], "policy")

_unknown_entry(instance, attribute) := {
	"address": instance.address,
	"path": _path(instance.path, [attribute]),
	"unknown": attribute,
}

_entry(instance, entry) := object.union({"address": instance.address, "path": instance.path}, entry)

# The new policies of a file that an ARN names, though Terraform doesn't know it yet.
_documents_named(arn) := {id |
	names := split(arn, "/")
	some key in _new_policies[names[count(names) - 1]]
	id := $"{key} policy"
	_documents.after[id]
	not startswith(arn, "arn:aws:iam::aws:")
}

_new_policies[name] contains key if {
	some key, instance in _instances.after
	instance.type == "aws_iam_policy"
	_is_unknown(instance, ["arn"])
	name := instance.values.name
}

# The keys of those whom a name means: of the file's own by name or, where that is unknown, by reference.
_keys_of(phase, instance, way, target) := keys if {
	is_string(target)
	keys := _keys_by_name[phase][way.kind][target]
} else := {$"{instance.number} {way.kind} {target}"} if {
	is_string(target)
} else := keys if {
	keys := {key | some key in _referenced(instance, way.target); _kinds[_instances.after[key].type] == way.kind}
	count(keys) > 0
} else := {$"{instance.number} {way.kind} of {instance.address}"}

_keys_by_name := _key_by_name

_key_by_name[phase][kind][name] contains key if {
	some phase, instances in _instances
	some key, instance in instances
	kind := _kinds[instance.type]
	name := instance.values.name
	is_string(name)
}
