package iam.ci.adapter.terraform

import data.iam.ci.file
import data.iam.ci.hole

# A policy that Terraform's data source composes after the change, for something in it is not known before. All else in it
# stands in the plan: whoever has the policy refers to the data source.

_document.after[id] := object.union(hole.filled(_composed(source)), {
	"address": instance.address,
	"arn": "",
	"file": instance.file,
	"guessed": false,
	"holder": _holder({"instance": instance, "row": row}),
	"managed": instance.type in _managed_types,
	"path": _path(instance.path, [row.attribute]),
	"policy": _policy_name({"instance": instance}),
	"policy_type": row.policy_type,
	"resource_type": row.resource_type,
	"sensitive": _is_sensitive(instance, [row.attribute]),
}) if {
	some key, instance in _instances.after
	row := _row(instance)
	_is_unknown(instance, [row.attribute])
	source := _source(instance, row.attribute)
	_is_composable(source)
	id := $"{key} {row.attribute}"
}

# The one data source that an attribute's expression refers to, and to nothing else.
_source(instance, attribute) := _sources[place] if {
	references := _references(instance, attribute)
	count([reference | some reference in references; not _is_harmless(reference)]) == 0
	start := {[instance.number, instance.module, reference] | some reference in references}
	places := {place |
		some [number, module, reference] in _followed(start)
		[[_, name, written]] := regex.find_all_string_submatch_n(_to_json, reference, 1)
		some index in _indexes([number, module, name], written, instance.index)
		place := [number, module, name, index]
	}
	count(places) == 1
	some place in places
}

_to_json := `^data\.aws_iam_policy_document\.([^.\[]+)(?:\[([^\]]*)\])?\.(?:minified_)?json$`

default _is_harmless(_) := false

_is_harmless(reference) if regex.match(`^(?:data\.aws_iam_policy_document|each|count|module|var)\.`, reference)

_indexes(start, written, wanted) := _chosen(all, written, wanted) if {
	all := {place[3]: place[3] | some place, _ in _sources; array.slice(place, 0, 3) == start}
}

_sources := {place: {"address": resource.address, "unknown": unknown, "values": resource.change.after} |
	some i in _plans
	some resource in file.files[i].contents.resource_changes
	resource.type == "aws_iam_policy_document"
	is_object(resource.change.after)
	unknown := object.get(resource.change, "after_unknown", {})
	place := [i, object.get(resource, "module_address", ""), resource.name, object.get(resource, "index", null)]
}

# Other documents that it takes up would have to be known, and of statements the form: only texts may come later.
default _is_composable(_) := false

_is_composable(source) if {
	every name in ["override_json", "override_policy_documents", "source_json", "source_policy_documents"] {
		object.get(source.values, name, null) in [null, "", []]
		object.get(source.unknown, name, false) in [false, []]
	}
	is_array(source.values.statement)
	count(_composed(source).Statement) == count(source.values.statement)
	every path in _unknown_places(source) {
		regex.match(_texts, path)
	}
}

_unknown_places(source) := {place |
	walk(object.filter(source.unknown, ["statement", "version"]), [steps, mark])
	mark == true
	place := concat("/", [$"{step}" | some step in steps])
}

_texts := `^statement/[0-9]+/(?:(?:not_)?resources|sid|(?:not_)?principals/[0-9]+/identifiers|condition/[0-9]+/values)(?:/[0-9]+)?$`

_composed(source) := {
	"Statement": [_composed_statement(source, n) | some n, _ in source.values.statement],
	"Version": _said(source.values, "version", "2012-10-17"),
}

_composed_statement(source, n) := object.union_n([
	{"Effect": _said(source.values.statement[n], "effect", "Allow")},
	{element: texts |
		some element, name in _lists
		texts := _filled(source, ["statement", n, name])
		texts != []
	},
	{"Sid": sid | sid := source.values.statement[n].sid; is_string(sid); sid != ""},
	_named_principals(source, n, "Principal", "principals"),
	_named_principals(source, n, "NotPrincipal", "not_principals"),
	_tests(source, n),
])

_lists := {"Action": "actions", "NotAction": "not_actions", "NotResource": "not_resources", "Resource": "resources"}

# The texts of a list, holes where they are not known.
_filled(source, steps) := [hole.text(_stand_in, source.address)] if object.get(source.unknown, steps, false) == true

_filled(source, steps) := [text |
	some k, given in _listed(object.get(source.values, steps, []))
	text := _item(source, array.concat(steps, [k]), given)
] if {
	object.get(source.unknown, steps, false) != true
}

_item(source, steps, _) := hole.text(_stand_in, source.address) if object.get(source.unknown, steps, false) == true

_item(source, steps, given) := given if object.get(source.unknown, steps, false) != true

_stand_in := "arn:aws:s3:::opa-iam-not-known"

_named_principals(source, n, element, name) := {element: "*"} if {
	some block in source.values.statement[n][name]
	block.type == "*"
} else := {element: principals} if {
	principals := object.union_n([{block.type: _filled(source, ["statement", n, name, k, "identifiers"])} |
		some k, block in source.values.statement[n][name]
	])
	principals != {}
} else := {}

_tests(source, n) := {"Condition": block} if {
	block := object.union_n([{test.test: {test.variable: _filled(source, ["statement", n, "condition", k, "values"])}} |
		some k, test in source.values.statement[n].condition
	])
	block != {}
} else := {}

_said(values, name, otherwise) := values[name] if {
	is_string(values[name])
} else := otherwise

# Whom it lets in is known only then.
unknowns contains {"address": one.address, "file": one.file, "path": one.path, "what": "whom the policy lets in"} if {
	some one in documents
	some path, _ in one.holes
	regex.match(`^/Statement/[0-9]+/(?:Not)?Principal`, path)
}
