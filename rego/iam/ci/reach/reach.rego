# METADATA
# title: What it is worth asking about
# description: |
#   Most principals' policies speak of few actions. What none of them allows is not asked, for every question costs a
#   decision.
package iam.ci.reach

import data.iam.ci.world
import data.iam.pattern

# METADATA
# title: Some resource, whatever it is
# description: A request about `*` is about what has no resource, unless AWS's reference tells that the action has some (RES-42).
any_arn := "arn:*:*:*:*:*"

# METADATA
# title: A request by a subject
# description: |
#   Takes the subject and the rest of the request. Whoever's account nobody tells asks as of the account that owns the
#   resource.
request(subject, rest) := object.union(subject.request, object.union(rest, {"principal": _caller(subject, rest.resource)}))

_caller(subject, resource) := replace(subject.request.principal, $"::{world.no_account}:", $"::{account}:") if {
	account := split(resource, ":")[4]
	regex.match(`^[0-9]{12}$`, account)
} else := subject.request.principal

# METADATA
# title: Whether policies have an Allow that speaks of an action
# description: Takes the phase, the policies by their keys in `iam.ci.world`, and the action.
# scope: document
default may_name(_, _, _) := false

may_name(phase, keys, action) if {
	[service, name] := split(lower(action), ":")
	some key in keys
	_allows(phase, key, service, name)
}

default _allows(_, _, _, _) := false

_allows(phase, key, service, name) if {
	some kind in ["always", "tested"]
	world.policies[phase][key].actions.Allow[service][kind][name]
}

_allows(phase, key, service, _) if {
	some each in [service, "*"]
	some kind in ["always", "tested"]
	world.policies[phase][key].actions.Allow[each][kind]["*"]
}

_allows(phase, key, service, name) if {
	some kind in ["patterns", "unlisted"]
	some expression in world.policies[phase][key].actions.Allow[service][kind]
	regex.match(expression, name)
}

_allows(phase, key, service, name) if {
	some excepted in world.policies[phase][key].actions.Allow["*"].others
	action := $"{service}:{name}"
	not excepted.exact[action]
	not regex.match(excepted.pattern, action)
}

# METADATA
# title: Whether policies deny an action in any case
# description: By a Deny without conditions, on every resource. Takes what `may_name` takes.
# scope: document
default is_denied(_, _, _) := false

is_denied(phase, keys, action) if {
	[service, name] := split(lower(action), ":")
	some key in keys
	_denies(phase, key, service, name)
}

default _denies(_, _, _, _) := false

_denies(phase, key, service, name) if {
	some [each, text] in [[service, name], [service, "*"], ["*", "*"]]
	world.policies[phase][key].actions.Deny[each].always[text]
}

_denies(phase, key, service, name) if {
	some kind in ["patterns", "unlisted"]
	some number, expression in world.policies[phase][key].actions.Deny[service][kind]
	regex.match(expression, name)
	world.policies[phase][key].statements[number].always
}

# METADATA
# title: The actions that a pattern stands for, of those that policies allow something of
# description: |
#   Takes the phase, the policies' keys, and the pattern. Of a pattern, the actions that AWS's reference lists, those that
#   the policies name, and `plain`.
actions(phase, keys, written) := {action |
	some action in _spelt(phase, keys, lower(written))
	may_name(phase, keys, action)
	not is_denied(phase, keys, action)
}

_spelt(phase, keys, written) := union({listed(written), _named(phase, keys, written), {plain(written)}})

# METADATA
# title: One action that a pattern stands for
# description: The pattern without its wildcards, which is an action that no list has, and that only patterns speak of.
plain(written) := "opa-iam:anything" if {
	written == "*"
} else := $"{service}:{object.get({"": "opa-iam-anything"}, bare, bare)}" if {
	[service, name] := split(lower(written), ":")
	bare := replace(replace(name, "*", ""), "?", "x")
}

# METADATA
# title: The actions that a pattern stands for by AWS's reference
listed(written) := {action |
	pattern.has_wildcard(written)
	[service, names] := split(lower(written), ":")
	expression := pattern.anchored([pattern.body(names)])
	some name, _ in data.iam.reference.services[service].actions
	regex.match(expression, name)
	action := $"{service}:{name}"
}

_named(phase, keys, written) := {action |
	pattern.has_wildcard(written)
	expression := pattern.anchored([pattern.body(written)])
	some key in keys
	some service, node in world.policies[phase][key].actions.Allow
	some kind in ["always", "tested"]
	some name, _ in object.remove(node[kind], ["*"])
	action := $"{service}:{name}"
	regex.match(expression, action)
}
