package iam.lookup

import data.iam.action
import data.iam.catalogue
import data.iam.condition
import data.iam.evaluation
import data.iam.request

# What a way tells of `*`: what is allowed of every resource, and what nobody allows of any.
_told_of_every_resource(way, service, name) if {
	some policy in data.iam.index.ways[way].free.always[service]
	data.iam.policies[policy].actions.Allow[service].always[name]
} else if {
	data.iam.index.ways[way].free.whole[service]
} else if {
	some policy in data.iam.index.ways[way].free.tested[service]
	some number in data.iam.policies[policy].actions.Allow[service].tested[name]
	data.iam.policies[policy].statements[number].reach == ""
	every test in data.iam.policies[policy].statements[number].conditions {
		condition.satisfied(test)
	}
} else := false if {
	data.iam.index.ways[way].is_free
	not data.iam.index.ways[way].more[service]
	not _is_named(way, service, name)
}

_is_named(way, service, name) if {
	some policy in data.iam.index.ways[way].free.tested[service]
	data.iam.policies[policy].actions.Allow[service].tested[name]
} else := false

# A request about `*`, if its action has resources, asks about what the statements name (RES-42). Denied where nobody allows
# it; settled by the statements that name no resources, where no others speak of the action that could make a difference.
_allows_every := false if {
	_caller.own
	not {"kms", "sts"}[_asked[0]]
	not _is_spoken_of
} else := allowed if {
	request.is_sound_context
	allowed := _is_let_everywhere
	_is_settled(allowed)
} else := allowed if {
	request.is_sound_context
	_is_let_everywhere == false
	allowed := _is_granted_by_some_resource
}

_is_let_everywhere := _is_let(_caller, service, name) if {
	[service, name] := _asked
	service != "sts"
	service != "kms"
}

_is_spoken_of if {
	some [_, _, _, "Allow"] in _identity_places
}

_identity_places := action.places(_caller.identity)

_is_settled(_) if not catalogue.supports_resources

_is_settled(allowed) if {
	catalogue.supports_resources
	not _turns_on_resources(allowed)
}

default _turns_on_resources(_) := false

_turns_on_resources(allowed) if {
	allowed
	names_resources(_caller.denying, "Deny")
}

_turns_on_resources(allowed) if {
	allowed
	names_resources(data.iam.index.accounts[_caller.account].denying, "Deny")
}

_turns_on_resources(allowed) if {
	not allowed
	names_resources(_caller.identity, "Allow")
}

_turns_on_resources(allowed) if {
	not allowed
	some set in _caller.caps
	names_resources(set, "Allow")
}

# Else it is denied where the conditions of no Allow hold; and allowed where one that holds names a resource that the caller's
# account can own, and nothing guards the caller: then the statement allows what it names, and that is one of the patterns
# asked about (RES-43).
_is_granted_by_some_resource if {
	_caller.own
	not _caller.guarded
	not {"kms", "sts"}[action.service]
	some [policy, number] in _holding
	resource := data.iam.policies[policy].statements[number].resource
	not resource.negated
	some entry in resource.written
	regex.match(_entries_of_own, entry)
	_matches_itself(resource, entry)
	not evaluation.is_kept(entry)
} else := false if {
	_caller.own
	not {"kms", "sts"}[action.service]
	count(_holding) == 0
}

_holding := {[policy, number] |
	some [policy, number, _, "Allow"] in _identity_places
	every test in object.get(data.iam.policies[policy].statements[number], "conditions", []) {
		condition.satisfied(test)
	}
}

# As policies write ARNs that the caller's account can own, without variables.
_entries_of_own := $"^arn:{split(input.principal, ":")[1]}:[^:*?A-Z]+:[^:?$A-Z]*:(?:{_caller.account}|[*])?:[^?$]*$"

# A wildcard matches a wildcard; an entry that stands for nothing matches not even its own text (RES-6).
default _matches_itself(_, _) := false

_matches_itself(resource, entry) if resource.exact[entry]

_matches_itself(resource, entry) if regex.match(resource.pattern, entry)
