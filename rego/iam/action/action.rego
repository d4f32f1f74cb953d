# METADATA
# title: The action part of statements
# description: |
#   Which statements speak of the request's action (ACT-9, ACT-10): of a document in the request by looking at each, of a
#   compiled policy by looking the action up.
# schemas:
#   - input: schema.request
#   - data.iam.policies: schema.policies
#   - data.iam.index: schema.index
#   - data.iam.reference: schema.reference
package iam.action

import data.iam.document
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
statements(policy) := [statement(policy, number) | some number in sort(numbers(policy))]

# METADATA
# title: A statement of a compiled policy, by its number
statement(policy, number) := document.whole(data.iam.policies[policy].statements[number]) if {
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
# title: Where the statements of a set of policies stand whose action part matches
# description: |
#   Takes the set's key in `data.iam.index`; a set of `[policy, number, whether it always applies, effect]`. The index tells which
#   policies speak of the action's service, and how: most by the names of actions.
places(set) := ({place |
	some effect in ["Allow", "Deny"]
	some policy in data.iam.index.sets[set][effect].always[service]
	some number in split(data.iam.policies[policy].actions[effect][service].always[name], " ")
	place := [policy, number, true, effect]
} | {place |
	some effect in ["Allow", "Deny"]
	some policy in data.iam.index.sets[set][effect].tested[service]
	some number in data.iam.policies[policy].actions[effect][service].tested[name]
	place := [policy, number, false, effect]
}) | {place |
	some policy in _others_of(set)
	some number in numbers(policy)
	always := object.get(data.iam.policies[policy].statements[number], "always", false)
	place := [policy, number, always, data.iam.policies[policy].statements[number].effect]
}

# The policies that speak of it otherwise than by a name.
_others_of(set) := {policy |
	some effect in ["Allow", "Deny"]
	some each in [service, "*"]
	some policy in data.iam.index.sets[set][effect].wide[each]
} | {policy |
	not is_listed
	some effect in ["Allow", "Deny"]
	some policy in data.iam.index.sets[set][effect].unlisted[service]
}

# METADATA
# title: The numbers of the statements of a compiled policy whose action part matches
numbers(policy) := {number |
	some effect in ["Allow", "Deny"]
	some each in [service, "*"]
	data.iam.policies[policy].actions[effect][each] # most of a caller's policies speak of other services alone
	some number in _numbers(policy, effect, each)
}

_numbers(policy, effect, each) := {number |
	some text in [name, "*"]
	some number in split(data.iam.policies[policy].actions[effect][each].always[text], " ")
} | ({number |
	some text in [name, "*"]
	some number in data.iam.policies[policy].actions[effect][each].tested[text]
} | ({number |
	some number, pattern in data.iam.policies[policy].actions[effect][each].patterns
	regex.match(pattern, name)
} | ({number |
	some number, pattern in data.iam.policies[policy].actions[effect][each].unlisted
	not is_listed
	regex.match(pattern, name)
} | {number |
	some number, excepted in data.iam.policies[policy].actions[effect][each].others
	not excepted.exact[request.action]
	not regex.match(excepted.pattern, request.action)
})))

# METADATA
# title: Whether the reference of services lists the request's action
# description: Names of these the compiler has found for the patterns, so that a pattern is only tried for others.
# scope: document
default is_listed := false

is_listed if data.iam.reference.services[service].actions[name]

default _covers(_) := false

_covers(action) if action.every

_covers(action) if action.exact[request.action]

_covers(action) if regex.match(action.pattern, request.action)
