# METADATA
# title: The action part of statements
# description: |
#   Which statements speak of the request's action (ACT-9, ACT-10): of a document in the request by looking at each, of a
#   compiled policy by looking the action up.
# schemas:
#   - input: schema.request
#   - data.iam.policies: schema.policies
#   - data.iam.index: schema.index
package iam.action

import data.iam.request

# METADATA
# title: The request's action in two, in lower case (ACT-1, ACT-2)
service := _pieces[0]

# METADATA
# title: The name of the request's action
name := _pieces[1]

_pieces := split(request.action, ":")

# METADATA
# title: Whether the action part of a lowered statement matches
# scope: document
default matches(_) := false

matches(action) if _covers(action) != action.negated

# METADATA
# title: The statements of a compiled policy whose action part matches, in their order
# description: |
#   Takes the policy's key in `data.iam.policies`. Every reference is ground as far as it can be: a part of the data that is
#   taken into the hand is converted as a whole.
statements(policy) := [statement(policy, number) | some number in sort(_numbers(policy))]

# METADATA
# title: A statement of a compiled policy, by its number
statement(policy, number) := data.iam.policies[policy].statements[number] if {
	not data.iam.policies[policy].statements[number].always
}

statement(policy, number) := object.union(about_every_resource, data.iam.policies[policy].statements[number]) if {
	data.iam.policies[policy].statements[number].always
}

# METADATA
# title: What is the same in every statement about whatever resource, without principals and conditions
about_every_resource := {
	"conditions": [],
	"resource": {
		"every": true,
		"exact": {},
		"negated": false,
		"pattern": `[^\x00-\x{10FFFF}]`,
		"policy_type": "identity",
		"templates": [],
		"undecidable": false,
		"variables": true,
		"written": ["*"],
	},
}

# METADATA
# title: The statements of a set of policies whose action part matches, as the index tells them
# description: |
#   Takes the set's key in `data.iam.index`; a set of `[the policy's rank, policy, number, whether it always applies, effect]`.
places(set) := ({place | some place in data.iam.index.sets[set].statements[service].exact[name]} | {place |
	some each in [service, "*"]
	some [rank, policy, number, always, effect, pattern] in data.iam.index.sets[set].statements[each].patterns
	regex.match(pattern, name)
	place := [rank, policy, number, always, effect]
}) | {place |
	some [rank, policy, number, always, effect, excepted] in data.iam.index.sets[set].statements["*"].others
	not excepted.exact[request.action]
	not regex.match(excepted.pattern, request.action)
	place := [rank, policy, number, always, effect]
}

_numbers(policy) := union({_exact(policy), _patterned(policy), _whole(policy), _others(policy)})

_exact(policy) := {number |
	some effect in ["Allow", "Deny"]
	some number in data.iam.policies[policy].actions[effect][service].exact[name]
}

_patterned(policy) := {number |
	some effect in ["Allow", "Deny"]
	some number, pattern in data.iam.policies[policy].actions[effect][service].patterns
	regex.match(pattern, name)
}

_whole(policy) := {number |
	some effect in ["Allow", "Deny"]
	some every_action_of in [service, "*"]
	some number in data.iam.policies[policy].actions[effect][every_action_of].every
}

_others(policy) := {number |
	some effect in ["Allow", "Deny"]
	some number, excepted in data.iam.policies[policy].actions[effect]["*"].others
	not excepted.exact[request.action]
	not regex.match(excepted.pattern, request.action)
}

default _covers(_) := false

_covers(action) if action.every

_covers(action) if action.exact[request.action]

_covers(action) if regex.match(action.pattern, request.action)
