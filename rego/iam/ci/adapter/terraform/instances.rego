package iam.ci.adapter.terraform

import data.iam.ci.file

# Resources that have to do with IAM, before and after the change, by file and address. Each with its `values`, what of them
# is `unknown` and `sensitive`, and the `path` of the values. What Terraform forgets stays as it is.
_instance.after[key] := instance if {
	some key, entry in _changes
	side := {false: "after", true: "before"}["forget" in entry.change.actions]
	is_object(entry.change[side])
	instance := object.union(entry.facts, {
		"path": $"{entry.facts.path}/change/{side}",
		"sensitive": object.get(entry.change, $"{side}_sensitive", false),
		"unknown": {"after": object.get(entry.change, "after_unknown", {}), "before": {}}[side],
		"values": entry.change[side],
	})
}

_instance.before[key] := instance if {
	some key, entry in _changes
	is_object(entry.change.before)
	instance := object.union(entry.facts, {
		"path": $"{entry.facts.path}/change/before",
		"sensitive": object.get(entry.change, "before_sensitive", false),
		"unknown": {},
		"values": entry.change.before,
	})
}

# Whole, see `_expressions`.
_instances := _instance

# A state tells what there is, and no change.
_instance[phase][key] := instance if {
	some key, entry in _stated
	some phase in ["after", "before"]
	instance := object.union(entry.facts, {
		"path": $"{entry.facts.path}/values",
		"sensitive": object.get(entry.resource, "sensitive_values", false),
		"unknown": {},
		"values": entry.resource.values,
	})
}

_changes[key] := {"change": resource.change, "facts": _facts(resource, i, $"/resource_changes/{k}")} if {
	some i in _plans
	some k, resource in file.files[i].contents.resource_changes
	_is_known[resource.type]
	object.get(resource, "mode", "managed") == "managed"
	not resource.deposed
	key := $"{i} {resource.address}"
}

_stated[key] := {"facts": _facts(resource, i, path), "resource": resource} if {
	some [i, path, resource] in _resources
	_is_known[resource.type]
	object.get(resource, "mode", "managed") == "managed"
	is_object(resource.values)
	key := $"{i} {resource.address}"
}

# A file that lists no changes is a state, or a plan of which only the values were kept.
_plans := {i |
	some i, kind in file.kinds
	kind == "terraform"
	is_array(file.files[i].contents.resource_changes)
}

_states := {i | some i, kind in file.kinds; kind == "terraform"} - _plans

_facts(resource, i, path) := {
	"address": resource.address,
	"file": file.files[i].path,
	"index": object.get(resource, "index", null),
	"module": object.get(resource, "module_address", _module(resource.address)),
	"name": object.get(resource, "name", ""),
	"number": i,
	"path": path,
	"type": resource.type,
}

# In a state only the address tells the module.
_module(address) := concat(".", [piece | some [piece, _] in _module_pieces(address)])

_module_pieces(address) := [[whole, name] |
	some [whole, name] in regex.find_all_string_submatch_n(_module_step, address, -1)
]

_module_step := `module\.([^.\[]+)(?:\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\])?`

_is_known[type] if some type, _ in _attributes

_is_known[type] if some type, _ in _attaching

_is_known[type] if some type in _other_types

# The resources of a state, module by module. Of modules that lie deeper than here the faults tell.
_resources := [found | some found in _listed_resources; not startswith(found[1], "/prior_state/")]

# What there was when a plan was made, and with it the data that it read.
_read_data := [resource |
	some [_, path, resource] in _listed_resources
	startswith(path, "/prior_state/")
	resource.mode == "data"
]

_listed_resources := [[i, place, resource] |
	some level in [_level_0, _level_1, _level_2, _level_3, _level_4, _level_5]
	some [i, path, module] in level
	some k, resource in module.resources
	place := $"{path}/resources/{k}"
]

_level_0 := array.concat(
	[[i, path, module] |
		some i in _states
		some name in ["planned_values", "values"]
		module := file.files[i].contents[name].root_module
		path := $"/{name}/root_module"
	],
	[[i, "/prior_state/values/root_module", module] |
		some i in _plans
		module := file.files[i].contents.prior_state.values.root_module
	],
)

_level_1 := [[i, place, child] |
	some [i, path, module] in _level_0
	some k, child in module.child_modules
	place := $"{path}/child_modules/{k}"
]

_level_2 := [[i, place, child] |
	some [i, path, module] in _level_1
	some k, child in module.child_modules
	place := $"{path}/child_modules/{k}"
]

_level_3 := [[i, place, child] |
	some [i, path, module] in _level_2
	some k, child in module.child_modules
	place := $"{path}/child_modules/{k}"
]

_level_4 := [[i, place, child] |
	some [i, path, module] in _level_3
	some k, child in module.child_modules
	place := $"{path}/child_modules/{k}"
]

_level_5 := [[i, place, child] |
	some [i, path, module] in _level_4
	some k, child in module.child_modules
	place := $"{path}/child_modules/{k}"
]

_level_6 := [[i, place, child] |
	some [i, path, module] in _level_5
	some k, child in module.child_modules
	place := $"{path}/child_modules/{k}"
]
