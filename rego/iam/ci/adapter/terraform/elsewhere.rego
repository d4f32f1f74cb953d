package iam.ci.adapter.terraform

import data.iam.ci.file
import data.iam.ci.model

# Policies in types that nobody here knows must not go unseen: whatever of AWS's providers has statements in it.
faults contains model.finding("coverage", "POLICY_NOT_JUDGED", "undecided", place, message, mend) if {
	some [i, path, resource, values] in _elsewhere
	contains(json.marshal(values), "Statement")
	place := {"address": resource.address, "file": file.files[i].path, "path": path}
	message := $"{resource.type} has what looks like a policy, and the gate doesn't know this type of resource"
	mend := "judge the policy as a file of its own, and except this finding"
}

# Attributes that are called as policies are, and are known after the change only.
unknowns contains {"address": resource.address, "file": file.files[i].path, "path": path, "what": name} if {
	some [i, path, resource, values] in _elsewhere
	some name in _telling_names
	resource.change.after_unknown[name] == true
	_is_set({"module": object.get(resource, "module_address", ""), "name": resource.name, "number": i, "type": resource.type}, name)
	is_object(values)
}

_telling_names := {"access_policies", "access_policy", "assume_role_policy", "policy", "policy_document", "resource_policy"}

_elsewhere := array.concat(
	[[i, path, resource, resource.change.after] |
		some i in _plans
		some k, resource in file.files[i].contents.resource_changes
		not _is_told(resource.type)
		object.get(resource, "mode", "managed") == "managed"
		path := $"/resource_changes/{k}/change/after"
	],
	[[i, place, resource, resource.values] |
		some [i, path, resource] in _resources
		not _is_told(resource.type)
		object.get(resource, "mode", "managed") == "managed"
		place := $"{path}/values"
	],
)

# Only the types of AWS's providers have policies of IAM's.
default _is_told(_) := false

_is_told(type) if not startswith(type, "aws")

_is_told(type) if _is_known[type]

_is_told(type) if _not_of_iam[type]
