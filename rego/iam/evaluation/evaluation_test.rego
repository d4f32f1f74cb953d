package iam.evaluation_test

import data.iam.evaluation

_user := "arn:aws:iam::111122223333:user/ana"

_queue := "arn:aws:sqs:eu-west-1:111122223333:jobs-7"

_statement(effect, action, resource) := {"Effect": effect, "Action": action, "Resource": resource}

_decision(request, statements) := result if {
	given := object.union({"principal": _user, "action": "sqs:SendMessage", "resource": _queue}, request)
	documents := {"policies": {"identity": [{"Statement": statement} | some statement in statements]}}
	result := evaluation.decision with input as object.union(given, documents)
}

# L.4, 1
test_allow_of_any_policy_allows if {
	granting := _statement("Allow", "sqs:*", "arn:aws:sqs:eu-west-1:111122223333:jobs-*")
	_decision({}, [granting]) == "allowed"
	_decision({}, [_statement("Allow", "s3:*", "*"), granting]) == "allowed"
	evaluation.allow with input as {
		"principal": _user,
		"action": "sqs:SendMessage",
		"resource": _queue,
		"policies": {"identity": [{"Statement": granting}]},
	}
}

# EVAL-1
test_default_is_deny if {
	_decision({}, []) == "implicitDeny"
	_decision({}, [_statement("Allow", "sqs:ReceiveMessage", "*")]) == "implicitDeny"
	evaluation.allow == false with input as {"principal": _user, "action": "sqs:SendMessage", "resource": _queue}
}

# EVAL-1
test_deny_of_any_policy_is_final if {
	allowing := _statement("Allow", "*", "*")
	denying := _statement("Deny", "sqs:Send*", "*")
	_decision({}, [denying, allowing]) == "explicitDeny"
	_decision({}, [allowing, denying]) == "explicitDeny"
	_decision({}, [[allowing, denying]]) == "explicitDeny"
	_decision({}, [denying]) == "explicitDeny"
	_decision({}, [allowing, _statement("Deny", "s3:*", "*")]) == "allowed"
}

# ACT-11: what a NotAction lists is neither denied nor allowed by it.
test_deny_with_notaction_denies_the_rest if {
	denying := {"Effect": "Deny", "NotAction": "sqs:*", "Resource": "*"}
	_decision({}, [_statement("Allow", "*", "*"), denying]) == "allowed"
	_decision({}, [denying]) == "implicitDeny"
	_decision({"action": "sns:Publish"}, [_statement("Allow", "*", "*"), denying]) == "explicitDeny"
}

# COND-MISS-3
test_deny_with_a_negated_operator_hits_who_lacks_the_key if {
	denying := object.union(
		_statement("Deny", "*", "*"),
		{"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "red"}}},
	)
	_decision({}, [_statement("Allow", "*", "*"), denying]) == "explicitDeny"
	tagged := {"principal": {"arn": _user, "tags": {"Team": "red"}}}
	_decision(tagged, [_statement("Allow", "*", "*"), denying]) == "allowed"
}

# EVAL-8: neither an Allow nor a Deny counts in a request with errors.
test_errors_deny[note] if {
	allowing := {"Statement": _statement("Allow", "*", "*")}
	denying := {"Statement": _statement("Deny", "*", "*")}
	some note, tc in {
		"of the request": {
			"request": {"principal": _user, "action": "s3:*", "policies": {"identity": [allowing, denying]}},
			"codes": {"INVALID_ACTION"},
		},
		"of a policy": {
			"request": {"principal": _user, "action": "s3:Get", "policies": {"identity": [allowing, denying, {}]}},
			"codes": {"MISSING_STATEMENT"},
		},
		"of the request before those of a policy": {
			"request": {"principal": _user, "action": "s3:*", "policies": {"identity": [{}]}},
			"codes": {"INVALID_ACTION"},
		},
		"no request": {"request": null, "codes": {"INVALID_REQUEST"}},
	}
	[evaluation.allow, evaluation.decision] == [false, "implicitDeny"] with input as tc.request
	errors := evaluation.errors with input as tc.request
	{error.code | some error in errors} == tc.codes
}

# SAME-2, SAME-4, SESS-4, ROOT-1, ROOT-2: who is allowed what, by an Allow of everything where it can be attached.
test_grants_by_caller[note] if {
	everything := [_statement("Allow", "*", "*")]
	some note, tc in {
		"a role": {"request": {"principal": "arn:aws:iam::111122223333:role/r"}, "statements": everything, "is": "allowed"},
		"a role session": {
			"request": {"principal": "arn:aws:sts::111122223333:assumed-role/r/s"},
			"statements": everything,
			"is": "allowed",
		},
		"a federated session without session policy": {
			"request": {"principal": "arn:aws:sts::111122223333:federated-user/f"},
			"statements": everything,
			"is": "implicitDeny",
		},
		"a federated session denied": {
			"request": {"principal": "arn:aws:sts::111122223333:federated-user/f"},
			"statements": [_statement("Deny", "*", "*")],
			"is": "explicitDeny",
		},
		"root": {"request": {"principal": "arn:aws:iam::111122223333:root"}, "statements": [], "is": "allowed"},
		"root of another account": {
			"request": {"principal": "arn:aws:iam::444455556666:root"},
			"statements": [],
			"is": "implicitDeny",
		},
		"root about a key": {
			"request": {
				"principal": "arn:aws:iam::111122223333:root",
				"action": "kms:Decrypt",
				"resource": "arn:aws:kms:us-east-1:111122223333:key/1",
			},
			"statements": [],
			"is": "implicitDeny",
		},
		"root about a trust policy": {
			"request": {
				"principal": "arn:aws:iam::111122223333:root",
				"action": "sts:AssumeRole",
				"resource": "arn:aws:iam::111122223333:role/r",
			},
			"statements": [],
			"is": "implicitDeny",
		},
		"a service": {"request": {"principal": "sns.amazonaws.com"}, "statements": [], "is": "implicitDeny"},
		"anonymous": {"request": {"principal": "*"}, "statements": [], "is": "implicitDeny"},
		"anonymous, about everything": {
			"request": {"principal": "*", "resource": "*"},
			"statements": [],
			"is": "implicitDeny",
		},
	}
	_decision(tc.request, tc.statements) == tc.is
}

# XACC-5, XACC-8, S3-6, KMS-1, KMS-5: identity policies grant within the caller's account, and no keys.
test_grants_by_resource[note] if {
	some note, tc in {
		"the caller's account": {"request": {}, "is": "allowed"},
		"another account": {"request": {"resource": "arn:aws:sqs:eu-west-1:444455556666:q"}, "is": "implicitDeny"},
		"no account": {"request": {"resource": "arn:aws:s3:::b"}, "is": "allowed"},
		"no account, another owner": {
			"request": {"resource": "arn:aws:s3:::b", "resource_account": "444455556666"},
			"is": "implicitDeny",
		},
		"no account, the caller its owner": {
			"request": {"resource": "arn:aws:s3:::b", "resource_account": "111122223333"},
			"is": "allowed",
		},
		"AWS's own": {
			"request": {"resource": "arn:aws:iam::aws:policy/AdministratorAccess", "action": "iam:GetPolicy"},
			"is": "allowed",
		},
		"another partition": {"request": {"resource": "arn:aws-cn:s3:::b"}, "is": "implicitDeny"},
		"the partition in another case": {"request": {"resource": "arn:AWS:s3:::b"}, "is": "allowed"},
		"everything": {"request": {"resource": "*"}, "is": "allowed"},
		"everything of another account": {
			"request": {"resource": "*", "resource_account": "444455556666"},
			"is": "implicitDeny",
		},
		"a key": {
			"request": {"action": "kms:Decrypt", "resource": "arn:aws:kms:us-east-1:111122223333:key/1"},
			"is": "implicitDeny",
		},
		"an alias": {
			"request": {"action": "kms:CreateAlias", "resource": "arn:aws:kms:us-east-1:111122223333:alias/a"},
			"is": "allowed",
		},
		"all keys": {"request": {"action": "kms:ListKeys", "resource": "*"}, "is": "allowed"},
	}
	_decision(tc.request, [_statement("Allow", "*", "*")]) == tc.is
}

test_deny_reaches_where_nothing_is_granted[resource] if {
	some resource in [
		"arn:aws:sqs:eu-west-1:444455556666:q",
		"arn:aws:kms:us-east-1:111122223333:key/1",
		"arn:aws-cn:s3:::b",
	]
	_decision({"action": "kms:Decrypt", "resource": resource}, [_statement("Deny", "*", "*")]) == "explicitDeny"
}
