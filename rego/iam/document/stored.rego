package iam.document

import data.iam.condition
import data.iam.pattern

# In OPA's memory a member costs more than what it says, so what most statements have, and what others of a statement's
# members tell, is not stored.

_stored(statement) := object.union_n([
	object.remove(statement, ["action", "conditions", "resource"]),
	{
		"conditions": [_stored_condition(test) | some test in quick_conditions(statement.conditions)],
		"resource": _stored_resource(statement.resource),
	},
	{"reach": reach | reach := _reach(statement.resource)},
])

_stored_condition(test) := object.union_n([
	object.filter(test, ["key", "negated", "operator", "quick"]),
	_unusual(test, condition.usual),
	{"values": test.values | test.values != test.written.values},
	{"written": [test.written.key, test.written.operator, test.written.values]},
])

_stored_resource(resource) := resource if resource.negated

_stored_resource(resource) := object.union(
	object.filter(resource, ["globbed", "written"]),
	_unusual(resource, _usual_resource),
) if {
	not resource.negated
}

_unusual(members, usual) := {name: members[name] | some name, value in usual; members[name] != value}

_usual_resource := {
	"every": false,
	"exact": {},
	"negated": false,
	"pattern": pattern.anchored([]),
	"policy_type": "identity",
	"templates": [],
	"undecidable": false,
	"variables": true,
}

# METADATA
# title: A stored statement with all that it had when it was lowered, but for its action part
# description: Of those that do not apply `always`.
whole(statement) := object.union_n([
	statement,
	{
		"conditions": [condition.whole(test) | some test in statement.conditions],
		"resource": whole_resource(statement.resource),
	},
])

# METADATA
# title: A stored statement's resource part with all that it had
whole_resource(resource) := object.union(_usual_resource, resource)
