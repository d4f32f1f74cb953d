package iam.attachment

import data.iam.action
import data.iam.document
import data.iam.request

# Every policy that is given, and every one of the levels, by [type, level, place in the list].
_entries[[type, 0, i]] := entry if {
	some type in request.list_types
	some i, entry in input.policies[type]
}

_entries[["resource", 0, 0]] := input.policies.resource if is_object(input.policies.resource)

_entries[key] := entry if {
	some type, levels in _levels
	some i, _ in levels
	some key, entry in _level_entries(type, i)
}

_level_entries(type, i) := {[type, i, k]: entry | some k, entry in _levels[type][i].policies} if type == "service_control"

# Every level of an organization has AWS's own resource control policy, which nobody can take away (RCP-2).
_level_entries(type, i) := object.union(
	{[type, i, -1]: "RCPFullAWSAccess" | not _has_built_in(type, i)},
	{[type, i, k]: entry | some k, entry in _levels[type][i].policies},
) if {
	type == "resource_control"
}

default _has_built_in(_, _) := false

_has_built_in(type, i) if {
	some entry in _levels[type][i].policies
	_built_in_name(type, entry)
}

# A policy as it decides: its name, and the statements that speak of the action.
_policy(key, entry) := {"policy": _name(key), "statements": statements} if {
	is_object(entry)
	statements := [object.remove(statement, ["action"]) |
		some statement in _lowered[key].statements
		action.matches(statement.action)
	]
} else := {"policy": id, "statements": _statements(id)} if {
	_is_managed_type(key[0])
	id := _policy_id(entry)
} else := {"policy": entry, "statements": action.statements(entry)} if {
	_is_compiled_as(key[0], entry)
} else := {"policy": name, "statements": [_full_access[name]]} if {
	name := _built_in_name(key[0], entry)
}

# METADATA
# title: All statements of the resource's policy, whatever action they speak of
resource_policy_statements := _lowered[["resource", 0, 0]].statements

resource_policy_statements := [action.statement(name, number) | some number, _ in data.iam.policies[name].statements] if {
	[name] = _compiled.resource
}

_lowered[key] := document.lowered(entry, _document_type(key[0])) if {
	some key, entry in _entries
	is_object(entry)
}

# The resource policy of a role is its trust policy.
_document_type("resource") := "role_trust" if request.is_role_assumption

_document_type("resource") := "resource" if not request.is_role_assumption

_document_type(type) := type if type != "resource"

# A managed policy means the same as an identity policy, as a boundary and as a session policy (MGD-6).
default _is_managed_type(_) := false

_is_managed_type(type) if type in ["identity", "permissions_boundary", "session"]

# An ARN, or a name that only one compiled policy has.
_policy_id(entry) := entry if {
	is_object(data.iam.policies[entry].statements)
	not data.iam.policies[entry].policy_type
}

_policy_id(entry) := id if [id] = data.iam.index.policy_names[entry]

# Policies of the types that are never attached as managed ones, each lowered for its own type.
default _is_compiled_as(_, _) := false

_is_compiled_as(type, id) if data.iam.policies[id].policy_type == _document_type(type)

# What AWS attaches to every level until somebody else's policies take its place (SCP-8, RCP-2, MGD-7).
_built_in := {"resource_control": "RCPFullAWSAccess", "service_control": "FullAWSAccess"}

_built_in_name(type, entry) := name if {
	name := _built_in[type]
	arn := $"arn:aws:organizations::aws:policy/{type}_policy/p-{name}"
	some spelling in [name, arn]
	entry == spelling
}

_full_access["FullAWSAccess"] := _full_access_statement

_full_access["RCPFullAWSAccess"] := object.union(_full_access_statement, {"principal": {
	"accounts": {},
	"every": true,
	"names": {"AWS": {"*": true}},
	"negated": false,
	"roles": {},
	"written": "*",
}})

_full_access_statement := object.union(action.about_every_resource, {"effect": "Allow", "index": 1, "sid": null})

_name(["resource", _, _]) := "resource"

_name([type, _, i]) := $"{type}[{i}]" if type in request.list_types

_name([type, level, i]) := $"{type}[{level}].policies[{i}]" if type in request.level_types
