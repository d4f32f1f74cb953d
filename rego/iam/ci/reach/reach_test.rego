package iam.ci.reach_test

import data.iam.ci.example_test as example
import data.iam.ci.reach

_policy := example.policy([
	example.allowing(["s3:GetObject", "s3:Put*", "sqs:*"], "*"),
	{"Action": "ec2:*", "Effect": "Deny", "Resource": "*"},
])

test_what_an_allow_speaks_of[action] if {
	some action, spoken in {
		"s3:getobject": true,
		"S3:PutObject": true,
		"sqs:SendMessage": true,
		"s3:DeleteObject": false,
		"ec2:RunInstances": false,
	}
	reach.may_name("after", ["document 0"], action) == spoken with input as _policy
}

test_everything_and_everything_but[note] if {
	some note, tc in {
		"everything": {"statement": example.allowing("*", "*"), "action": "s3:GetObject", "spoken": true},
		"all others": {"statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "action": "s3:GetObject", "spoken": true},
		"an excepted one": {"statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "action": "iam:PassRole", "spoken": false},
	}
	reach.may_name("after", ["document 0"], tc.action) == tc.spoken with input as example.policy([tc.statement])
}

test_actions_of_a_pattern[note] if {
	some note, tc in {
		"one": {"written": "s3:GetObject", "found": {"s3:getobject"}},
		"those that are named": {"written": "s3:Get*", "found": {"s3:getobject"}},
		"those that are listed": {"written": "s3:Put*", "found": {"s3:put", "s3:putobject"}},
		"a service": {"written": "sqs:*", "found": {"sqs:opa-iam-anything"}},
		"what is not allowed": {"written": "ec2:*", "found": set()},
		"everything": {"written": "*", "found": {"s3:getobject"}},
	}
	reference := {"s3": {"actions": {"getobject": "0", "putobject": "0"}}}
	reach.actions("after", ["document 0"], tc.written) == tc.found with input as _policy
		with data.iam.reference.services as reference
}

test_plain_actions[written] if {
	some written, action in {
		"*": "opa-iam:anything",
		"s3:*": "s3:opa-iam-anything",
		"s3:Get*": "s3:get",
		"s3:G?t": "s3:gxt",
		"s3:GetObject": "s3:getobject",
	}
	reach.plain(written) == action
}

test_requests_are_completed[resource] if {
	some resource, account in {
		"*": "000000000000",
		"arn:aws:s3:::b": "000000000000",
		"arn:aws:sqs:eu-west-1:111122223333:q": "111122223333",
	}
	subject := {"request": {"policies": {"identity": ["p"]}, "principal": "arn:aws:iam::000000000000:role/r"}}
	reach.request(subject, {"action": "s3:GetObject", "resource": resource}) == {
		"action": "s3:GetObject",
		"policies": {"identity": ["p"]},
		"principal": $"arn:aws:iam::{account}:role/r",
		"resource": resource,
	}
}

test_what_is_denied_in_any_case[note] if {
	some note, tc in {
		"everything": {"members": {"Action": "*"}, "denied": true},
		"the service": {"members": {"Action": "s3:*"}, "denied": true},
		"a pattern": {"members": {"Action": "s3:Get*"}, "denied": true},
		"the action": {"members": {"Action": "s3:GetObject"}, "denied": true},
		"another": {"members": {"Action": "s3:PutObject"}, "denied": false},
		"of some resource": {"members": {"Action": "s3:*", "Resource": "arn:aws:s3:::b"}, "denied": false},
		"under conditions": {"members": {"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, "denied": false},
	}
	given := example.policy([object.union({"Effect": "Deny", "Resource": "*"}, tc.members)])
	reach.is_denied("after", ["document 0"], "s3:GetObject") == tc.denied with input as given
}
