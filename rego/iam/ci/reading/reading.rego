# METADATA
# title: What a document can come to mean that is not known in part
# description: |
#   A document with holes (`iam.ci.model`) has stand-ins in its value. Read at its widest, it allows whatever it may come to
#   allow, and at its narrowest nothing that it may come not to allow.
package iam.ci.reading

# METADATA
# title: The most that a document may come to allow
widest(one) := object.union(one.value, {"Statement": statements}) if {
	statements := [read |
		some [statement, holes] in _statements(one)
		some read in _read(statement, holes, "Allow")
	]
}

# METADATA
# title: The least that a document may come to allow
narrowest(one) := object.union(one.value, {"Statement": statements}) if {
	statements := [read |
		some [statement, holes] in _statements(one)
		some read in _read(statement, holes, "Deny")
	]
}

# Each statement with its holes: the widest pattern of each, by the steps that lead to it.
_statements(one) := [[statement, holes] |
	some number, statement in one.value.Statement
	holes := _below(one.holes, ["", "Statement", $"{number}"])
] if {
	is_array(one.value.Statement)
} else := [[one.value.Statement, _below(one.holes, ["", "Statement"])]]

_below(holes, start) := {rest: hole.widest |
	some path, hole in holes
	steps := split(path, "/")
	array.slice(steps, 0, count(start)) == start
	rest := array.slice(steps, count(start), count(steps))
}

# What is opened for one effect is closed for the other.
_read(statement, holes, _) := [statement] if count(holes) == 0

_read(statement, holes, effect) := [_opened(statement, holes, effect)] if {
	count(holes) > 0
	_effect(statement, holes, effect) == effect
}

_read(statement, holes, effect) := _closed(statement, holes) if {
	count(holes) > 0
	_effect(statement, holes, effect) != effect
}

# An effect that is not known is the one that is asked for.
_effect(statement, holes, effect) := effect if {
	holes[["Effect"]]
} else := statement.Effect

# A statement that applies wherever it may come to apply.
_opened(statement, holes, effect) := object.union_n([
	object.remove(statement, _touched(holes)),
	{element: _patterns(statement[element], element, holes) |
		some element in ["Action", "Resource"]
		_is_touched(element, holes)
	},
	{element: "*" |
		some excluding, element in {"NotAction": "Action", "NotPrincipal": "Principal", "NotResource": "Resource"}
		_is_touched(excluding, holes)
	},
	{"Principal": "*" | _is_touched("Principal", holes)},
	{"Effect": effect},
	_conditions(statement, holes),
])

_touched(holes) := {steps[0] | some steps, _ in holes}

default _is_touched(_, _) := false

_is_touched(element, holes) if element in _touched(holes)

_patterns(value, element, holes) := holes[[element]] if not is_array(value)

_patterns(value, element, holes) := [object.get(holes, [[element, $"{number}"]], item) | some number, item in value] if is_array(value)

# Without the keys whose values are not known: each may come to be satisfied.
_conditions(statement, holes) := {"Condition": block} if {
	_is_touched("Condition", holes)
	block := {operator: kept |
		some operator, keys in statement.Condition
		kept := {key: value |
			some key, value in keys
			not _is_open(operator, key, holes)
		}
		count(kept) > 0
	}
	count(block) > 0
} else := {}

default _is_open(_, _, _) := false

_is_open(operator, key, holes) if {
	some steps, _ in holes
	steps[0] == "Condition"
	some n in [1, 2, 3]
	array.slice(["Condition", operator, replace(replace(key, "~", "~0"), "/", "~1")], 0, n) == array.slice(steps, 0, 3)
}

# A statement that applies only where it will apply in any case: there is none, unless all that is missing are items of lists.
_closed(statement, holes) := [object.union(statement, lists)] if {
	every steps, _ in holes {
		count(steps) == 2
		steps[0] in ["Action", "Resource"]
	}
	lists := {element: known |
		some element in _touched(holes)
		known := [item | some number, item in statement[element]; not holes[[element, $"{number}"]]]
	}
	every element in _touched(holes) {
		count(lists[element]) > 0
	}
} else := [statement] if {
	_touched(holes) == {"Sid"}
} else := []
