package iam.ci.adapter.cloudformation

import data.iam.ci.hole
import data.iam.ci.parameter
import data.iam.ci.template

# The roles, users and groups that the template makes, by what a Ref to them gives.
_principals[id] := object.union_n([_arn(resource), _boundary(resource), _trust(key), {
	"address": resource.name,
	"file": resource.file,
	"identity": _identity(key, resource),
	"kind": kind,
	"path": $"/Resources/{resource.name}",
	"whole": true,
}]) if {
	some key, resource in _resources
	kind := _kind(resource)
	id := $"cloudformation {key}"
}

# Those that something is attached to and that it doesn't make.
_principals[id] := object.union(_outside_arn(kind, name), {
	"address": resource.name,
	"file": resource.file,
	"identity": _attached_to(i, kind, name),
	"kind": kind,
	"path": $"/Resources/{resource.name}",
	"whole": false,
}) if {
	some [i, kind, name, address] in _outside
	resource := _resources[$"{i} {address}"]
	id := $"cloudformation {i} {kind} {name}"
}

_outside contains [i, kind, name, addresses[0]] if {
	some [i, kind, name, _] in _attached
	not _makes(i, kind, name)
	addresses := [entry.address | some entry in _attached_to(i, kind, name)]
}

_attached_to(i, kind, name) := sort([entry | some [one, two, three, entry] in _attached; [one, two, three] == [i, kind, name]])

default _makes(_, _, _) := false

_makes(i, kind, name) if {
	some resource in _resources
	resource.number == i
	_kind(resource) == kind
	_name(resource) == name
}

_kind(resource) := {
	"AWS::IAM::Group": "group",
	"AWS::IAM::Role": "role",
	"AWS::IAM::User": "user",
}[resource.type]

_kind(resource) := "role" if _makes_role(resource)

_name(resource) := hole.as_text(template.identities[resource.number].refs[resource.name]) if not _makes_role(resource)

_name(resource) := $"{resource.name}Role" if _makes_role(resource)

# A name that is not known gives no ARN; that only the account is not known, it tells by twelve zeros.
_arn(resource) := {"arn": hole.as_text(arn)} if {
	arn := template.identities[resource.number].attributes[resource.name].Arn
	not _makes_role(resource)
	count(hole.missing(arn) - {"the account"}) == 0
} else := {}

_outside_arn(kind, name) := {"arn": $"arn:{parameter.partition}:iam::{account}:{kind}/{name}"} if {
	account := hole.as_text(parameter.pseudo["AWS::AccountId"])
	not name in _stand_ins
} else := {}

# The texts that stand for names which are not known.
_stand_ins contains hole.as_text(value) if {
	some key, resource in _resources
	some [_, values] in _target_lists(resource)
	some value in values
	hole.is_hole(value)
}

_trust(key) := {"trust": id} if {
	some prefix in ["", "composed "]
	id := $"cloudformation {key} {prefix}AssumeRolePolicyDocument"
	_documents[id]
} else := {}

_boundary(resource) := {"boundary": _managed_entry(resource, ["PermissionsBoundary"], value)} if {
	value := resource.properties.PermissionsBoundary
} else := {}

_identity(key, resource) := sort(union({
	{entry | some entry in _attached_to(resource.number, _kind(resource), _name(resource))},
	{entry |
		some group in _groups_of(resource)
		some entry in _attached_to(resource.number, "group", group)
	},
	_own_entries(key, resource),
	{{"address": resource.name, "path": $"/Resources/{resource.name}", "unknown": $"what the group {group} has"} |
		some group in _groups_of(resource)
		not _makes(resource.number, "group", group)
	},
	{entry |
		some group in _groups_of(resource)
		some other_key, other in _resources
		other.number == resource.number
		_kind(other) == "group"
		_name(other) == group
		some entry in _own_entries(other_key, other)
	},
}))

_own_entries(key, resource) := ((({{"address": resource.name, "document": document, "path": _documents[document].path} |
	some id, written in _written
	written.resource.name == resource.name
	startswith(id, $"{key} ")
	written.place.policy_type == "identity"
	document := $"cloudformation {id}"
	_documents[document]
} | {_managed_entry(resource, ["ManagedPolicyArns", k], value) |
	some k, value in _items(object.get(resource.properties, "ManagedPolicyArns", []))
}) | {{"address": resource.name, "arn": arn, "path": _path(resource, steps)} |
	_makes_role(resource)
	some [steps, arn] in _named_policies(resource)
}) | {{"address": resource.name, "path": _path(resource, written.steps), "unknown": _what(_contents[id])} |
	some id, written in _written
	startswith(id, $"{key} ")
	written.place.policy_type == "identity"
	_is_opaque(_contents[id])
}) | {{"address": resource.name, "path": _path(resource, steps), "unknown": what} |
	_makes_role(resource)
	some [steps, what] in _unread_policies(resource)
}

_what(content) := concat(" and ", sort({what | some missing in content.holes; some what in missing.what}))

# A list that is not known has one item that isn't.
_items(value) := value if is_array(value)

_items(value) := [value] if not is_array(value)

# A managed policy of the template's own is told by its document, whatever its ARN will be.
_managed_entry(resource, steps, value) := {"address": resource.name, "document": document, "path": _path(resource, steps)} if {
	document := _own_managed[resource.number][hole.as_text(value)]
} else := {"address": resource.name, "arn": value, "path": _path(resource, steps)} if {
	is_string(value)
} else := {"address": resource.name, "path": _path(resource, steps), "unknown": what} if {
	what := concat(" and ", sort(hole.missing(value)))
}

_own_managed[i][arn] := id if {
	some key, resource in _resources
	resource.type == "AWS::IAM::ManagedPolicy"
	i := resource.number
	arn := _managed_arn(resource)
	id := $"cloudformation {key} PolicyDocument"
	_documents[id]
}

# What is attached by resources that are neither who gets it nor what he gets: the file, the kind and name of who gets it,
# and the entry.
_attached contains [resource.number, kind, hole.as_text(value), entry] if {
	some key, resource in _resources
	some [kind, values] in _target_lists(resource)
	some value in values
	entry := _document_entry(key, resource)
}

_document_entry(key, resource) := {"address": resource.name, "document": id, "path": _documents[id].path} if {
	id := $"cloudformation {key} PolicyDocument"
	_documents[id]
} else := {"address": resource.name, "path": _path(resource, ["PolicyDocument"]), "unknown": what} if {
	what := _what(_contents[$"{key} PolicyDocument"])
}

_target_lists(resource) := {[kind, _items(values)] |
	resource.type in {"AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"}
	some property, kind in {"Groups": "group", "Roles": "role", "Users": "user"}
	values := resource.properties[property]
} | {[kind, [value]] |
	some type, [kind, property] in {
		"AWS::IAM::GroupPolicy": ["group", "GroupName"],
		"AWS::IAM::RolePolicy": ["role", "RoleName"],
		"AWS::IAM::UserPolicy": ["user", "UserName"],
	}
	resource.type == type
	value := resource.properties[property]
}

# The groups that a user is in.
_groups_of(resource) := {hole.as_text(group) |
	_kind(resource) == "user"
	some group in _items(object.get(resource.properties, "Groups", []))
} | {hole.as_text(adding.properties.GroupName) |
	_kind(resource) == "user"
	some adding in _resources
	adding.type == "AWS::IAM::UserToGroupAddition"
	adding.number == resource.number
	some user in _items(adding.properties.Users)
	hole.as_text(user) == _name(resource)
}
