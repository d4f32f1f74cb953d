package iam.lookup_test

import data.iam.lookup

# A decision is told, and as the long way tells it.
_is_told(request) if {
	result := _asked(request)
	count(result.told) == 1
	result.told == result.explained
}

_queue := $"arn:aws:sqs:eu-west-1:{_account}:jobs"

_topic := $"arn:aws:sns:eu-west-1:{_account}:news"

_key := $"arn:aws:kms:eu-west-1:{_account}:key/k"

# EXP-1 to EXP-7
test_statements_that_fail_are_told[note] if {
	some note, given in {
		"a resource": {"action": "s3:PutObject", "resource": "arn:aws:s3:::b/kk"},
		"of another type": {"principal": _teller, "action": "kms:Decrypt", "resource": $"arn:aws:kms:eu-west-1:{_account}:alias/a"},
		"of another service": {"principal": _writer, "action": "sns:Publish", "resource": _queue},
		"an exception": {"action": "dynamodb:GetItem", "resource": $"arn:aws:dynamodb:eu-west-1:{_account}:table/closed"},
	}
	_is_told(_plain(given))
}

# EXP-2, OPEN-3, SIM-3
test_statements_that_fail_are_told_2[note] if {
	some note, given in {
		"a Deny that can't be decided": {"principal": _teller, "resource": "arn:aws:s3:::b/k"},
		"a Deny that excepts the resource": {"principal": _teller, "resource": "arn:aws:s3:::c/k"},
		"a variable without a value": {"principal": _teller, "action": "s3:DeleteObject", "context": {"aws:SecureTransport": false}},
		"and another resource": {"principal": _teller, "action": "s3:DeleteObject", "resource": "arn:aws:s3:::c/k"},
	}
	_is_told(_plain(given))
}

# EXP-3, SIM-3, COND-ALL-5
test_conditions_that_fail_are_told[note] if {
	some note, context in {
		"no key": {},
		"all keys": {
			"aws:RequestedRegion": "eu-west-1", "aws:SourceIp": "10.0.0.1", "k": "v", "aws:CalledVia": ["a.amazonaws.com"],
			"aws:UserAgent": "x",
		},
		"other values": {
			"AWS:requestedregion": "eu-west-2", "aws:SourceIp": "192.0.2.1", "k": "x1", "aws:CalledVia": ["b.amazonaws.com"],
			"aws:UserAgent": "curl/8", "aws:TokenIssueTime": "2024-01-01T00:00:00Z", "aws:ResourceAccount": "1",
		},
		"values of other types": {
			"aws:RequestedRegion": true, "aws:SourceIp": "nowhere", "k": ["v"], "aws:CalledVia": [], "aws:UserAgent": 1,
			"aws:TagKeys": ["a"],
		},
	}
	_is_told(_plain({"principal": _teller, "action": "sns:Publish", "resource": _topic, "context": context}))
}

# EVAL-1, EXP-5, KMS-1, KMS-2, IAM-2
test_denials_and_keys_are_told[note] if {
	some note, given in {
		"a Deny beside an Allow": {"principal": _teller, "action": "sqs:DeleteQueue", "resource": _queue},
		"a Deny alone": {"principal": _teller, "action": "iam:DeleteRole", "resource": _role},
		"an Allow beside a Deny of another": {"principal": _teller, "action": "sqs:DeleteQueue", "resource": $"{_queue}2"},
		"a key": {"principal": _teller, "action": "kms:Decrypt", "resource": _key},
	}
	_is_told(_plain(given))
}

# EVAL-1, KMS-1, KMS-2
test_denials_and_keys_are_told_2[note] if {
	some note, given in {
		"a key that is denied": {"principal": _teller, "action": "kms:Encrypt", "resource": _key},
		"a key of nobody's policies": {"principal": _idle, "action": "kms:Encrypt", "resource": _key},
		"an action without resources": {"principal": _teller, "action": "s3:ListAllMyBuckets", "resource": "*"},
		"its owner": {"principal": _teller, "action": "sqs:SendMessage", "resource": _queue, "resource_account": _account},
	}
	_is_told(_plain(given))
}

# IN-3 to IN-5, ACT-13, RES-30
test_what_is_odd_about_a_request_is_told[note] if {
	some note, given in {
		"an action that nobody lists": {"action": "s3:Nope"},
		"and of which nobody speaks": {"action": "nope:Nope"},
		"a foreign key": {"context": {"s3:nope": "x", "aws:SourceIp": "10.0.0.1"}},
		"a list": {"context": {"aws:SourceIp": ["10.0.0.1"]}},
	}
	_is_told(_plain(given))
}

# IN-3 to IN-5, ACT-13, RES-30
test_what_is_odd_about_a_request_is_told_2[note] if {
	some note, given in {
		"two networks": {"context": {"aws:SourceIp": "10.0.0.1", "aws:SourceVpc": "vpc-1"}},
		"a resource that the action can't have": {"principal": _role, "action": "s3:ListAllMyBuckets"},
		"a resource of no type": {"principal": _role, "action": "iam:TagUser", "resource": "arn:aws:iam::111122223333:x/y"},
		"in another form": {"action": "S3:GETOBJECT", "context": {"aws:SecureTransport": true}},
	}
	_is_told(_plain(given))
}

# RES-42, RES-43
test_every_resource_is_told[note] if {
	some note, given in {
		"nobody allows it": {"principal": _idle},
		"of all resources": {"principal": _role},
		"of one's own": {"principal": _writer, "action": "s3:PutObject"},
		"without a condition": {"principal": _writer, "action": "s3:DeleteObject"},
	}
	_is_told(object.remove(_plain(given), ["resource"]))
}

# RES-31, RES-42, RES-43
test_every_resource_is_told_2[note] if {
	some note, given in {
		"under a condition": {"principal": _writer, "action": "s3:DeleteObject", "context": {"aws:SecureTransport": true}},
		"an action without resources": {"action": "s3:ListAllMyBuckets"},
		"one that is not listed": {"action": "s3:Nope"},
		"beside a Deny of some": {"principal": _guarded, "action": "s3:DeleteObject"},
		"an Allow of nothing": {"principal": _writer, "action": "iam:TagUser"},
	}
	_is_told(_plain(object.union(given, {"resource": "*"})))
}

# RES-31, RES-32
test_every_resource_is_told_3[note] if {
	some note, given in {
		"by NotResource": {"action": "dynamodb:GetItem"},
		"of all, under a condition": {"action": "s3:DeleteObject", "context": {"aws:RequestedRegion": "eu-west-1"}},
		"all of a service, under one": {"action": "ecs:RunTask", "context": {"aws:SecureTransport": true}},
		"a key": {"principal": _teller, "action": "kms:Encrypt"},
	}
	_is_told(_plain(object.union(given, {"resource": "*"})))
}

# COND-ALL-3
test_what_no_condition_can_be_weighed_by_is_not_told[note] if {
	some note, context in {
		"a key that is there twice": {"k": "v", "K": "v"},
		"null": {"k": null},
	}
	result := _asked(_plain({"principal": _teller, "action": "sns:Publish", "resource": _topic, "context": context}))
	result.told == []
}

test_assuming_roles_is_not_told if {
	result := _asked(_plain({"principal": _teller, "action": "sts:AssumeRole", "resource": _role}))
	result.told == []
}

test_what_the_statements_do_not_settle_is_not_told if {
	result := _asked(_plain({"principal": _writer, "action": "iam:DeleteRole", "resource": "*"}))
	result.told == []
}

# In the order of the caller's policies, not of their names.
test_statements_of_several_policies_are_told_in_order if {
	two := {
		"Allow": {"tested": {"s3": ["writer", "user"]}, "unlisted": {"s3": ["user"]}},
		"speaking": {"named": {"s3": {"tested": [[0, "Allow", "writer"], [1, "Allow", "user"]]}}},
	}
	index := object.union(_index, {"callers": {_user: {"identity": "two"}}, "sets": {"two": two}})
	decision := lookup.decision with input as _plain({"action": "s3:PutObject"})
		with data.iam.policies as _policies
		with data.iam.index as index
		with data.iam.account as {"principals": {_user: {"policies": ["writer", "user"]}}, "resources": {}}
		with data.iam.reference as _reference
		with data.iam.bundle as {"revision": "7"}
	[[told.policy, told.index] | some told in decision.matched_statements] == [["writer", 1], ["user", 2]]
}
