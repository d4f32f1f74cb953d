# METADATA
# title: Policy documents as files
# description: |
#   A policy as it is written, as the AWS CLI prints it, or in a file that has its facts with it. Of what type it is, its
#   place tells, else `data.iam.ci.settings` with `policy_type` and `resource_type`, else its content.
package iam.ci.adapter.document

import data.iam.ci.file
import data.iam.ci.model
import data.iam.document

# METADATA
# title: The policy documents, by id
documents[$"document {i}"] := object.union(_read[i], {
	"address": "",
	"file": file.files[i].path,
	"guessed": _is_guessed[i],
	"managed": _place[i].managed,
	"path": _place[i].path,
	"policy": _name[i],
	"policy_type": _policy_type[i],
	"resource_type": _resource_type(_policy_type[i]),
	"sensitive": false,
}) if {
	some i, _ in _read
}

# METADATA
# title: Nothing tells what was before
before := {}

# METADATA
# title: Nothing tells who has the policies
principals := {}

# METADATA
# title: Nothing tells who had policies
before_principals := {}

# METADATA
# title: All that a file has is known
unknowns := set()

# METADATA
# title: All faults are those of documents
faults := set()

# Where a file has its policy. What has versions is a managed policy.
_places := [
	{"is": "identity", "managed": true, "path": "/document", "steps": ["document"]},
	{"is": "identity", "managed": true, "path": "/PolicyVersion/Document", "steps": ["PolicyVersion", "Document"]},
	{"is": "identity", "managed": false, "path": "/PolicyDocument", "steps": ["PolicyDocument"]},
]

_place[i] := {"is": "", "managed": false, "path": ""} if _is_policy_itself[i]

_place[i] := places[0] if {
	some i, kind in file.kinds
	kind == "document"
	not _is_policy_itself[i]
	places := [place | some place in _places; object.get(file.files[i].contents, place.steps, null) != null]
}

_is_policy_itself[i] if {
	some i, kind in file.kinds
	kind == "document"
	some name, _ in file.files[i].contents
	lower(name) == "statement"
}

_read[i] := {"value": file.files[i].contents} if _is_policy_itself[i]

_read[i] := _parsed(object.get(file.files[i].contents, place.steps, null)) if {
	some i, place in _place
	not _is_policy_itself[i]
}

_parsed(written) := model.parsed(written) if is_string(written)

_parsed(written) := {"value": written} if not is_string(written)

_name[i] := object.get(file.files[i].contents, "arn", "") if some i, _ in _place

_is_guessed[i] := [_place[i].is, _given_policy_type] == ["", ""] if some i, _ in _place

_policy_type[i] := _place[i].is if _place[i].is != ""

_policy_type[i] := _given_policy_type if {
	some i, place in _place
	place.is == ""
	not _is_guessed[i]
}

_policy_type[i] := _looks_like(file.files[i].contents) if _is_guessed[i]

default _given_policy_type := ""

_given_policy_type := data.iam.ci.settings.policy_type

default _given_resource_type := ""

_given_resource_type := data.iam.ci.settings.resource_type

_resource_type(policy_type) := "AWS::IAM::AssumeRolePolicyDocument" if policy_type == "role_trust"

_resource_type(policy_type) := _given_resource_type if policy_type != "role_trust"

# Who is named tells a resource's policy, and what they may do, without resources, a role's.
_looks_like(value) := "identity" if {
	_named(value, {"NotPrincipal", "Principal"}) == set()
} else := "role_trust" if {
	_named(value, {"NotResource", "Resource"}) == set()
} else := "role_trust" if {
	actions := {action |
		some statement in _statements(value)
		some name in ["Action", "NotAction"]
		some action in document.as_list(statement[name])
	}
	{action | some action in actions; not regex.match(`^(?i)sts:`, action)} == set()
} else := "resource"

_named(value, names) := {name |
	some statement in _statements(value)
	some name in (names & object.keys(statement))
}

_statements(value) := [statement |
	some statement in document.as_list(object.get(value, "Statement", []))
	is_object(statement)
]
