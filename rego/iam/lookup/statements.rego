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

applies_any(set, effect, service, name) if {
	some policy in data.iam.index.sets[set][effect].always[service]
	data.iam.policies[policy].actions[effect][service].always[name]
}

applies_any(set, effect, service, name) if {
	some policy in data.iam.index.sets[set][effect].tested[service]
	some number in data.iam.policies[policy].actions[effect][service].tested[name]
	_applies(policy, number)
}

applies_any(set, effect, service, name) if applies_otherwise(set, effect, service, name)

# METADATA
# title: Whether a statement applies that names no action, or of which one expression doesn't tell what it reaches
# scope: document
default applies_otherwise(_, _, _, _) := false

applies_otherwise(set, effect, service, name) if {
	some each in [service, "*"]
	some policy in data.iam.index.sets[set][effect].wide[each]
	_applies_widely(policy, effect, each, name)
	request.is_sound_action
}

applies_otherwise(set, effect, service, name) if {
	some policy in data.iam.index.sets[set][effect].unlisted[service]
	not action.is_listed
	some number, pattern in data.iam.policies[policy].actions[effect][service].unlisted
	regex.match(pattern, name)
	_applies(policy, number)
	request.is_sound_action
}

applies_otherwise(set, effect, service, name) if {
	some policy in data.iam.index.sets[set][effect].variable[service]
	some number in data.iam.policies[policy].actions[effect][service].tested[name]
	not data.iam.policies[policy].statements[number].reach
	_applies(policy, number)
}

# By naming a whole service, or all, or a pattern, or all but some.
default _applies_widely(_, _, _, _) := false

_applies_widely(policy, effect, each, _) if data.iam.policies[policy].actions[effect][each].always["*"]

_applies_widely(policy, effect, each, _) if {
	some number in data.iam.policies[policy].actions[effect][each].tested["*"]
	_applies(policy, number)
}

_applies_widely(policy, effect, each, name) if {
	some number, pattern in data.iam.policies[policy].actions[effect][each].patterns
	regex.match(pattern, name)
	_applies(policy, number)
}

_applies_widely(policy, effect, each, _) if {
	some number, excepted in data.iam.policies[policy].actions[effect][each].others
	not excepted.exact[request.action]
	not regex.match(excepted.pattern, request.action)
	_applies(policy, number)
}

# METADATA
# title: Whether a statement of a set that speaks of the action names resources
# description: Takes the set's key and the effect.
# scope: document
default names_resources(_, _) := false

names_resources(set, effect) if {
	some [policy, number, false, stated] in action.places(set)
	stated == effect
	not data.iam.policies[policy].statements[number].resource.every
}

# Conditions can't be weighed by a context that is not sound. Such a request is denied in any case.
default _applies(_, _) := false

_applies(policy, number) if data.iam.policies[policy].statements[number].always

_applies(policy, number) if {
	_reaches(policy, number)
	data.iam.policies[policy].statements[number].conditions == []
}

_applies(policy, number) if {
	_reaches(policy, number)
	data.iam.policies[policy].statements[number].conditions != []
	request.is_sound_context
	every test in data.iam.policies[policy].statements[number].conditions {
		condition.satisfied(test)
	}
}

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
