package iam.ci.intrinsic_test

import data.iam.ci.hole
import data.iam.ci.intrinsic

_env := {
	"attributes": {},
	"conditions": {"No": false, "Yes": true},
	"imports": {},
	"mappings": {},
	"refs": {"A": "a", "List": ["x", "y"]},
}

_no_value := {"Ref": "AWS::NoValue"}

# A value, and what it is with its intrinsics evaluated.
_cases := {
	"a list that goes": [{"a": {"Fn::If": ["No", ["x"], _no_value]}, "b": 1}, {"b": 1}],
	"an item that goes": [["x", {"Fn::If": ["Yes", _no_value, "y"]}, {"Ref": "A"}], ["x", "a"]],
	"an item that goes from within": [[{"a": _no_value, "b": [_no_value]}], [{"b": []}]],
	"no value that isn't taken": [{"Fn::If": ["No", _no_value, {"b": _no_value, "c": 1}]}, {"c": 1}],
	"one in another": [
		{"Fn::Join": ["-", [{"Ref": "A"}, {"Fn::Select": [1, {"Ref": "List"}]}, {"Fn::Sub": "${A}!"}]]},
		"a-y-a!",
	],
	"the same twice": [[{"Ref": "A"}, {"Ref": "A"}], ["a", "a"]],
	"what looks like one in a text": [`{"Ref":"A"}`, `{"Ref":"A"}`],
	"what is none": [
		{"Condition": {"Bool": {"a": "true"}}, "Ref": {"a": 1}, "x": {"Ref": 1}},
		{"Condition": {"Bool": {"a": "true"}}, "Ref": {"a": 1}, "x": {"Ref": 1}},
	],
	"what nobody knows": [{"a": {"Fn::Transform": {"Name": "AWS::Include"}}}, {"a": hole.opaque("what Fn::Transform gives")}],
}

test_evaluated[name] if {
	some name, [value, expected] in _cases
	intrinsic.evaluated(value, _env) == expected
}

# A text in so many joins.
_nested(depth) := json.unmarshal(concat("", [begun, `"x"`, ended])) if {
	begun := concat("", [`{"Fn::Join":["",[` | some _ in numbers.range(1, depth)])
	ended := concat("", ["]]}" | some _ in numbers.range(1, depth)])
}

test_twelve_levels if {
	intrinsic.evaluated(_nested(12), _env) == "x"
}

test_what_is_nested_deeper_is_not_known if {
	unknown := hole.opaque("a Fn::Join that is nested too deep, or stands where it can't")
	intrinsic.evaluated(_nested(13), _env) == unknown
}
