package iam.lookup

import data.iam.condition
import data.iam.document
import data.iam.explanation
import data.iam.request
import data.iam.statement

# What the statements that speak of the action say: whether the request is allowed, what stands in the way of a grant, the
# decision, the types that lack an Allow, the verdict; the statements that apply and those that fail; the keys that they ask for
# in vain, and warnings. Most often none speaks of it, or one that always applies.
_said := [false, [], "implicitDeny", [{"policy_type": "identity"}], "implicitDeny", [], [], [], set()] if {
	_spoken == []
} else := [true, [], "allowed", [], "allowed", [told], [], [], set()] if {
	[[_, number, policy]] = _spoken
	{"always": true, "effect": "Allow", "index": index, "sid": sid} = data.iam.policies[policy].statements[number]
	told := {"effect": "Allow", "index": index, "policy": policy, "policy_type": "identity", "sid": sid}
} else := [true, [], "allowed", [], "allowed", [told], [], [], set()] if {
	[[_, number, policy]] = _spoken
	{"conditions": [], "effect": "Allow", "index": index, "reach": reach, "resource": _, "sid": sid} = data.iam.policies[policy].statements[number]
	regex.match(reach, _reached)
	told := {"effect": "Allow", "index": index, "policy": policy, "policy_type": "identity", "sid": sid}
} else := array.concat(_outcome(matched), [matched, [], [], set()]) if {
	_is_sound
	applying := [told | some [told, [], [], "plain"] in _weighed]
	count(applying) == count(_spoken)
	matched := _denials_first(applying)
} else := array.concat(_outcome(matched), array.concat([matched, _near_misses], _of_conditions)) if {
	_caller.identity
	_is_sound
	matched := _denials_first([told | some [told, [], [], _] in _weighed])
} else := [false, [], "implicitDeny", [{"policy_type": "identity"}], "notApplicable", [], [], [], set()] if {
	not _caller.identity
}

# No condition can be weighed by a context that is none.
_is_sound if {
	_read
} else if {
	request.is_sound_context
}

_outcome(matched) := [true, [], "allowed", [], "allowed"] if {
	matched[0].effect == "Allow"
} else := [false, ["identity"], "explicitDeny", [], "explicitDeny"] if {
	matched[count(matched) - 1].effect == "Allow"
} else := [false, [], "explicitDeny", [], "explicitDeny"] if {
	matched != []
} else := [false, [], "implicitDeny", [{"policy_type": "identity"}], "implicitDeny"]

_denials_first(tolds) := tolds if {
	count(tolds) < 2
} else := array.concat(
	[told | some told in tolds; told.effect == "Deny"],
	[told | some told in tolds; told.effect == "Allow"],
)

# In the order of the caller's policies: how each statement is told of, what of its resource and of its conditions fails, and
# the statement; or "plain", where it always applies, or has no conditions and reaches the resource by its one expression.
_weighed := [_weighed_at(policy, number) | some [_, number, policy] in _spoken]

_weighed_at(policy, number) := [told, [], [], "plain"] if {
	{"always": true, "effect": effect, "index": index, "sid": sid} = data.iam.policies[policy].statements[number]
	told := {"effect": effect, "index": index, "policy": policy, "policy_type": "identity", "sid": sid}
} else := [told, [], [], "plain"] if {
	found := data.iam.policies[policy].statements[number]
	found.conditions == []
	regex.match(found.reach, _reached)
	told := object.union(object.filter(found, ["effect", "index", "sid"]), {"policy": policy, "policy_type": "identity"})
} else := [told, _failed_resource(found), about_context, found] if {
	found := data.iam.policies[policy].statements[number]
	about_context := [condition.failure(condition.whole(test)) | some test in found.conditions; not condition.satisfied(test)]
	told := object.union(object.filter(found, ["effect", "index", "sid"]), {"policy": policy, "policy_type": "identity"})
}

# Mostly one expression tells what a statement reaches; only of `*`, for an action with resources, it doesn't tell all.
_failed_resource(found) := [] if {
	regex.match(found.reach, _reached)
} else := [statement.resource_failure(_about_resource(found))] if {
	found.reach
	_is_own
} else := [statement.resource_failure(_about_resource(found))] if {
	not statement.matches_resource(_about_resource(found))
} else := []

_about_resource(found) := {"effect": found.effect, "resource": document.whole_resource(found.resource)}

_near_misses := [object.union(told, {"failed": failed}) |
	some [told, about_resource, about_context, _] in _weighed
	failed := array.concat(about_resource, about_context)
	failed != []
]

# What conditions and variables ask of the context: the keys that it lacks, and warnings of values that can't be taken at their
# word, and of a Deny that can't be decided.
_of_conditions := [explanation.missing_keys(concerned), (explanation.odd_values(concerned) | _undecided)] if {
	concerned := [document.whole(found) |
		some [_, about_resource, _, found] in _tested
		_may_reach(about_resource, found)
	]
}

_tested := [entry |
	some entry in _weighed
	entry[3] != "plain"
]

default _may_reach(_, _) := false

_may_reach(about_resource, _) if about_resource == []

_may_reach(_, found) if explanation.lacks_variable(found)

_undecided := {warning |
	_caller.denying
	some [told, about_resource, _, found] in _tested
	about_resource != []
	some warning in explanation.undecided(document.whole(found), told)
}
