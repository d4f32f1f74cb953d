package iam.ci.check.guardrail

import data.iam.ci.reach
import data.iam.ci.state
import data.iam.ci.world
import data.iam.pattern

# Whom a guardrail means. One whose name is not known yet can be of any name.
_meant(wanted) := [subject |
	some subject in world.subjects.after
	_fits(subject, wanted.principal)
]

default _fits(_, _) := false

_fits(subject, wanted) if {
	subject.kind != "policy"
	arn := subject.place.arn
	regex.match(pattern.anchored([pattern.body(_about(wanted, arn))]), arn)
}

_fits(subject, wanted) if {
	subject.kind != "policy"
	not subject.place.arn
	kind := split(array.concat(split(wanted, ":"), ["*", "*", "*", "*", "*", "*"])[5], "/")[0]
	some each in [subject.kind, "*"]
	each == kind
}

# A principal whose account nobody tells can be of any.
_about(wanted, arn) := concat(":", array.concat(array.concat(array.slice(segments, 0, 4), ["*"]), array.slice(segments, 5, 6))) if {
	split(arn, ":")[4] == world.no_account
	segments := split(wanted, ":")
	count(segments) == 6
} else := wanted

# The resources that are asked about: as they are written, each for everything, and those of the change with a policy of their own that are meant.
_resources(wanted) := ({resource | some resource in object.get(wanted, "resources", ["*"])} | {reach.any_arn |
	"*" in object.get(wanted, "resources", ["*"])
}) | {resource |
	some written in object.get(wanted, "resources", ["*"])
	pieces := split(written, "/")
	expression := pattern.anchored([pattern.body(_holder(written))])
	some one in state.documents
	one.policy_type == "resource"
	regex.match(expression, one.holder)
	some resource in _below(one.holder, written, pieces)
}

_below(holder, written, pieces) := {concat("/", array.concat([holder], array.slice(pieces, 1, count(pieces))))} if _is_of_bucket(written)

_below(holder, written, _) := {holder} if not _is_of_bucket(written)

_holder(resource) := split(resource, "/")[0] if _is_of_bucket(resource)

_holder(resource) := resource if not _is_of_bucket(resource)

default _is_of_bucket(_) := false

_is_of_bucket(resource) if regex.match(`^arn:[^:]*:s3:::`, resource)

# The policy of the resource that decides too.
_held_by(resource) := [holder | world.policies.after[holder]] if holder := _holder(resource)

default _is_sensitive(_) := false

_is_sensitive(subject) if {
	some key in subject.keys
	state.documents[key].sensitive
}
