package iam.explanation_test

import data.iam.explanation

_user := "arn:aws:iam::111122223333:user/ana"

_request(statements, context) := {
	"principal": _user,
	"action": "s3:GetObject",
	"resource": "arn:aws:s3:::b/k",
	"context": context,
	"policies": {"identity": [{"Version": "2012-10-17", "Statement": statements}]},
}

_allow(members) := object.union({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}, members)

_deny(members) := object.union(_allow(members), {"Effect": "Deny"})

# EVAL-3, GRAM-16
test_statements_that_apply_are_listed_denials_first if {
	statements := [_allow({"Sid": "Reads"}), _allow({"Action": "iam:*"}), _deny({}), _allow({})]
	explanation.matched_statements == [
		{"effect": "Deny", "index": 3, "policy": "identity[0]", "policy_type": "identity", "sid": null},
		{"effect": "Allow", "index": 1, "policy": "identity[0]", "policy_type": "identity", "sid": "Reads"},
		{"effect": "Allow", "index": 4, "policy": "identity[0]", "policy_type": "identity", "sid": null},
	] with input as _request(statements, {})
}

# EXP-2, EXP-3
test_near_misses_tell_what_fails if {
	statements := [
		_allow({"Sid": "Applies"}),
		_allow({"Action": "iam:*", "Resource": "arn:aws:s3:::c"}),
		_deny({
			"Sid": "Elsewhere",
			"Resource": "arn:aws:s3:::c",
			"Condition": {"StringEquals": {"aws:UserName": "ana", "Team": ["red", 1]}, "Null": {"team": true}},
		}),
		object.remove(_allow({"NotResource": "*", "Condition": {"Bool": {"nope": true}}}), ["Resource"]),
	]
	explanation.near_misses == [
		{
			"effect": "Deny",
			"failed": [
				{
					"element": "Resource",
					"entries": [{"entry": "arn:aws:s3:::c", "reason": "id_mismatch"}],
					"given": "arn:aws:s3:::b/k",
					"wanted": ["arn:aws:s3:::c"],
				},
				{"element": "Condition", "given": "blue", "key": "team", "operator": "Null", "reason": "key_present", "wanted": ["true"]},
				{
					"element": "Condition",
					"given": "blue",
					"key": "Team",
					"operator": "StringEquals",
					"reason": "no_value_matches",
					"wanted": ["red", "1"],
				},
			],
			"index": 3,
			"policy": "identity[0]",
			"policy_type": "identity",
			"sid": "Elsewhere",
		},
		{
			"effect": "Allow",
			"failed": [
				{
					"element": "NotResource",
					"entries": [{"entry": "*", "reason": "matches"}],
					"given": "arn:aws:s3:::b/k",
					"wanted": ["*"],
				},
				{"element": "Condition", "given": null, "key": "nope", "operator": "Bool", "reason": "key_missing", "wanted": ["true"]},
			],
			"index": 4,
			"policy": "identity[0]",
			"policy_type": "identity",
			"sid": null,
		},
	] with input as _request(statements, {"TEAM": "blue"})
}

# SIM-3
test_missing_keys[note] if {
	some note, tc in {
		"of a condition, as it is spelt": {
			"statement": _allow({"Condition": {"StringNotEquals": {"aws:PrincipalTag/Team": "x"}}}),
			"missing": ["aws:PrincipalTag/Team"],
		},
		"in two spellings": {
			"statement": _allow({"Condition": {"StringEquals": {"Team": "x"}, "Null": {"team": true}}}),
			"missing": ["Team"],
		},
		"of a variable": {
			"statement": _allow({"Condition": {"StringEquals": {"given": "${Team}${aws:username}"}}}),
			"missing": ["Team"],
		},
		"of a resource's variable": {
			"statement": _allow({"Resource": "arn:aws:s3:::b/${Team}"}),
			"missing": ["Team"],
		},
		"of a resource's variable with default": {
			"statement": _allow({"Resource": "arn:aws:s3:::b/${Team, 'k'}"}),
			"missing": ["Team"],
		},
		"given": {"statement": _allow({"Condition": {"StringEquals": {"GIVEN": "x"}}}), "missing": []},
		"derived": {"statement": _allow({"Condition": {"StringEquals": {"aws:username": "x"}}}), "missing": []},
		"of another action": {
			"statement": _allow({"Action": "iam:*", "Condition": {"StringEquals": {"Team": "x"}}}),
			"missing": [],
		},
		"of another resource": {
			"statement": _allow({"Resource": "arn:aws:s3:::c", "Condition": {"StringEquals": {"Team": "x"}}}),
			"missing": [],
		},
		"of a resource that needs a key": {
			"statement": _allow({"Resource": "arn:aws:s3:::${Owner}", "Condition": {"StringEquals": {"Team": "x"}}}),
			"missing": ["Owner", "Team"],
		},
	}
	missing := explanation.missing_context_keys with input as _request(tc.statement, {"given": "x"})
	sort(missing) == tc.missing
}

# EVAL-8
test_request_in_error_explains_nothing if {
	given := object.union(_request([_allow({}), _deny({"Resource": "arn:aws:s3:::c"})], {}), {"action": "s3:*"})
	explained := [explanation.matched_statements, explanation.near_misses, explanation.missing_context_keys] with input as given
	explained == [[], [], []]
}

test_warnings_are_of_policies_and_protections if {
	warnings := explanation.warnings with input as object.union(_request([_allow({"Resource": "x"})], {}), {
		"action": "iam:TagPolicy",
		"resource": "arn:aws:iam::aws:policy/Y",
	})
	[[warning.code, warning.path] | some warning in warnings] == [
		["INVALID_ARN_PREFIX", "/policies/identity/0/Statement/0/Resource"],
		["PROTECTED_BY_AWS", "/resource"],
	]
}

# COND-BOOL-1
test_an_odd_boolean_is_a_warning if {
	statements := [
		_allow({"Condition": {"BoolIfExists": {"s3:Odd/x": true, "s3:No": true, "s3:Yes": "false", "s3:Missing": true}}}),
		_allow({"Action": "iam:*", "Condition": {"Bool": {"s3:Elsewhere": true}}}),
	]
	context := {"s3:odd/x": "1", "s3:no": "FALSE", "s3:yes": true, "s3:elsewhere": "x"}
	explanation.warnings == [{
		"code": "NOT_A_BOOLEAN",
		"message": "'1' is neither true nor false and counts as false (COND-BOOL-1)",
		"path": "/context/s3:Odd~1x",
	}] with input as _request(statements, context)
}
