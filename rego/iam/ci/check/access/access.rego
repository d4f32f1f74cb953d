# METADATA
# title: What a change gives and takes
# description: |
#   Requests that the decision answers otherwise before the change than after it. Asked is what the changed policies speak of,
#   of all principals together at most `limit`; what a statement allows under conditions counts as allowed as well.
package iam.ci.check.access

import data.iam.ci.model
import data.iam.ci.reach
import data.iam.ci.world

# METADATA
# title: Nothing here refuses a change
denied := set()

# METADATA
# title: What is told
warned contains _finding("ACCESS_GAINED", subject, $"can now do {_told(subject, texts)}") if {
	some subject in _changed
	texts := {request.text | some request in _asked[subject.id]; _is_new(subject.id, request, "before", "after")}
	count(texts) > 0
}

warned contains _finding("ACCESS_LOST", subject, $"can no longer do {_told(subject, texts)}") if {
	some subject in _changed
	texts := {request.text | some request in _asked[subject.id]; _is_new(subject.id, request, "after", "before")}
	count(texts) > 0
}

warned contains model.finding("access", "ACCESS_NOT_ALL_ASKED", "warn", {}, message, "") if {
	found := sum([count(requests) | some requests in spoken_of])
	asked := sum([count(requests) | some requests in _asked])
	found > asked
	message := $"of {found} requests that the changed policies speak of, {asked} were asked"
}

# METADATA
# title: How many requests are asked, shared among those whose policies change
limit := 200

_share := max([1, floor(limit / max([1, count(_changed)]))])

_asked[id] := array.slice(sort(requests), 0, _share) if some id, requests in spoken_of

default _is_new(_, _, _, _) := false

_is_new(id, request, old, new) if {
	some mode in ["strict", "discovery"]
	_may(new, id, request, mode)
	not _may(old, id, request, mode)
}

default _may(_, _, _, _) := false

_may(phase, id, request, mode) if {
	subject := world.subjects[phase][id]
	rest := {"action": request.action, "mode": mode, "resource": request.resource}
	world.allows(phase, reach.request(subject, rest))
}

_finding(rule, subject, message) := model.finding("access", rule, "warn", subject.place, message, "")

_told(subject, _) := "what a sensitive policy says" if subject.sensitive

_told(subject, texts) := $"{concat("; ", array.slice(sort(texts), 0, 10))}{_more(count(texts) - 10)}" if not subject.sensitive

_more(left) := $" and {left} more" if left > 0

_more(left) := "" if left <= 0
