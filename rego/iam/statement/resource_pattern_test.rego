package iam.statement_test

import data.iam.document
import data.iam.statement

_of(effect, element, entries) := document.lowered(
	{"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": "*", element: entries}},
	"identity",
).statements[0]

# Whether each of Allow and Deny, with Resource and with NotResource, matches.
_four(entries) := [statement.matches_resource(_of(effect, element, entries)) |
	some element in ["Resource", "NotResource"]
	some effect in ["Allow", "Deny"]
]

# RES-13, RES-20, RES-22, RES-40, RES-41
test_request_about_a_pattern[note] if {
	some note, tc in {
		"equal": {"entries": "arn:aws:s3:::b/x*", "four": [true, true, false, false]},
		"superset": {"entries": "arn:aws:s3:::b/*", "four": [true, true, false, false]},
		"superset in another segment": {"entries": "arn:*:s3:*:*:b/*", "four": [true, true, false, false]},
		"subset": {"entries": "arn:aws:s3:::b/xy*", "four": [true, false, true, false]},
		"one of them": {"entries": "arn:aws:s3:::b/xy", "four": [true, false, true, false]},
		"overlap": {"entries": "arn:aws:s3:::b/*y", "four": [true, false, true, false]},
		"none": {"entries": "arn:aws:s3:::b/y*", "four": [false, false, true, true]},
		"none by one segment": {"entries": "arn:aws-cn:s3:::b/*", "four": [false, false, true, true]},
		"several": {"entries": ["arn:aws:s3:::c", "arn:aws:s3:::b/xy"], "four": [true, false, true, false]},
		"everything": {"entries": "*", "four": [true, true, false, false]},
		"nothing": {"entries": [], "four": [false, false, true, true]},
		"no ARN": {"entries": "b", "four": [false, false, false, false]},
		"a short ARN": {"entries": "arn:aws:s3", "four": [true, true, false, false]},
		"a resolved variable": {"entries": "arn:aws:s3:::b/x${aws:username}", "four": [true, false, true, false]},
		"an asterisk of a variable": {"entries": "arn:aws:s3:::b/${tag}", "four": [false, false, true, true]},
		"an unresolvable variable": {"entries": "arn:aws:s3:::b/${nope}", "four": [false, false, false, false]},
		"a malformed variable": {"entries": "arn:aws:s3:::b/${}", "four": [false, false, false, false]},
		"a variable out of place": {"entries": "arn:aws:s3:${aws:RequestedRegion}::b", "four": [false, false, true, true]},
	}
	_four(tc.entries) == tc.four with input as _request("s3:GetObject", "arn:aws:s3:::b/x*")
}

# RES-6, OPEN-2
test_type_word_of_a_pattern[note] if {
	some note, tc in {
		"literal": {"entry": "arn:aws:iam::1:u*/a", "settings": {}, "matches": false},
		"switched": {"entry": "arn:aws:iam::1:u*/a", "settings": {"glob_resource_type": true}, "matches": true},
		"asterisks": {"entry": "arn:aws:iam::1:*/a", "settings": {}, "matches": true},
	}
	request := object.union(_request("iam:GetUser", "arn:aws:iam::1:user/*"), {"settings": tc.settings})
	statement.matches_resource(_of("Allow", "Resource", tc.entry)) == tc.matches with input as request
}

# RES-6, OPEN-2
test_switch_lets_wildcards_in_type_words_count[note] if {
	some note, [entry, by_default, switched] in {
		"a wildcard": ["arn:aws:iam::1:u*/ana", false, true],
		"a variable": ["arn:aws:iam::1:us${letters}/ana", false, true],
		"another name": ["arn:aws:iam::1:u*/bob", false, false],
		"asterisks": ["arn:aws:iam::1:*/ana", true, true],
	}
	request := object.union(_request("iam:GetUser", "arn:aws:iam::1:user/ana"), {"context": {"letters": "er"}})
	compiled := _of("Allow", "Resource", entry)
	statement.matches_resource(compiled) == by_default with input as request
	on := object.union(request, {"settings": {"glob_resource_type": true}})
	statement.matches_resource(compiled) == switched with input as on
}

# RES-30, RES-31, RES-42
test_everything_for_an_action_that_supports_resources[note] if {
	some note, tc in {
		"specific": {"entries": "arn:aws:s3:::b/*", "supports": true, "four": [true, false, true, false]},
		"everything": {"entries": "*", "supports": true, "four": [true, true, false, false]},
		"no ARN": {"entries": "b", "supports": true, "four": [false, false, false, false]},
		"specific, without support": {"entries": "arn:aws:s3:::b/*", "supports": false, "four": [false, false, true, true]},
	}
	_four(tc.entries) == tc.four with input as _request("s3:GetObject", "*")
		with data.iam.catalogue.supports_resources as tc.supports
}

# RES-43
test_patterns_to_decide_one_by_one[note] if {
	some note, tc in {
		"subset, overlap, none": {
			"element": "Resource",
			"entries": ["arn:aws:s3:::b/x?", "arn:aws:s3:*:*:b/*y", "arn:aws:s3:::c"],
			"found": {"arn:aws:s3:::b/x?", "arn:aws:s3:*:*:b/*y"},
		},
		"superset": {
			"element": "Resource",
			"entries": ["arn:aws:s3:::b/*", "arn:aws:s3:::b/xy"],
			"found": {"arn:aws:s3:::b/x*"},
		},
		"everything": {"element": "Resource", "entries": "*", "found": {"arn:aws:s3:::b/x*"}},
		"a variable": {
			"element": "Resource",
			"entries": ["arn:aws:s3:::b/x/${aws:username}", "arn:aws:s3:::b/x${tag}"],
			"found": {"arn:aws:s3:::b/x/ana"},
		},
		"NotResource": {"element": "NotResource", "entries": "arn:aws:s3:::b/xy", "found": {"arn:aws:s3:::b/x*"}},
		"NotResource of more": {"element": "NotResource", "entries": "arn:aws:s3:::b/*", "found": set()},
	}
	compiled := _of("Allow", tc.element, tc.entries)
	statement.overlapping_patterns(compiled) == tc.found with input as _request("s3:GetObject", "arn:aws:s3:::b/x*")
}

test_no_pattern_asked_is_none_to_decide if {
	compiled := _of("Allow", "Resource", ["*", "arn:aws:s3:::b"])
	statement.overlapping_patterns(compiled) == set() with input as _request("s3:GetObject", "arn:aws:s3:::b")
}
