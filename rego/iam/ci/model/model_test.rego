package iam.ci.model_test

import data.iam.ci.model

test_finding_has_every_member if {
	place := {"address": "a", "file": "f", "path": "/p", "policy": "q", "sid": "S"}
	model.finding("c", "R", "undecided", place, "m", "n") == {
		"address": "a",
		"check": "c",
		"file": "f",
		"mend": "n",
		"message": "m",
		"path": "/p",
		"policy": "q",
		"rule": "R",
		"severity": "error",
		"sid": "S",
		"verdict": "undecided",
	}
	model.finding("c", "R", "warn", {}, "m", "").severity == "warning"
	model.finding("c", "R", "deny", {}, "m", "").address == ""
}

test_text_is_parsed if {
	model.parsed(`{"a": 1}`) == {"value": {"a": 1}}
	model.parsed(`{"a": `) == {"fault": "the text is no JSON"}
}

test_sid_of_a_place[note] if {
	some note, tc in {
		"in a list": {"path": "/Statement/1/Action", "statements": [{}, {"Sid": "B"}], "sid": "B"},
		"alone": {"path": "/Statement/Action", "statements": {"Sid": "A"}, "sid": "A"},
		"none": {"path": "/Statement/0", "statements": [{}], "sid": ""},
		"no text": {"path": "/Statement/0", "statements": [{"Sid": 1}], "sid": ""},
		"elsewhere": {"path": "/Version", "statements": [], "sid": ""},
	}
	model.sid({"sensitive": false, "value": {"Statement": tc.statements}}, tc.path) == tc.sid
}

test_sid_of_a_sensitive_policy_is_not_shown if {
	model.sid({"sensitive": true, "value": {"Statement": [{"Sid": "A"}]}}, "/Statement/0") == ""
}
