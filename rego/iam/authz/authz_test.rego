package iam.authz_test

import data.iam.authz
import data.iam.document

_user := "arn:aws:iam::111122223333:user/ana"

_policy := "arn:aws:iam::111122223333:policy/Own"

_compiled(statements) := {_policy: document.indexed(document.lowered(
	{"Version": "2012-10-17", "Statement": statements},
	"identity",
).statements)}

_account := {"principals": {_user: {"policies": [_policy]}}}

_own := {"Sid": "Own", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/*"}

test_decision_with_its_reasons if {
	authz.decision == {
		"allow": true,
		"assumed_conditions": {},
		"blocked_by": [],
		"decision": "allowed",
		"errors": [],
		"foreign_context_keys": [],
		"implicit_denies": [],
		"matched_statements": [{
			"effect": "Allow",
			"index": 1,
			"policy": _policy,
			"policy_type": "identity",
			"sid": "Own",
		}],
		"missing_context_keys": [],
		"missing_inputs": [{"assumed": "the caller's account", "input": "resource_account"}],
		"near_misses": [],
		"not_checked": ["action", "context_keys", "resource_type"],
		"requirement": null,
		"revision": "7",
		"verdicts": {
			"identity": "allowed",
			"permissions_boundary": "notApplicable",
			"resource": "notApplicable",
			"resource_control": "notApplicable",
			"service_control": "notApplicable",
			"session": "notApplicable",
			"vpc_endpoint": "notApplicable",
		},
		"warnings": [],
	} with input as {"principal": _user, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/ana/k"}
		with data.iam.policies as _compiled([_own])
		with data.iam.account as _account
		with data.iam.bundle as {"revision": "7"}
}

test_decision_of_a_request_in_error if {
	authz.decision == {
		"allow": false,
		"assumed_conditions": {},
		"blocked_by": [],
		"decision": "implicitDeny",
		"errors": [
			{"code": "MISSING_MEMBER", "message": "the request lacks 'action'", "path": "/action"},
			{"code": "MISSING_MEMBER", "message": "the request lacks 'principal'", "path": "/principal"},
		],
		"foreign_context_keys": [],
		"implicit_denies": [],
		"matched_statements": [],
		"missing_context_keys": [],
		"missing_inputs": [],
		"near_misses": [],
		"not_checked": ["action", "context_keys", "resource_type"],
		"requirement": null,
		"revision": "",
		"verdicts": {},
		"warnings": [],
	} with input as {}
}

test_denials_are_explained if {
	given := {"principal": _user, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/bob/k"}
	decision := authz.decision with input as given
		with data.iam.policies as _compiled([_own])
		with data.iam.account as _account
	[decision.allow, decision.decision, count(decision.near_misses)] == [false, "implicitDeny", 1]
}

# EVAL-8: for whatever is asked there is an answer, and `allow` is the decision's.
test_both_are_defined_for_malformed_requests[note] if {
	some note, given in {
		"null": null,
		"false": false,
		"a text": "x",
		"a list": [[]],
		"an empty object": {},
		"false for everything": {
			"principal": false,
			"action": false,
			"resource": false,
			"resource_account": false,
			"context": false,
			"policies": false,
			"as_of": false,
			"mode": false,
			"known": false,
			"settings": false,
		},
		"null for everything": {
			"principal": null,
			"action": null,
			"resource": null,
			"resource_account": null,
			"context": null,
			"policies": null,
			"as_of": null,
			"mode": null,
			"known": null,
			"settings": null,
		},
		"lists for everything": {
			"principal": [_user],
			"action": ["s3:Get"],
			"resource": ["*"],
			"context": [1],
			"policies": [{}],
			"settings": [true],
		},
		"false in a principal": {
			"principal": {
				"arn": "arn:aws:sts::111122223333:assumed-role/r/s",
				"federating_user_arn": false,
				"organization": false,
				"role_arn": false,
				"service_linked": true,
				"session_tags": false,
				"tags": false,
				"unique_id": false,
			},
			"action": "s3:Get",
		},
		"names that differ by case": {
			"principal": {"arn": _user, "tags": {"A": "x", "a": "y"}},
			"action": "s3:Get",
			"context": {"K": "x", "k": "y"},
			"policies": {"identity": [{"Statement": {
				"Effect": "Allow",
				"Action": "*",
				"Resource": "*",
				"Condition": {"StringEquals": {"aws:PrincipalTag/a": "x", "k": "x"}},
			}}]},
		},
		"identity of odd types": {
			"principal": _user,
			"action": "s3:Get",
			"policies": {"identity": [null, false, 1, "", [], {}, {"Statement": [null, false, [[]], {"Effect": null}]}]},
		},
		"identity that is false": {"principal": _user, "action": "s3:Get", "policies": {"identity": false}},
	}
	decision := authz.decision with input as given with data.iam.index as {"roles": {"aws/111122223333/r": "x"}}
	[decision.allow, decision.decision] == [false, "implicitDeny"]
	count(decision.errors) > 0
	authz.allow == false with input as given with data.iam.index as {"roles": {"aws/111122223333/r": "x"}}
}

test_both_are_defined_without_input if {
	authz.allow == false
	[error.code | some error in authz.decision.errors] == ["INVALID_REQUEST"]
}

# A pass over those that speak of the action.
test_hundreds_of_statements_stay_fast if {
	others := document.indexed([object.union(document.lowered({"Statement": [_own]}, "identity").statements[0], members) |
		some n in numbers.range(2, 500)
		members := {
			"action": {"every": false, "exact": {}, "negated": false, "pattern": $"(?s)^(?:s3:put{n}.*)$", "written": [$"s3:put{n}*"]},
			"effect": "Deny",
			"index": n,
		}
	])
	authz.allow with input as {"principal": _user, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/ana/k"}
		with data.iam.policies as object.union(_compiled([_own]), {"arn:aws:iam::aws:policy/Long": others})
		with data.iam.account as {"principals": {_user: {"policies": [_policy, "arn:aws:iam::aws:policy/Long"]}}}
}

test_batch_decides_in_order if {
	request := {"principal": _user, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/ana/k"}
	other := object.union(request, {"action": "s3:*"})
	decisions := authz.batch with input as {"requests": [request, other, null]}
		with data.iam.policies as _compiled([_own])
		with data.iam.account as _account
	[decision.decision | some decision in decisions] == ["allowed", "implicitDeny", "implicitDeny"]
	[count(decision.errors) | some decision in decisions] == [0, 1, 1]
}

# EVAL-8
test_batch_of_anything_else_is_one_malformed_request[note] if {
	some note, given in {"null": null, "a text": "x", "an object": {}, "a text for requests": {"requests": "x"}}
	[decision] := authz.batch with input as given
	[decision.allow, count(decision.errors) > 0] == [false, true]
}

test_batch_without_requests_is_empty if {
	authz.batch == [] with input as {"requests": []}
}

test_batch_of_nothing_is_one_malformed_request if {
	[decision] := authz.batch
	decision.allow == false
}
