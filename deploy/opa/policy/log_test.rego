package system.log_test

import data.system.log

_request := {
	"principal": {"arn": "arn:aws:iam::111122223333:user/ana", "mfa": true, "tags": {"team": "SECRET"}, "note": "SECRET"},
	"action": "s3:GetObject",
	"resource": "arn:aws:s3:::b/k",
	"context": {
		"aws:RequestTag/cost centre": "SECRET",
		"AWS:SecureTransport": true,
		"sts:ExternalId": ["SECRET"],
		"aws:UserAgent": "SECRET",
	},
	"policies": {"identity": ["SECRET"]},
	"odd": "SECRET",
}

_shown_request := {
	"principal": {"arn": "arn:aws:iam::111122223333:user/ana", "mfa": true},
	"action": "s3:GetObject",
	"resource": "arn:aws:s3:::b/k",
	"context": {
		"aws:RequestTag/cost centre": "***",
		"AWS:SecureTransport": true,
		"sts:ExternalId": "***",
		"aws:UserAgent": "***",
	},
	"policies": "***",
}

_decision := {
	"allow": false,
	"decision": "implicitDeny",
	"revision": "r",
	"matched_statements": [],
	"errors": [{"code": "INVALID_REQUEST", "path": "/context", "message": "SECRET"}],
	"warnings": [],
	"near_misses": [{
		"effect": "Allow",
		"index": 1,
		"policy": "p",
		"policy_type": "identity",
		"sid": null,
		"failed": [{
			"element": "Condition",
			"given": "SECRET",
			"resolved": ["SECRET"],
			"key": "k",
			"operator": "StringEquals",
			"reason": "no_value_matches",
			"wanted": ["${aws:PrincipalTag/team}"],
		}],
	}],
	"assumed_conditions": {"k": "SECRET"},
	"requirement": "SECRET",
}

_shown_decision := {
	"allow": false,
	"decision": "implicitDeny",
	"revision": "r",
	"matched_statements": [],
	"errors": [{"code": "INVALID_REQUEST", "path": "/context"}],
	"warnings": [],
	"near_misses": [{
		"effect": "Allow",
		"index": 1,
		"policy": "p",
		"policy_type": "identity",
		"sid": null,
		"failed": [{"element": "Condition", "key": "k", "operator": "StringEquals", "reason": "no_value_matches"}],
	}],
}

_masked(asked, answered) := {
	{"op": "upsert", "path": "/input", "value": asked},
	{"op": "upsert", "path": "/result", "value": answered},
}

test_what_is_logged[note] if {
	some note, [event, asked, answered] in {
		"a decision": [{"input": _request, "result": _decision}, _shown_request, _shown_decision],
		"an answer": [{"input": _request, "result": true}, _shown_request, true],
		"a batch": [
			{"input": {"requests": [_request, "SECRET"]}, "result": [_decision, false]},
			{"requests": [_shown_request, "***"]},
			[_shown_decision, false],
		],
		"what is no request": [{"input": "SECRET", "result": "SECRET"}, "***", "***"],
		"a list": [{"input": ["SECRET"], "result": ["SECRET"]}, "***", ["***"]],
		"odd members": [
			{"input": {"principal": ["SECRET"], "context": "SECRET", "policies": null}, "result": {"errors": ["SECRET"]}},
			{"principal": "***", "context": "***", "policies": "***"},
			{"errors": [{}]},
		],
		"a principal that is a text": [{"input": {"principal": "*"}, "result": true}, {"principal": "*"}, true],
		"nothing": [{}, "***", "***"],
	}
	log.mask == _masked(asked, answered) with input as object.union({"path": "iam/authz/decision"}, event)
}

test_what_is_no_decision_is_not_told if {
	removed := {{"op": "remove", "path": path} | some path in ["/input", "/result", "/nd_builtin_cache"]}
	some event in [{"path": "iam/index", "input": "SECRET", "result": "SECRET"}, {"input": "SECRET"}]
	log.mask == removed with input as event
}

test_nothing_secret_is_told if {
	event := {"path": "iam/authz/batch", "input": {"requests": [_request]}, "result": [_decision]}
	masked := log.mask with input as event
	not contains(json.marshal(masked), "SECRET")
}
