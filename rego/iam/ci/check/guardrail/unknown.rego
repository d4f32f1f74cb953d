package iam.ci.check.guardrail

import data.iam.ci.state
import data.iam.ci.world

# What depends on parts of the policies that are not known yet.
denied contains _finding(guardrail, subject, "undecided", message) if {
	world.has_holes
	some guardrail in _sound
	wanted := guardrail.must_not
	some subject in _meant(wanted)
	count(_witnesses("after", subject, wanted)) == 0
	witness := sort(_witnesses("widest", subject, wanted))[0]
	message := $"{_name(subject)} must not be allowed {witness.text}, and whether it is depends on {_missing(subject)} ({guardrail.id})"
}

denied contains _finding(guardrail, subject, "undecided", message) if {
	world.has_holes
	some guardrail in _sound
	wanted := guardrail.must
	some subject in _meant(wanted)
	count(_refused("after", subject, wanted)) == 0
	refused := _refused("narrowest", subject, wanted)
	count(refused) > 0
	message := $"{_name(subject)} must be allowed {sort(refused)[0]}, and whether it is depends on {_missing(subject)} ({guardrail.id})"
}

# What is not known of a subject's policies and of those of the resources.
_missing(subject) := concat(", ", sort({what |
	some id, one in state.documents
	_concerns(id, one, subject)
	some missing in one.holes
	some what in missing.what
}))

_concerns(id, _, subject) if id in subject.keys

_concerns(_, one, _) if one.policy_type == "resource"
