package iam.lookup

# The places of the caller's identity statements that speak of the action, each [the policy's rank, number, policy], in order. Of
# most services a caller's policies speak by names alone, if the reference lists the action.
_spoken := sort({[rank, number, policy] |
	some [rank, effect, policy] in named.always
	some number in split(data.iam.policies[policy].actions[effect][service].always[name], " ")
} | {[rank, number, policy] |
	some [rank, effect, policy] in named.tested
	some number in data.iam.policies[policy].actions[effect][service].tested[name]
}) if {
	[service, name] := _action
	data.iam.reference.services[service].actions[name]
	set := _caller.identity
	named := data.iam.index.sets[set].speaking.named[service]
} else := sort({[rank, number, policy] |
	some [rank, effect, way, policy, each] in _entries
	some number in _numbers(policy, effect, each, way)
}) if {
	_entries
} else := [] if {
	_caller.identity
}

_entries := data.iam.index.sets[_caller.identity].speaking.mixed[_action[0]] if {
	_caller.identity
} else := data.iam.index.sets[_caller.identity].speaking.mixed["*"] if {
	_caller.identity
} else := [[rank, effect, way, policy, _action[0]] |
	some way, entries in named
	some [rank, effect, policy] in entries
] if {
	named := data.iam.index.sets[_caller.identity].speaking.named[_action[0]]
}

default _numbers(_, _, _, _) := set()

# By names.
_numbers(policy, effect, service, way) := split(data.iam.policies[policy].actions[effect][service].always[_action[1]], " ") if {
	way == "always"
}

_numbers(policy, effect, service, way) := data.iam.policies[policy].actions[effect][service].tested[_action[1]] if {
	way == "tested"
}

# By patterns, which are tried where the reference doesn't list the action.
_numbers(policy, effect, service, way) := {number |
	some number, pattern in data.iam.policies[policy].actions[effect][service].unlisted
	regex.match(pattern, _action[1])
} if {
	way == "unlisted"
	not data.iam.reference.services[service].actions[_action[1]]
}

# A whole service, or all; by patterns of names that nobody knows; or all but some.
_numbers(policy, effect, each, way) := ({number |
	some number in split(data.iam.policies[policy].actions[effect][each].always["*"], " ")
} | {number |
	some number in data.iam.policies[policy].actions[effect][each].tested["*"]
}) | ({number |
	some number, pattern in data.iam.policies[policy].actions[effect][each].patterns
	regex.match(pattern, _action[1])
} | {number |
	some number, excepted in data.iam.policies[policy].actions[effect][each].others
	asked := concat(":", _action)
	not excepted.exact[asked]
	not regex.match(excepted.pattern, asked)
}) if {
	way == "wide"
}

_action := [service, name] if {
	[service, name, _] := _read
} else := _asked
