package iam.lookup

import data.iam.action
import data.iam.condition
import data.iam.context

# METADATA
# title: Whether a statement of a set of policies applies, of those with an effect
# description: Takes the set's key in the index, the effect, and the action in two, in lower case, of a sound request.
applies_any(set, effect, service, name) if {
	some policy in data.iam.index.sets[set][effect].always[service]
	data.iam.policies[policy].actions[effect][service].always[name]
} else if {
	some policy in data.iam.index.sets[set][effect].tested[service]
	some number in data.iam.policies[policy].actions[effect][service].tested[name]
	_applies(policy, number)
} else if {
	some each in [service, "*"]
	some policy in data.iam.index.sets[set][effect].wide[each]
	_applies_widely(policy, effect, each, [service, name])
} else if {
	some policy in data.iam.index.sets[set][effect].unlisted[service]
	_applies_unlisted(policy, effect, service, name)
} else := false

# METADATA
# title: Whether a statement of a policy applies, of those with an effect
# description: Takes the policy's key, and else what `applies_any` does.
applies_in(policy, effect, service, name) if {
	data.iam.policies[policy].actions[effect][service].always[name]
} else if {
	some number in data.iam.policies[policy].actions[effect][service].tested[name]
	_applies(policy, number)
} else if {
	some each in [service, "*"]
	_applies_widely(policy, effect, each, [service, name])
} else := _applies_unlisted(policy, effect, service, name)

# By naming a whole service, or all, or a pattern, or all but some.
_applies_widely(policy, effect, each, asked) if {
	data.iam.policies[policy].actions[effect][each].always["*"]
} else if {
	some number in data.iam.policies[policy].actions[effect][each].tested["*"]
	_applies(policy, number)
} else if {
	some number, pattern in data.iam.policies[policy].actions[effect][each].patterns
	regex.match(pattern, asked[1])
	_applies(policy, number)
} else if {
	some number, _ in data.iam.policies[policy].actions[effect][each].others
	services := data.iam.policies[policy].actions[effect][each].others[number].services
	not services[asked[0]]
	_applies(policy, number)
} else if {
	some number, excepted in data.iam.policies[policy].actions[effect][each].others
	action := concat(":", asked)
	not excepted.exact[action]
	not regex.match(excepted.pattern, action)
	_applies(policy, number)
} else := false

# By a pattern, which the compiler has expanded to the names that are listed.
_applies_unlisted(policy, effect, service, name) if {
	not data.iam.reference.services[service].actions[name]
	some number, pattern in data.iam.policies[policy].actions[effect][service].unlisted
	regex.match(pattern, name)
	_applies(policy, number)
} else := false

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

_applies(policy, number) if {
	data.iam.policies[policy].statements[number].always
} else if {
	_reaches(policy, number)
	every test in data.iam.policies[policy].statements[number].conditions {
		condition.satisfied(test)
	}
} else := false

# Of every resource only what reaches all speaks, whose expression matches even nothing.
_reached := trim(object.get(input, "resource", ""), "*")

_reaches(policy, number) if {
	regex.match(data.iam.policies[policy].statements[number].reach, _reached)
} else := _reaches_otherwise(data.iam.policies[policy].statements[number].resource) if {
	not data.iam.policies[policy].statements[number].reach
} else := false

_reaches_otherwise(resource) if {
	not resource.negated
	_covers(resource)
} else if {
	resource.negated
	not resource.undecidable
	not _covers(resource)
	every template in resource.templates {
		context.resolved(template)
	}
} else := false

_covers(resource) if {
	resource.every
} else if {
	resource.exact[input.resource]
} else if {
	regex.match(resource.pattern, input.resource)
} else if {
	some template in resource.templates
	regex.match(context.resolved(template), input.resource)
} else := false
