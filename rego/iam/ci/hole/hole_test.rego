package iam.ci.hole_test

import data.iam.ci.hole

_name := hole.text("STACK", "the stack's name")

_list := hole.opaque("the parameter Names")

test_texts[text] if {
	some text, value in {"-1.5": -1.5, "STACK": _name, "a": "a", "true": true}
	hole.as_text(value) == text
}

test_no_text[name] if {
	some name, value in {"a list": ["a"], "an opaque hole": _list, "nothing": null}
	not hole.as_text(value)
}

# Parts and what they make, with commas between them.
_joined := {
	"known": [["a", 1], "a,1"],
	"known in part": [
		["a", _name],
		{hole.name: {"text": "a,STACK", "what": ["the stack's name"], "widest": "a,*"}},
	],
	"nothing": [[], ""],
}

test_joined[name] if {
	some name, [parts, whole] in _joined
	hole.joined(parts, ",") == whole
}

test_what_is_no_text_joins_nothing if {
	not hole.joined(["a", _list], "")
}

test_holes[name] if {
	some name, [value, is_hole] in {"a hole": [_name, true], "a text": ["a", false], "an object": [{"a": 1}, false]}
	hole.is_hole(value) == is_hole
}

test_what_is_missing_in_a_value if {
	hole.within({"a": [_name, {"b": _list}], "c": 1}) == {"the parameter Names", "the stack's name"}
}

test_filled if {
	hole.filled({"a": [_name, "x"], "b/c": _list, "d": _name}) == {
		"holes": {
			"/a/0": {"what": ["the stack's name"], "widest": "*"},
			"/b~1c": {"what": ["the parameter Names"], "widest": null},
			"/d": {"what": ["the stack's name"], "widest": "*"},
		},
		"value": {"a": ["STACK", "x"], "b/c": null, "d": "STACK"},
	}
}

test_what_is_of_the_stack_is_not_from_outside if {
	hole.of_stack & hole.missing(_name) == {"the stack's name"}
	hole.of_stack & hole.missing(_list) == set()
}
