# METADATA
# title: The states before and after the change, as the decision sees them
# description: |
#   The documents, lowered once, in the place of compiled policies, and the questions about them. Beside them stand the
#   compiled policies that somebody has. What is compiled for principals does not count: the state says who has what.
package iam.ci.world

import data.iam.ci.reading
import data.iam.ci.state
import data.iam.document
import data.iam.evaluation
import data.iam.explanation

# METADATA
# title: Whether a request is allowed in the state of a phase
# scope: document
default allows(_, _) := false

allows(phase, request) if {
	decision := evaluation.decision with input as request
		with data.iam.policies as policies[phase]
		with data.iam.account as {}
		with data.iam.index as {}
	decision == "allowed"
}

# METADATA
# title: The statements that apply to a request
reasons(phase, request) := found if {
	found := explanation.matched_statements with input as request
		with data.iam.policies as policies[phase]
		with data.iam.account as {}
		with data.iam.index as {}
}

# METADATA
# title: What decides in each phase, in the form of `data.iam.policies`
# description: Documents by their ids, and those of resources by the resources' ARNs; compiled policies by theirs.
policies := _policies

_policies[phase] := object.union_n([_compiled, held, stored]) if {
	some phase, documents in _documents
	stored := {id: object.union(_lowered(one.value, one.policy_type), _type(one.policy_type)) | some id, one in documents}
	held := {holder: _joined([id | some id in ids], documents, stored) | some holder, ids in _holders[phase]}
}

_holders[phase] := {holder: ids |
	some one in documents
	holder := one.holder
	startswith(holder, "arn:")
	ids := {id | some id, other in documents; other.holder == holder}
} if {
	some phase, documents in _documents
}

# What two files say of one resource counts together.
_joined([id], _, stored) := stored[id]

_joined(ids, documents, _) := object.union(_lowered(whole, type), _type(type)) if {
	count(ids) > 1
	type := documents[ids[0]].policy_type
	whole := {"Statement": [statement | some id in ids; some statement in document.as_list(documents[id].value.Statement)]}
}

_documents.after := {id: one | some id, one in state.documents; not one.fault}

_documents.before := {id: one | some id, one in state.before; not one.fault}

_documents[phase] := {id: object.union(one, {"value": _read(phase, one)}) | some id, one in state.documents; not one.fault} if {
	has_holes
	some phase in ["narrowest", "widest"]
}

# METADATA
# title: Whether anything in the documents after the change is not known
# description: Then there are two more phases, `widest` and `narrowest`, in which the documents allow the most and the least.
# scope: document
default has_holes := false

has_holes if {
	some one in state.documents
	count(one.holes) > 0
}

_read(_, one) := one.value if not one.holes

_read("narrowest", one) := reading.narrowest(one) if one.holes

_read("widest", one) := reading.widest(one) if one.holes

# The compiled policies that somebody has. AWS's policy for administrators is known in any case.
_compiled := {arn: compiled |
	some arn in _named_arns
	compiled := _known_policy(arn)
}

_named_arns := {entry.arn |
	some principals in [state.principals, state.before_principals]
	some principal in principals
	some entry in array.concat(principal.identity, [principal.boundary | principal.boundary])
	entry.arn
}

# What can't be attached gives nothing, and would make every decision an error.
_known_policy(arn) := data.iam.policies[arn] if not data.iam.policies[arn].attachable_to

_known_policy(arn) := _lowered(_everything, "identity") if {
	not data.iam.policies[arn]
	regex.match(`^arn:[^:]*:iam::aws:policy/AdministratorAccess$`, arn)
}

_everything := {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

# Of most documents both phases have the same; a function is evaluated once for the same arguments.
_lowered(value, policy_type) := document.indexed(document.lowered(value, policy_type).statements)

_type(policy_type) := {} if policy_type in ["identity", "permissions_boundary", "session"]

_type(policy_type) := {"policy_type": policy_type} if not policy_type in ["identity", "permissions_boundary", "session"]

# METADATA
# title: The policy that an entry of a principal means, by its key in `policies`
# description: Takes the phase and the entry; undefined where it is not known.
key(phase, entry) := entry.document if {
	policies[phase][entry.document]
} else := id if {
	[id] = [id | some id in _by_arn[phase][entry.arn]]
} else := entry.arn if {
	_compiled[entry.arn]
}

_by_arn[phase][one.arn] contains id if {
	some phase, documents in _documents
	some id, one in documents
	startswith(one.arn, "arn:")
}

# METADATA
# title: Whose rights are asked about, in each phase, by their ids
# description: |
#   Those of the state and, for identity policies that nobody in it has, somebody who has just that one. Each is
#   an object of its `place`, its `arn` (absent where it is not known), the `request` without action and resource, the
#   `keys` of its identity policies, and the entries that are `missing` from them.
subjects := _subjects

_subjects[phase][id] := {
	"entries": principal.identity,
	"keys": keys,
	"kind": principal.kind,
	"missing": missing,
	"place": principal,
	"request": _request(phase, principal, keys),
	"whole": principal.whole,
} if {
	some phase, principals in {"after": state.principals, "before": state.before_principals}
	some id, principal in principals
	keys := sort({found | some entry in principal.identity; found := key(phase, entry)})
	missing := [entry |
		some entry in array.concat(principal.identity, [principal.boundary | principal.boundary])
		not key(phase, entry)
	]
}

_subjects[phase][id] := {
	"entries": [],
	"keys": [id],
	"kind": "policy",
	"missing": [],
	"place": one,
	"request": {"policies": {"identity": [id]}, "principal": _stand_in},
	"whole": true,
} if {
	some phase, documents in _documents
	some id, one in documents
	not one.outside
	one.policy_type == "identity"
	not id in _attached[phase]
}

_attached[phase] := {found |
	some principal in principals
	some entry in array.concat(principal.identity, [principal.boundary | principal.boundary])
	found := key(phase, entry)
} if {
	some phase, principals in {"after": state.principals, "before": state.before_principals}
}

# METADATA
# title: The account of a subject whose ARN tells none
no_account := "000000000000"

_stand_in := $"arn:aws:iam::{no_account}:user/whoever"

_request(phase, principal, keys) := {
	"policies": object.union({"identity": keys}, _boundary(phase, principal)),
	"principal": caller(principal),
}

# A boundary that is not known confines nothing here; that it is not known is told elsewhere.
_boundary(phase, principal) := {"permissions_boundary": [id]} if {
	id := key(phase, principal.boundary)
} else := {}

# METADATA
# title: The principal who asks for what a principal may do
# description: A group has no rights of its own; whoever is in it asks.
caller(principal) := replace(principal.arn, ":group/", ":user/")

caller(principal) := _stand_in if not principal.arn
