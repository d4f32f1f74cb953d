package iam.ci.adapter.terraform

import data.iam.ci.file

# A value that is known only after the change still comes from somewhere: the configuration says which resources an
# expression refers to, and what these are is in the plan.

# The resources that an attribute of an instance refers to, by their keys.
_referenced(instance, attribute) := union({_candidates(scope, reference, instance.index) |
	start := {[instance.number, instance.module, reference] | some reference in _references(instance, attribute)}
	some [number, module, reference] in _followed(start)
	scope := [number, module]
})

# Variables lead to the module that calls, outputs into the one that is called.
_followed(start) := ((start | once) | twice) | thrice if {
	once := union({_next(place) | some place in start})
	twice := union({_next(place) | some place in once})
	thrice := union({_next(place) | some place in twice})
}

_next([number, module, reference]) := {[number, caller, further] |
	[_, variable] := split(reference, ".")
	startswith(reference, "var.")
	steps := _module_pieces(module)
	caller := _address(array.slice(steps, 0, count(steps) - 1))
	[_, name] := steps[count(steps) - 1]
	expression := _calls[[number, _config_path(caller), name]].expressions[variable]
	some further in expression.references
} | {[number, callee, further] |
	[[_, step, name, output]] := regex.find_all_string_submatch_n(
		`^(module\.([^.\[]+)(?:\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\])?)\.([^.\[]+)$`,
		reference, 1,
	)
	expression := _calls[[number, _config_path(module), name]].outputs[output].expression
	callee := trim_prefix($"{module}.{step}", ".")
	some further in expression.references
}

# The instances of a resource in a module. One of several is meant by its index, else the one of the same index.
_candidates([number, module], reference, index) := found if {
	[[_, type, name, written]] := regex.find_all_string_submatch_n(
		`^(aws_[a-z0-9_]+)\.([^.\[]+)(?:\[([^\]]*)\])?`,
		reference, 1,
	)
	all := object.get(_same_resource, [[number, module, type, name]], {})
	found := _chosen(all, written, index)
} else := set()

_same_resource := object.union_n([{place: {key: instance.index}} |
	some key, instance in _instances.after
	place := [instance.number, instance.module, instance.type, instance.name]
])

_chosen(all, written, _) := {key | some key, index in all; json.marshal(index) == written} if written != ""

_chosen(all, "", _) := object.keys(all) if count(all) == 1

_chosen(all, "", wanted) := {key | some key, index in all; index == wanted} if count(all) != 1

default _references(_, _) := []

_references(instance, attribute) := _expressions[_config_place(instance)][attribute].references

_config_place(instance) := [instance.number, _config_path(instance.module), $"{instance.type}.{instance.name}"]

# Whether the configuration sets an attribute; one that it leaves alone is empty in a new resource, though Terraform says that it
# is not known yet.
default _is_set(_, _) := true

_is_set(instance, attribute) := false if {
	expressions := _expressions[_config_place(instance)]
	not attribute in object.keys(expressions)
}

_config_path(module) := concat("/", [name | some [_, name] in _module_pieces(module)])

_address(steps) := concat(".", [step | some [step, _] in steps])

# Whole objects, for what is looked up in a rule of many keys is looked for among all of them.
_expressions := {place: expressions |
	some [i, path, module] in _configured
	some resource in module.resources
	startswith(resource.type, "aws")
	expressions := object.get(resource, "expressions", {})
	place := [i, path, $"{resource.type}.{resource.name}"]
}

_calls := {place: {"expressions": object.get(call, "expressions", {}), "outputs": outputs} |
	some [i, path, module] in _configured
	some name, call in module.module_calls
	outputs := object.get(call, ["module", "outputs"], {})
	place := [i, path, name]
}

_configured := [place |
	some level in [_config_0, _config_1, _config_2, _config_3, _config_4, _config_5]
	some place in level
]

_config_0 := [[i, "", module] | some i in _plans; module := file.files[i].contents.configuration.root_module]

_config_1 := [[i, place, call.module] |
	some [i, path, module] in _config_0
	some name, call in module.module_calls
	place := trim_prefix($"{path}/{name}", "/")
]

_config_2 := [[i, place, call.module] |
	some [i, path, module] in _config_1
	some name, call in module.module_calls
	place := trim_prefix($"{path}/{name}", "/")
]

_config_3 := [[i, place, call.module] |
	some [i, path, module] in _config_2
	some name, call in module.module_calls
	place := trim_prefix($"{path}/{name}", "/")
]

_config_4 := [[i, place, call.module] |
	some [i, path, module] in _config_3
	some name, call in module.module_calls
	place := trim_prefix($"{path}/{name}", "/")
]

_config_5 := [[i, place, call.module] |
	some [i, path, module] in _config_4
	some name, call in module.module_calls
	place := trim_prefix($"{path}/{name}", "/")
]

_config_6 := [[i, place, call.module] |
	some [i, path, module] in _config_5
	some name, call in module.module_calls
	place := trim_prefix($"{path}/{name}", "/")
]
