package iam.lookup

import data.iam.action
import data.iam.condition
import data.iam.context
import data.iam.request

# METADATA
# title: Whether a statement of a set of policies applies, of those with an effect
# description: |
#   Takes the set's key in the index, the effect, and the action in two, in lower case. False for an action that is none
#   (ACT-1).
# scope: document
default applies_any(_, _, _, _) := false

applies_any(set, effect, service, name) if data.iam.index.sets[set][effect][service].always[name]

applies_any(set, effect, service, name) if {
	some [policy, number] in data.iam.index.sets[set][effect][service].exact[name]
	_applies(policy, number, false)
}

applies_any(set, effect, service, name) if {
	some [policy, number, always, pattern] in data.iam.index.sets[set][effect][service].patterns
	regex.match(pattern, name)
	_applies(policy, number, always)
}

applies_any(set, effect, _, name) if {
	some [policy, number, always, pattern] in data.iam.index.sets[set][effect]["*"].patterns
	regex.match(pattern, name)
	_applies(policy, number, always)
	request.is_sound_action
}

applies_any(set, effect, _, _) if {
	some [policy, number, always, excepted] in data.iam.index.sets[set][effect]["*"].others
	not excepted.exact[request.action]
	not regex.match(excepted.pattern, request.action)
	_applies(policy, number, always)
	request.is_sound_action
}

# METADATA
# title: Whether a statement of a set that speaks of the action names resources
# description: Takes the set's key and the effect.
# scope: document
default names_resources(_, _) := false

names_resources(set, effect) if {
	some [_, policy, number, false, stated] in action.places(set)
	stated == effect
	not data.iam.policies[policy].statements[number].resource.every
}

default _applies(_, _, _) := false

_applies(_, _, always) if always

# Conditions can't be weighed by a context that is not sound. Such a request is denied in any case.
_applies(policy, number, false) if {
	_reaches(policy, number)
	data.iam.policies[policy].statements[number].conditions == []
}

_applies(policy, number, false) if {
	_reaches(policy, number)
	data.iam.policies[policy].statements[number].conditions != []
	request.is_sound_context
	every test in data.iam.policies[policy].statements[number].conditions {
		condition.satisfied(test)
	}
}

# Whether the resource part matches (RES-9); a request about `*` is met by `*` alone (RES-31, RES-32).
default _reaches(_, _) := false

_reaches(policy, number) if {
	resource := data.iam.policies[policy].statements[number].resource
	not resource.negated
	_covers(policy, number)
}

_reaches(policy, number) if {
	resource := data.iam.policies[policy].statements[number].resource
	resource.negated
	not resource.undecidable
	not _covers(policy, number)
	every template in resource.templates {
		context.resolved(template)
	}
}

default _covers(_, _) := false

_covers(policy, number) if data.iam.policies[policy].statements[number].resource.every

_covers(policy, number) if data.iam.policies[policy].statements[number].resource.exact[input.resource]

_covers(policy, number) if {
	regex.match(data.iam.policies[policy].statements[number].resource.pattern, input.resource)
}

_covers(policy, number) if {
	some template in data.iam.policies[policy].statements[number].resource.templates
	regex.match(context.resolved(template), input.resource)
}
