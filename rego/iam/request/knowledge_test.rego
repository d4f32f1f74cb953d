package iam.request_test

import data.iam.request

_long := concat("", ["a" | some _ in numbers.range(1, 257)])

# DISC-1
test_mode_and_knowledge_are_checked[note] if {
	some note, tc in {
		"no knowledge": {"members": {"mode": "discovery"}, "found": set()},
		"the ordinary mode": {"members": {"mode": "strict", "known": {}}, "found": set()},
		"another mode": {"members": {"mode": "Strict"}, "found": {["INVALID_MODE", "/mode"]}},
		"a mode that is no text": {"members": {"mode": null}, "found": {["INVALID_TYPE", "/mode"]}},
		"knowledge without a mode": {"members": {"known": {"k": "value"}}, "found": {["UNEXPECTED_KNOWLEDGE", "/known"]}},
		"knowledge in the ordinary mode": {
			"members": {"mode": "strict", "known": {"k": "value"}},
			"found": {["UNEXPECTED_KNOWLEDGE", "/known"]},
		},
		"knowledge that is a list": {
			"members": {"mode": "discovery", "known": ["k"]},
			"found": {["INVALID_TYPE", "/known"]},
		},
		"all that may be known": {
			"members": {"mode": "discovery", "known": {"k": "value", "l": "presence", "/^m/": "nothing"}},
			"found": set(),
		},
		"something else": {
			"members": {"mode": "discovery", "known": {"a/b": "Value", "c": null}},
			"found": {["INVALID_KNOWLEDGE", "/known/a~1b"], ["INVALID_KNOWLEDGE", "/known/c"]},
		},
		"a broken pattern": {
			"members": {"mode": "discovery", "known": {"/(/": "value"}},
			"found": {["INVALID_PATTERN", "/known/~1(~1"]},
		},
		"what only looks broken": {"members": {"mode": "discovery", "known": {"/(": "value", "(/": "value"}}, "found": set()},
		"a long one": {
			"members": {"mode": "discovery", "known": {_long: "value"}},
			"found": {["TOO_LONG", $"/known/{_long}"]},
		},
		"one as long as may be": {
			"members": {"mode": "discovery", "known": {substring(_long, 1, -1): "value"}},
			"found": set(),
		},
	}
	_found(_with(tc.members)) == tc.found
}

# DISC-1
test_what_is_known_of_a_key[note] if {
	some note, tc in {
		"nobody says": {"entries": {"l": "value", "aws:ResourceTag/teams": "value"}, "found": set()},
		"its name, in any case": {"entries": {"AWS:resourcetag/TEAM": "presence"}, "found": {"presence"}},
		"a pattern": {"entries": {`/^aws:ResourceTag\/.*/`: "nothing"}, "found": {"nothing"}},
		"a pattern of a part": {"entries": {"/TAG/": "value"}, "found": {"value"}},
		"a pattern of others": {"entries": {"/^tag/": "value"}, "found": set()},
		"several": {
			"entries": {"/^aws:/": "nothing", "aws:ResourceTag/team": "presence", "aws:resourcetag/team": "value"},
			"found": {"nothing", "presence", "value"},
		},
	}
	given := _with({"mode": "discovery", "known": tc.entries})
	request.known("aws:resourcetag/team") == tc.found with input as given
}
