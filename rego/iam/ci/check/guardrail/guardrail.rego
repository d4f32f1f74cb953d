# METADATA
# title: Decisions that must stay so
# description: |
#   `data.iam.ci.guardrails`: what principals of a pattern must not be able to do, under whatever conditions, and what they must.
#   Decided by the rules of the real decision, with the state after the change.
package iam.ci.check.guardrail

import data.iam.ci.model
import data.iam.ci.reach
import data.iam.ci.state
import data.iam.ci.world

# METADATA
# title: What refuses the change
denied contains model.finding("guardrail", "GUARDRAIL_INVALID", "deny", {}, message, mend) if {
	some i, guardrail in _given
	not _is_sound(guardrail)
	message := $"guardrail {i + 1} can't be read"
	mend := "{id: …, must or must_not: {principal: …, actions: […], resources: […], context: {…}}}"
}

denied contains object.union(found, _statement(witness.request)) if {
	some guardrail in _sound
	wanted := guardrail.must_not
	some subject in _meant(wanted)
	witnesses := _witnesses("after", subject, wanted)
	witness := sort(witnesses)[0]
	message := $"{_name(subject)} must not be allowed {witness.text} ({guardrail.id})"
	found := _finding(guardrail, subject, _verdict(subject, []), message)
}

denied contains _finding(guardrail, subject, _verdict(subject, subject.missing), message) if {
	some guardrail in _sound
	wanted := guardrail.must
	some subject in _meant(wanted)
	refused := _refused("after", subject, wanted)
	count(refused) > 0
	message := $"{_name(subject)} must be allowed {sort(refused)[0]} ({guardrail.id})"
}

# METADATA
# title: What is told
warned contains model.finding("guardrail", "GUARDRAIL_WITHOUT_PRINCIPAL", "warn", {}, message, "") if {
	some guardrail in _sound
	wanted := object.get(guardrail, "must_not", object.get(guardrail, "must", {}))
	count(_meant(wanted)) == 0
	message := $"the guardrail {guardrail.id} names nobody whose policies are in this change"
}

default _given := []

_given := data.iam.ci.guardrails

_sound := [guardrail | some guardrail in _given; _is_sound(guardrail)]

default _is_sound(_) := false

_is_sound(guardrail) if {
	is_string(guardrail.id)
	[wanted] := [guardrail[name] | some name in ["must", "must_not"]; guardrail[name]]
	object.keys(guardrail) - {"description", "id", "must", "must_not"} == set()
	object.keys(wanted) - {"actions", "context", "principal", "resources"} == set()
	is_string(wanted.principal)
	_are_texts(wanted.actions, `^(?:\*|[^:\s]+:[^:\s]+)$`)
	_are_texts(object.get(wanted, "resources", ["*"]), `^(?:\*|arn:.*)$`)
	is_object(object.get(wanted, "context", {}))
}

default _are_texts(_, _) := false

_are_texts(values, expression) if {
	is_array(values)
	count(values) > 0
	every value in values {
		regex.match(expression, value)
	}
}

# What a subject may do of what it must not: asked so that every condition that the context doesn't settle holds.
_witnesses(phase, subject, wanted) := {{"request": request, "text": text} |
	some resource in _resources(wanted)
	keys := array.concat(subject.keys, _held_by(resource))
	some written in wanted.actions
	some action in _first(phase, subject, keys, written, resource, wanted)
	request := _request(subject, action, resource, wanted, "discovery")
	text := $"{_shown(subject, action, written)} on {resource}"
}

# The statement that allows it, of a policy of the change or of a compiled one.
_statement(request) := object.union_n([_named(statement) | some statement in array.slice(allowing, 0, 1)]) if {
	allowing := [found | some found in world.reasons("after", request); found.effect == "Allow"]
}

_named(statement) := {"policy": one.policy, "sid": _sid(one, statement)} if {
	one := [each | some id, each in state.documents; _is_called(statement.policy, id, each)][0]
} else := {"policy": statement.policy}

default _is_called(_, _, _) := false

_is_called(name, id, _) if name == id

_is_called(name, _, one) if name == one.holder

_sid(one, statement) := statement.sid if {
	is_string(statement.sid)
	not one.sensitive
} else := ""

# A plain action says for all of a pattern what the others needn't be asked for.
_first(phase, subject, keys, written, resource, wanted) := {action} if {
	action := _exact(written)
	reach.may_name(phase, keys, action)
	world.allows(phase, _request(subject, action, resource, wanted, "discovery"))
} else := {action |
	some action in reach.actions(phase, keys, written)
	world.allows(phase, _request(subject, action, resource, wanted, "discovery"))
}

# One action that a guardrail's stands for, spelt as there where it can be.
_exact(written) := written if not regex.match(`[*?]`, written)

_exact(written) := reach.plain(written) if regex.match(`[*?]`, written)

_refused(phase, subject, wanted) := {$"{action} on {resource}" |
	some resource in object.get(wanted, "resources", ["*"])
	some written in wanted.actions
	some action in _all(written)
	not world.allows(phase, _request(subject, action, resource, wanted, "strict"))
}

_all(written) := reach.listed(written) if {
	count(reach.listed(written)) > 0
} else := {_exact(written)}

_request(subject, action, resource, wanted, mode) := reach.request(subject, {
	"action": action,
	"context": context,
	"known": _known(context, mode),
	"mode": mode,
	"resource": resource,
}) if {
	context := object.get(wanted, "context", {})
}

_known(_, "strict") := {}

_known(context, "discovery") := {key: "value" | some key, _ in context}

_finding(guardrail, subject, verdict, message) := model.finding("guardrail", guardrail.id, verdict, subject.place, message, mend) if {
	mend := object.get(guardrail, "description", "")
}

# Who the principal will be is not known yet, or not all that it has and that could make a difference.
_verdict(subject, missing) := "deny" if {
	subject.place.arn
	count(missing) == 0
} else := "undecided"

_name(subject) := subject.place.arn if subject.place.arn

_name(subject) := $"a {subject.kind} whose name is not known yet" if not subject.place.arn

# What an action stands for, unless that is from a policy that may not be shown.
_shown(subject, action, _) := action if not _is_sensitive(subject)

_shown(subject, _, written) := written if _is_sensitive(subject)
