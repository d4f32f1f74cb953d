package iam.lookup

import data.iam.action
import data.iam.catalogue
import data.iam.condition
import data.iam.evaluation
import data.iam.request

# A request about `*`, if its action has resources, asks about what the statements name (RES-42). Denied where nobody allows
# it; settled by the statements that name no resources, where no others speak of the action that could make a difference.
_allows_every if {
	_is_granted_always
	not _caller.guarded
	request.is_sound_context
	_is_of_open_service
} else := false if {
	_caller.own
	not {"kms", "sts"}[_asked[0]]
	not _is_spoken_of
} else := allowed if {
	allowed := _allows
	_is_settled(allowed)
} else := allowed if {
	_allows == false
	request.is_sound_context
	allowed := _is_granted_by_some_resource
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
