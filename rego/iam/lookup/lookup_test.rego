package iam.lookup_test

import data.iam.authz
import data.iam.document
import data.iam.evaluation
import data.iam.lookup

_account := "111122223333"

_user := $"arn:aws:iam::{_account}:user/team/Ana"

_role := $"arn:aws:iam::{_account}:role/ci/Builder"

_guarded := $"arn:aws:iam::{_account}:user/Guarded"

_capped := $"arn:aws:iam::{_account}:user/Capped"

_member := "arn:aws:iam::444455556666:role/Member"

_linked := "arn:aws:iam::444455556666:role/aws-service-role/jobs.amazonaws.com/AWSServiceRoleForJobs"

_closed := "arn:aws:iam::777788889999:user/Closed"

_idle := $"arn:aws:iam::{_account}:user/Idle"

_writer := $"arn:aws:iam::{_account}:user/Writer"

_teller := $"arn:aws:iam::{_account}:user/Teller"

_lister := $"arn:aws:iam::{_account}:user/Lister"

_documents := {
	"user": [
		{"Effect": "Allow", "Action": ["s3:GetObject", "sqs:*", "s3:List*"], "Resource": "*"},
		{"Effect": "Allow", "Action": "s3:PutObject", "Resource": ["arn:aws:s3:::b/?", "arn:aws:s3:::${aws:username}/*"]},
		{
			"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*",
			"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
		},
		{"Effect": "Allow", "Action": "dynamodb:*", "NotResource": "arn:aws:dynamodb:*:*:table/closed"},
		{"Effect": "Allow", "Action": "sns:Publish", "NotResource": "arn:aws:sns:*:*:${aws:PrincipalTag/none}"},
		{"Effect": "Allow", "Action": "logs:Get*", "NotResource": "*"},
		{"Effect": "Allow", "Action": "ecs:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
	],
	"role": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
	"others": [
		{"Effect": "Allow", "NotAction": ["iam:*", "s3:DeleteBucket"], "Resource": "*"},
		{"Effect": "Deny", "NotAction": ["s3:*", "sqs:*"], "Resource": "*"},
		{"Effect": "Deny", "Action": "s3:Delete*", "Resource": "arn:aws:s3:::kept/*"},
	],
	"boundary": [{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "arn:aws:s3:::b/*"}],
	"teller": [
		{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
		{"Effect": "Deny", "Action": "s3:GetObject", "NotResource": ["arn:aws:s3:::${aws:PrincipalTag/none}/*", "arn:aws:s3:::c/*"]},
		{"Effect": "Allow", "Action": ["sqs:*", "s3:Put*"], "Resource": "*"},
		{"Sid": "No", "Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": $"arn:aws:sqs:*:{_account}:jobs"},
		{"Effect": "Deny", "Action": "iam:DeleteRole", "Resource": "*"},
		{"Effect": "Deny", "Action": "kms:Encrypt", "Resource": "*"},
		{"Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": $"arn:aws:kms:*:{_account}:key/*"},
		{
			"Effect": "Allow", "Action": "sns:Publish", "Resource": $"arn:aws:sns:eu-west-1:{_account}:news",
			"Condition": {
				"StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:ResourceAccount": "${aws:PrincipalAccount}", "k": "v"},
				"IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
				"ForAnyValue:StringEquals": {"aws:CalledVia": "a.amazonaws.com"},
				"Null": {"aws:TokenIssueTime": "true"},
				"ForAnyValue:Null": {"aws:TagKeys": "true"},
				"StringNotLike": {"aws:UserAgent": "curl*", "k": "x*"},
			},
		},
		{
			"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/none}",
			"Condition": {"Bool": {"aws:SecureTransport": "true"}},
		},
	],
	"writer": [
		{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"},
		{
			"Effect": "Allow", "Action": ["s3:DeleteObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/k",
			"Condition": {"Bool": {"aws:SecureTransport": "true"}},
		},
		{"Effect": "Allow", "Action": "sns:*", "Resource": $"arn:aws:sns:eu-west-1:{_account}:news"},
		{"Effect": "Allow", "Action": "iam:TagUser", "Resource": $"arn:aws:iam::{_account}:us*/x"},
		{"Effect": "Allow", "Action": "iam:DeleteRole", "Resource": $"arn:aws:iam::{_account}:role/aws-reserved/x"},
	],
}

_control_documents := {
	"level": {"type": "service_control", "statements": [
		{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"},
	]},
	"reach": {"type": "resource_control", "statements": [{
		"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*",
		"Principal": "*",
	}]},
}

# Its pattern is expanded, as the compiler does it where there is a reference.
_listing := object.union(
	object.remove(_stored([{"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}], "identity"), ["actions"]),
	{"actions": {"Allow": {"s3": {
		"always": {"listallmybuckets": "000001"},
		"unlisted": {"000001": `(?s)^(?:list[^:*?\s]*)$`},
	}}}},
)

_policies := object.union_n([
	{"lister": _listing},
	{name: _stored(statements, "identity") | some name, statements in _documents},
	{name: object.union(_stored(control.statements, control.type), {"policy_type": control.type}) |
		some name, control in _control_documents
	},
])

_stored(statements, type) := document.indexed(document.lowered({"Version": "2012-10-17", "Statement": statements}, type).statements)

_principals := {
	_user: {"policies": ["user"], "tags": {}},
	_role: {"policies": ["role"]},
	_guarded: {"policies": ["others"]},
	_capped: {"policies": ["role"], "permissions_boundary": "boundary"},
	_member: {"policies": ["role"]},
	_linked: {"policies": ["role"]},
	_closed: {"policies": ["role"]},
	_idle: {"policies": []},
	_writer: {"policies": ["writer"]},
	_lister: {"policies": ["lister"]},
	_teller: {"policies": ["teller"]},
}

_full := "FullAWSAccess"

_organization := {"accounts": {
	"444455556666": _member_of([
		{"id": "r", "service_control": [_full], "resource_control": ["RCPFullAWSAccess", "reach"]},
		{"id": "a", "service_control": ["level"], "resource_control": ["RCPFullAWSAccess"]},
	]),
	"777788889999": _member_of([{"id": "r", "service_control": [], "resource_control": ["RCPFullAWSAccess"]}]),
}}

_member_of(levels) := {"id": "o-a1b2c3d4e5", "levels": levels, "management": false, "paths": []}

# As opa_iam.routes makes it: where equal data come from is what tests of Python show.
_index := {
	"accounts": {"444455556666": {"denying": "reach"}, "777788889999": {}},
	"callers": {
		_user: _caller(_user, {"alone": true, "identity": "user"}),
		_role: _caller(_role, {"alone": true, "identity": "role"}),
		_guarded: _caller(_guarded, {"alone": true, "denying": "others", "guarded": true, "identity": "others"}),
		_capped: _caller(_capped, {"caps": ["boundary"], "guarded": true, "identity": "role"}),
		_member: _caller(_member, {"caps": ["level"], "denying": "level", "guarded": true, "identity": "role"}),
		_linked: _caller(_linked, {"guarded": true, "identity": "role", "linked": true}),
		_closed: _caller(_closed, {"guarded": true, "caps": ["nothing"], "identity": "role"}),
		_idle: _caller(_idle, {"alone": true}),
		_writer: _caller(_writer, {"alone": true, "identity": "writer"}),
		_teller: _caller(_teller, {"alone": true, "denying": "teller", "guarded": true, "identity": "teller"}),
		_lister: _caller(_lister, {"alone": true, "identity": "lister"}),
	},
	"policy_names": {},
	"roles": {
		$"aws/{_account}/builder": _role,
		"aws/444455556666/member": _member,
	},
	"sessions": {
		$"arn:aws:sts::{_account}:assumed-role": {"builder": _role},
		"arn:aws:sts::444455556666:assumed-role": {"member": _member},
	},
	"sets": object.union({name: _set(name) | some name, _ in _policies}, {"nothing": {}}),
}

_caller(arn, more) := object.union(more, {
	"account": split(arn, ":")[4],
	"arn": arn,
	"kind": split(split(arn, ":")[5], "/")[0],
	"own": $"^arn:aws:[^:*A-Z]*:[^:*A-Z]*:(?:{split(arn, ":")[4]})?:[^*]*$",
})

# The set of one policy.
_set(name) := object.union({"speaking": _speaking(name)}, {effect: routes |
	some effect, services in _policies[name].actions
	routes := {way: {service: [name] | some service, found in services; _speaks(found)[way]} |
		some way in ["always", "tested", "unlisted", "wide"]
	}
})

_speaking(name) := {
	"mixed": {service: entries |
		some service, entries in spoken
		{"unlisted", "wide"} & {entry[2] | some entry in entries} != set()
	},
	"named": {service: {way: ranked |
		some way in ["always", "tested"]
		ranked := [[rank, effect, policy] | some [rank, effect, each, policy, _] in entries; each == way]
		ranked != []
	} |
		some service, entries in spoken
		not "wide" in {entry[2] | some entry in entries}
	},
} if {
	services := {service | some services in _policies[name].actions; some service, _ in services}
	spoken := {service: entries |
		some service in services
		entries := [[0, effect, way, name, each] |
			some effect, services in _policies[name].actions
			some each in {service, "*"}
			some way in ["always", "tested", "unlisted", "wide"]
			_speaks(services[each])[way]
		]
	}
}

_speaks(found) := {way | some way in ["always", "tested"]; object.remove(found[way], ["*"]) != {}} | ({"unlisted" |
	found.unlisted
} | ({"wide" | some way in ["always", "tested"]; found[way]["*"]} | {"wide" |
	some kind in ["patterns", "others"]
	found[kind]
}))

_reference := {
	"keys": {},
	"services": {
		"kms": {"actions": {"decrypt": "0", "encrypt": "0"}, "groups": {"0": {"keys": [], "types": ["key"]}}, "types": {}},
		"sts": {"actions": {"assumerole": "0"}, "groups": {"0": {"keys": [], "types": ["role"]}}, "types": {}},
		"iam": {"actions": {"deleterole": "0", "taguser": "0"}, "groups": {"0": {"keys": [], "types": ["role"]}}, "types": {}},
		"s3": {
			"actions": {
				"deletebucket": "0",
				"deleteobject": "0",
				"getobject": "0",
				"listallmybuckets": "1",
				"putobject": "0",
			},
			"groups": {"0": {"keys": [], "types": ["object"]}, "1": {"keys": [], "types": []}},
			"types": {"object": {"arn": "^arn:.*$", "keys": []}},
		},
	},
	"source": "a test",
}

_asked(request) := result if {
	result := {
		"answer": [answer | answer := lookup.answer],
		"told": [told | told := lookup.decision],
		"allow": evaluation.allow,
		"explained": [explained | lookup.decision; explained := authz._explained],
	} with input as request
		with data.iam.policies as _policies
		with data.iam.index as _index
		with data.iam.account as {"principals": _principals, "resources": {"arn:aws:s3:::other": {}}}
		with data.iam.organization as _organization
		with data.iam.reference as _reference
		with data.iam.bundle as {"revision": "7"}
}

_k := "arn:aws:s3:::b/k"

# The default of a request, in whose place each case puts something else.
_plain(given) := object.union({"principal": _user, "action": "s3:GetObject", "resource": _k}, given)

_agrees(result) if {
	result.answer == [result.allow]
	result.told == result.explained
}

# ACT-1, ACT-2, ACT-9, ACT-10, RES-3, RES-9, VAR-5
test_statements_are_found_as_the_long_way_finds_them[note] if {
	some note, [given, allowed] in {
		"an exact action": [{}, true],
		"an exact resource": [
			{"principal": _writer, "context": {"aws:SecureTransport": true}},
			true,
		],
		"in another case": [{"action": "S3:getobject"}, true],
		"a pattern of actions": [{"action": "s3:ListObjectsV2"}, true],
		"a whole service": [{"action": "sqs:SendMessage", "resource": $"arn:aws:sqs:eu-west-1:{_account}:jobs"}, true],
		"an action of which nobody speaks": [{"action": "ec2:RunInstances"}, false],
		"a very long one": [{"action": concat("", ["s3:", concat("", [x | some _ in numbers.range(1, 2100); x := "a"])])}, false],
		"every action": [{"principal": _role, "action": "ec2:RunInstances"}, true],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# ACT-1, ACT-2, ACT-9, ACT-10, RES-3, RES-9, VAR-5
test_statements_are_found_as_the_long_way_finds_them_2[note] if {
	some note, [given, allowed] in {
		"NotAction": [{"principal": _guarded, "action": "s3:GetObject"}, true],
		"what NotAction excepts": [{"principal": _guarded, "action": "s3:DeleteBucket"}, false],
		"by a pattern": [{"principal": _guarded, "action": "iam:GetUser"}, false],
		"a Deny by NotAction": [{"principal": _guarded, "action": "ec2:RunInstances"}, false],
		"a Deny of a resource": [{"principal": _guarded, "action": "s3:DeleteObject", "resource": "arn:aws:s3:::kept/k"}, false],
		"of another": [{"principal": _guarded, "action": "s3:DeleteObject"}, true],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# ACT-1, ACT-2, ACT-9, ACT-10, RES-3, RES-9, VAR-5
test_statements_are_found_as_the_long_way_finds_them_3[note] if {
	some note, [given, allowed] in {
		"a pattern of resources": [{"action": "s3:PutObject"}, true],
		"that doesn't match": [{"action": "s3:PutObject", "resource": "arn:aws:s3:::b/kk"}, false],
		"a variable": [{"action": "s3:PutObject", "resource": "arn:aws:s3:::Ana/kk"}, true],
		"NotResource": [{"action": "dynamodb:GetItem", "resource": $"arn:aws:dynamodb:eu-west-1:{_account}:table/open"}, true],
		"what it excepts": [
			{"action": "dynamodb:GetItem", "resource": $"arn:aws:dynamodb:eu-west-1:{_account}:table/closed"},
			false,
		],
		"NotResource with a variable that has no value": [
			{"action": "sns:Publish", "resource": $"arn:aws:sns:eu-west-1:{_account}:news"},
			false,
		],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# ACT-1, ACT-2, ACT-9, ACT-10, RES-3, RES-9, VAR-5
test_statements_are_found_as_the_long_way_finds_them_4[note] if {
	some note, [given, allowed] in {
		"NotResource of everything": [{"action": "logs:GetQueryResults"}, false],
		"a condition that is met": [{"action": "s3:DeleteObject", "context": {"aws:RequestedRegion": "eu-west-1"}}, true],
		"one that is not": [{"action": "s3:DeleteObject", "context": {"AWS:requestedregion": "us-east-1"}}, false],
		"one without its key": [{"action": "s3:DeleteObject"}, false],
		"no identity policy": [{"principal": _idle}, false],
		"a whole service, under a condition": [
			{"action": "ecs:RunTask", "resource": $"arn:aws:ecs:eu-west-1:{_account}:task/t", "context": {"aws:SecureTransport": true}},
			true,
		],
		"a whole service, of one resource": [
			{"principal": _writer, "action": "sns:Publish", "resource": $"arn:aws:sns:eu-west-1:{_account}:news"},
			true,
		],
		"without its key": [{"action": "ecs:RunTask", "resource": $"arn:aws:ecs:eu-west-1:{_account}:task/t"}, false],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# ACT-9, ACT-13: a pattern that is expanded is tried where the reference doesn't list the action.
test_expanded_patterns[note] if {
	some note, [given, allowed] in {
		"a name that is listed": [{"principal": _lister, "action": "s3:ListAllMyBuckets"}, true],
		"one that isn't": [{"principal": _lister, "action": "s3:ListWhatIsNew"}, true],
		"one that the pattern doesn't match": [{"principal": _lister}, false],
		"one of neither": [{"principal": _lister, "action": "s3:WhatIsNew"}, false],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# PB-1, SCP-1, SCP-5, RCP-1, RCP-3, EVAL-1
test_guardrails[note] if {
	some note, [given, allowed] in {
		"a boundary that allows": [{"principal": _capped}, true],
		"one that is silent": [{"principal": _capped, "action": "sqs:SendMessage"}, false],
		"about the resource": [{"principal": _capped, "resource": "arn:aws:s3:::c/k"}, false],
		"levels that allow": [{"principal": _member}, true],
		"a level that is silent": [{"principal": _member, "action": "ec2:RunInstances"}, false],
		"one that denies": [{"principal": _member, "action": "s3:DeleteBucket", "resource": "arn:aws:s3:::b"}, false],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# PB-1, SCP-1, SCP-5, RCP-1, RCP-3, EVAL-1
test_guardrails_2[note] if {
	some note, [given, allowed] in {
		"a level without a policy": [{"principal": _closed}, false],
		"a Deny at the resource's account": [{"principal": _member, "action": "s3:PutObject"}, false],
		"about another resource": [{"principal": _member, "action": "s3:PutObject", "resource": "arn:aws:s3:::c/k"}, true],
		"a service-linked role": [{"principal": _linked, "action": "s3:PutObject"}, true],
		"whom no level binds": [{"principal": _linked, "action": "ec2:RunInstances"}, true],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# PRIN-8, IAM-2, KMS-2, KMS-7, IN-2
test_callers_and_what_aws_keeps[note] if {
	some note, [given, allowed] in {
		"a session": [{"principal": $"arn:aws:sts::{_account}:assumed-role/Builder/s"}, true],
		"in another case": [{"principal": $"arn:aws:sts::{_account}:assumed-role/bUILDER/s@x"}, true],
		"of a member": [{"principal": "arn:aws:sts::444455556666:assumed-role/MEMBER/s", "action": "ec2:RunInstances"}, false],
		"IAM": [{"principal": _role, "action": "iam:GetRole", "resource": _role}, true],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# PRIN-8, IAM-2, KMS-2, KMS-7, IN-2
test_callers_and_what_aws_keeps_2[note] if {
	some note, [given, allowed] in {
		"its owner is named": [{"resource_account": _account}, true],
		"a role of Identity Center": [
			{"principal": _role, "action": "iam:DeleteRole", "resource": $"arn:aws:iam::{_account}:role/aws-reserved/x"},
			false,
		],
		"a key without a policy": [
			{"principal": _role, "action": "kms:Decrypt", "resource": $"arn:aws:kms:eu-west-1:{_account}:key/k"},
			false,
		],
		"an alias": [
			{"principal": _role, "action": "kms:CreateAlias", "resource": $"arn:aws:kms:eu-west-1:{_account}:alias/a"},
			true,
		],
	}
	result := _asked(_plain(given))
	result.answer == [allowed]
	_agrees(result)
}

# RES-30 to RES-32, RES-42, RES-43
test_requests_about_every_resource[note] if {
	some note, [given, allowed] in {
		"an action without resources": [{"action": "s3:ListAllMyBuckets"}, true],
		"an Allow of everything": [{}, true],
		"by everybody's policy": [{"principal": _role}, true],
		"an action that nobody allows": [{"principal": _idle}, false],
	}
	some request in [_plain(object.union(given, {"resource": "*"})), object.remove(_plain(given), ["resource"])]
	result := _asked(request)
	result.answer == [allowed]
	_agrees(result)
}

# RES-30 to RES-32, RES-42, RES-43
test_requests_about_every_resource_2[note] if {
	some note, [given, allowed] in {
		"an Allow of what is one's own": [{"principal": _writer, "action": "s3:PutObject"}, true],
		"under a condition": [
			{"principal": _writer, "action": "s3:DeleteObject", "context": {"aws:SecureTransport": true}},
			true,
		],
		"under a condition that fails": [{"principal": _writer, "action": "s3:DeleteObject"}, false],
		"what no level denies": [{"principal": _member, "action": "s3:GetObject"}, true],
		"what one does": [{"principal": _member, "action": "s3:DeleteBucket"}, false],
	}
	some request in [_plain(object.union(given, {"resource": "*"})), object.remove(_plain(given), ["resource"])]
	result := _asked(request)
	result.answer == [allowed]
	_agrees(result)
}

# EVAL-8: what the index doesn't tell, or only that it is denied.
test_other_requests_are_left_to_the_long_way[note] if {
	some note, request in {
		"nobody": object.remove(_plain({}), ["principal"]),
		"an unknown user": _plain({"principal": $"arn:aws:iam::{_account}:user/Bob"}),
		"a user in another case": _plain({"principal": lower(_user)}),
		"a session of nobody": _plain({"principal": $"arn:aws:sts::{_account}:assumed-role/Nobody/s"}),
		"a session without a name": _plain({"principal": $"arn:aws:sts::{_account}:assumed-role/Builder/"}),
		"a session of two names": _plain({"principal": $"arn:aws:sts::{_account}:assumed-role/Builder/s/t"}),
		"an object": _plain({"principal": {"arn": _user}}),
	}
	result := _asked(request)
	result.answer == []
	result.told == result.explained
}

# EVAL-8: what the index doesn't tell, or only that it is denied.
test_other_requests_are_left_to_the_long_way_2[note] if {
	some note, request in {
		"another account's resource": _plain({"resource": "arn:aws:sqs:eu-west-1:999999999999:jobs", "action": "sqs:SendMessage"}),
		"another owner": _plain({"resource_account": "999999999999"}),
		"another partition": _plain({"resource": "arn:aws-cn:s3:::b/k"}),
		"an upper case service": _plain({"resource": "arn:aws:S3:::b/k"}),
		"a pattern of resources": _plain({"resource": "arn:aws:s3:::b/*"}),
		"a short ARN": _plain({"resource": "arn:aws:s3"}),
		"no ARN": _plain({"resource": "b/k"}),
	}
	result := _asked(request)
	result.answer == []
	result.told == result.explained
}

# EVAL-8: what the index doesn't tell, or only that it is denied.
test_other_requests_are_left_to_the_long_way_3[note] if {
	some note, request in {
		"a list": _plain({"resource": [_k]}),
		"no action": object.remove(_plain({}), ["action"]),
		"an action that is a number": _plain({"action": 7}),
		"STS": _plain({"principal": _role, "action": "sts:AssumeRole", "resource": _role}),
		"an alias of AWS's": _plain({
			"principal": _role,
			"action": "kms:DeleteAlias",
			"resource": $"arn:aws:kms:eu-west-1:{_account}:alias/aws/s3",
		}),
		"retiring a grant": _plain({
			"principal": _role,
			"action": "kms:RetireGrant",
			"resource": $"arn:aws:kms:eu-west-1:{_account}:key/k",
		}),
	}
	result := _asked(request)
	result.answer == []
	result.told == result.explained
}

# EVAL-8: what the index doesn't tell, or only that it is denied.
test_other_requests_are_left_to_the_long_way_4[note] if {
	some note, request in {
		"an unknown member": _plain({"resorce": _k}),
		"policies": _plain({"policies": {"identity": []}}),
		"a setting": _plain({"settings": {}}),
		"a day": _plain({"as_of": "2024-01-01"}),
		"an Allow of what AWS keeps": _plain({"principal": _writer, "action": "iam:DeleteRole", "resource": "*"}),
		"an Allow of nothing": _plain({"principal": _writer, "action": "iam:TagUser", "resource": "*"}),
	}
	result := _asked(request)
	result.answer == []
	result.told == result.explained
}

# EVAL-8: what the index doesn't tell, or only that it is denied.
test_other_requests_are_left_to_the_long_way_5[note] if {
	some note, request in {
		"guarded": _plain({"principal": _capped, "resource": "*"}),
		"a Deny of resources": _plain({"principal": _guarded, "action": "s3:DeleteObject", "resource": "*"}),
		"a Deny of resources at the owner's": _plain({"principal": _member, "action": "s3:PutObject", "resource": "*"}),
	}
	result := _asked(request)
	result.answer == []
	result.told == result.explained
}

# ACT-1, COND-ALL-3, EVAL-8
test_malformed_requests_are_left_to_the_long_way[note] if {
	some note, given in {
		"a wildcard": {"action": "s3:Get*"},
		"a blank": {"action": "s3:Get Object"},
		"no service": {"action": ":GetObject"},
		"no name": {"principal": _role, "action": "s3:"},
		"every action": {"principal": _role, "action": "*:*"},
		"an action of three": {"action": "s3:Get:Object"},
		"a key that is there twice": {"context": {"k": "a", "K": "b"}},
		"null": {"context": {"k": null}},
	}
	result := _asked(_plain(given))
	[result.answer, result.allow] == [[], false]
	result.told == result.explained
}

# ACT-1, COND-ALL-3, EVAL-8
test_malformed_requests_are_left_to_the_long_way_2[note] if {
	some note, given in {
		"an object": {"context": {"k": {}}},
		"a list of lists": {"context": {"k": [["a"]]}},
		"no object": {"context": "k"},
		"a list in the place of all": {"context": ["k"]},
		"a text that is too long": {"context": {"k": concat("", [x | some _ in numbers.range(1, 9000); x := "a"])}},
		"where conditions are weighed": {"action": "s3:DeleteObject", "context": {"aws:RequestedRegion": {}}},
		"where a Deny is": {"principal": _guarded, "context": {"k": null}},
	}
	result := _asked(_plain(given))
	[result.answer, result.allow] == [[], false]
	result.told == result.explained
}

test_sound_contexts[note] if {
	some note, context in {
		"none": {},
		"a text": {"aws:RequestedRegion": "eu-west-1"},
		"of two types": {"a": 1, "b": true, "c": "x"},
		"a list": {"aws:TagKeys": ["a", "b"]},
	}
	result := _asked(_plain({"context": context}))
	result.answer == [true]
	_agrees(result)
}

test_decisions_are_told_by_lookup[note] if {
	some note, [given, told] in {
		"an Allow": [{}, true],
		"silence": [{"action": "ec2:RunInstances"}, true],
		"no policy": [{"principal": _idle}, true],
		"a Deny": [{"principal": _guarded, "action": "ec2:RunInstances"}, true],
		"a statement that may fail": [{"action": "s3:PutObject"}, true],
		"a boundary": [{"principal": _capped}, false],
	}
	result := _asked(_plain(given))
	result.told != [] == told
	_agrees(result)
}

test_decisions_are_told_by_lookup_2[note] if {
	some note, [given, told] in {
		"an organization": [{"principal": _linked}, false],
		"no action": [{"action": ":GetObject"}, false],
		"an unsound context": [{"action": "ec2:RunInstances", "context": {"k": null}}, false],
		"a key": [{"principal": _role, "action": "kms:Decrypt", "resource": $"arn:aws:kms:eu-west-1:{_account}:key/k"}, true],
		"what AWS keeps": [
			{"principal": _guarded, "action": "iam:DeleteRole", "resource": $"arn:aws:iam::{_account}:role/aws-reserved/x"},
			false,
		],
	}
	result := _asked(_plain(given))
	result.told != [] == told
	result.told == result.explained
}

# RES-35
test_a_resource_with_a_policy_is_left_to_the_long_way[resource] if {
	some resource, answers in {"arn:aws:s3:::other": 0, "arn:aws:s3:::other/k": 0, _k: 1}
	callers := {_user: object.union(object.remove(_index.callers[_user], ["own"]), {"among": _index.callers[_user].own})}
	found := {"answers": [answer | answer := lookup.answer], "told": [told | told := lookup.decision]} with input as _plain({"resource": resource})
		with data.iam.policies as _policies
		with data.iam.index as object.union(object.remove(_index, ["callers"]), {"callers": callers})
		with data.iam.account as {"principals": _principals, "resources": {"arn:aws:s3:::other": {}}}
		with data.iam.bundle as {"revision": "7"}
	[count(found.answers), count(found.told)] == [answers, answers]
}

# ACT-1: an entrypoint gives a list for a list.
test_batches_of_answers if {
	authz.batch_allow == [true, false] with input as {"requests": [_plain({}), _plain({"action": "ec2:RunInstances"})]}
		with data.iam.policies as _policies
		with data.iam.index as _index
		with data.iam.account as {"principals": _principals, "resources": {}}
	authz.batch_allow == [false] with input as {"action": "s3:GetObject"}
	authz.batch_allow == [] with input as {"requests": []}
	authz.batch_allow == [false, false] with input as {"requests": [null, 7]}
}

# EXP-1
test_the_entrypoint_tells_what_is_looked_up_with_the_revision if {
	decision := authz.decision with input as _plain({})
		with data.iam.policies as _policies
		with data.iam.index as _index
		with data.iam.account as {"principals": _principals, "resources": {}}
		with data.iam.bundle as {"revision": "7"}
	[decision.revision, decision.allow, count(decision.matched_statements)] == ["7", true, 1]
}
