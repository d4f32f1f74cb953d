package iam.ci.check.access

import data.iam.ci.reach
import data.iam.ci.state
import data.iam.ci.world
import data.iam.document as documents

# Whose policies the change touches, with the keys of those that differ.
_changed contains {"id": id, "keys": keys, "place": place, "sensitive": _is_sensitive(keys)} if {
	some id in {id | some subjects in world.subjects; some id, _ in subjects}
	not _is_attached(id)
	place := _place(id)
	place.file in state.compared
	keys := {key |
		some phase in ["after", "before"]
		some key in _policies(phase, id)
		not _is_same(id, key)
	}
	count(keys) > 0
}

# A policy that somebody has in one of the states is that one's matter.
default _is_attached(_) := false

_is_attached(id) if {
	some phase, other in {"after": "before", "before": "after"}
	world.subjects[phase][id].kind == "policy"
	not world.subjects[other][id]
	world.policies[other][id]
}

_place(id) := world.subjects.after[id].place

_place(id) := world.subjects.before[id].place if not world.subjects.after[id]

_policies(phase, id) := {key |
	some type in ["identity", "permissions_boundary"]
	some key in world.subjects[phase][id].request.policies[type]
}

default _is_same(_, _) := false

_is_same(id, key) if {
	every phase in ["after", "before"] {
		key in _policies(phase, id)
	}
	world.policies.after[key] == world.policies.before[key]
}

default _is_sensitive(_) := false

_is_sensitive(keys) if {
	some key in keys
	some all in [state.documents, state.before]
	all[key].sensitive
}

# METADATA
# title: What the changed policies of somebody speak of, as requests with the text that tells them
spoken_of[subject.id] := {{"action": action, "resource": resource, "text": text} |
	some [written, named] in (_named(subject) | _compiled(subject))
	action := _action(written)
	resource := _resource(written, named)
	text := $"{written} on {named}"
} if {
	some subject in _changed
}

_named(subject) := {[written, named] |
	some key in _heard_policies(subject)
	some statement in _heard(subject, key)
	some written in _actions(statement)
	some named in _resources(statement)
}

_heard_policies(subject) := subject.keys if not _is_confined_anew(subject)

_heard_policies(subject) := _policies("after", subject.id) | _policies("before", subject.id) if _is_confined_anew(subject)

# What a statement allows that is the same in both states is asked only where something else may confine it anew.
_heard(subject, key) := object.get(_differing, key, set()) if not _is_confined_anew(subject)

_heard(subject, key) := object.get(_statements, ["after", key], set()) | object.get(_statements, ["before", key], set()) if {
	_is_confined_anew(subject)
}

default _is_confined_anew(_) := false

_is_confined_anew(subject) if {
	some key in subject.keys
	some statement in _differing[key]
	object.get(statement, "Effect", "") != "Allow"
}

_is_confined_anew(subject) if {
	some key in subject.keys
	some phase in ["after", "before"]
	key in world.subjects[phase][subject.id].request.policies.permissions_boundary
}

# Without the present version, variables are plain text.
_is_confined_anew(subject) if {
	some key in subject.keys
	object.get(state.documents[key].value, "Version", "") != object.get(state.before[key].value, "Version", "")
}

_differing[key] := (after | before) - (after & before) if {
	some subject in _changed
	some key in subject.keys
	after := object.get(_statements, ["after", key], set())
	before := object.get(_statements, ["before", key], set())
}

_statements[phase][key] := {placed.value | some placed in documents.placed_statements(all[key].value)} if {
	some phase, all in {"after": state.documents, "before": state.before}
	some subject in _changed
	some key in (_policies("after", subject.id) | _policies("before", subject.id))
	all[key]
}

# Of a compiled policy what it names.
_compiled(subject) := {[written, "*"] |
	some key in subject.keys
	startswith(key, "arn:")
	some nodes in world.policies.after[key].actions
	some service, node in nodes
	some written in _of_node(service, node)
}

_action(written) := reach.plain(written) if regex.match(`[*?]`, written)

_action(written) := written if not regex.match(`[*?]`, written)

# What a wildcard in the resource's own part stands for is something new, of which no narrower pattern speaks: were it asked
# about as a pattern, whoever may do it to one would seem to have been allowed all along.
_resource(written, "*") := $"arn:aws:{split(lower(written), ":")[0]}:*:*:{_anything}/{_anything}"

_resource(_, named) := concat(":", array.concat(array.slice(segments, 0, 5), [own])) if {
	named != "*"
	not contains(named, "${")
	segments := split(named, ":")
	rest := concat(":", array.slice(segments, 5, count(segments)))
	own := replace(replace(rest, "*", _anything), "?", "x")
}

# A variable stands for whatever it is resolved to.
_resource(_, named) := concat("*", array.concat([pieces[0]], rests)) if {
	contains(named, "${")
	pieces := split(replace(named, "?", "*"), "${")
	rests := [rest |
		some piece in array.slice(pieces, 1, count(pieces))
		rest := substring(piece, indexof(piece, "}") + 1, -1)
	]
}

_anything := "opa-iam-anything"

_of_node(service, node) := {_written(service, name) |
	some kind in ["always", "tested"]
	some name, _ in node[kind]
}

_written("*", _) := "*"

_written(service, name) := $"{service}:{name}" if service != "*"

_actions(statement) := {action | some action in documents.as_list(object.get(statement, "Action", "*")); is_string(action)}

_resources(statement) := {resource | some resource in documents.as_list(object.get(statement, "Resource", "*")); is_string(resource)}
