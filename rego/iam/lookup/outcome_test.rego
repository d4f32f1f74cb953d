package iam.lookup_test

import data.iam.authz
import data.iam.evaluation
import data.iam.lookup

_free := $"arn:aws:iam::{_account}:user/Free"

_barred := $"arn:aws:iam::{_account}:role/jobs/Barred"

_open := $"arn:aws:iam::{_account}:user/Open"

_bound := $"arn:aws:iam::{_account}:role/Bound"

_served := $"arn:aws:iam::{_account}:role/aws-service-role/jobs.amazonaws.com/Served"

_way_documents := {
	"named": [
		{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
		{
			"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*",
			"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
		},
		{
			"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*",
			"Condition": {"Bool": {"aws:SecureTransport": "true"}},
		},
		{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"},
		{"Effect": "Allow", "Action": "logs:*", "Resource": $"arn:aws:logs:eu-west-1:{_account}:log-group:x"},
		{"Effect": "Allow", "Action": ["iam:GetRole", "kms:Decrypt", "kms:CreateAlias"], "Resource": "*"},
		{"Effect": "Allow", "Action": "ec2:StopInstances", "NotResource": $"arn:aws:ec2:eu-west-1:{_account}:instance/i-1"},
	],
	"bar": [{
		"Effect": "Deny", "NotAction": ["iam:*", "sns:*"], "Resource": "*",
		"Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
	}],
	"cap": [{"Effect": "Allow", "Action": ["s3:Get*", "sqs:*"], "Resource": "*"}],
	"session": [
		{"Effect": "Allow", "Action": ["s3:*", "logs:GetQueryResults"], "Resource": "*"},
		{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": $"arn:aws:sqs:eu-west-1:{_account}:jobs"},
		{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/closed"},
	],
	"linked": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}

_way_policies := object.union_n([
	{name: _stored(statements, "identity") | some name, statements in _way_documents},
	{"trust": object.union(_stored(_way_documents.cap, "role_trust"), {"policy_type": "role_trust"})},
	{"linked": object.union(_stored(_way_documents.linked, "identity"), {"attachable_to": "service-linked-role"})},
])

_way_set(names) := {effect: {way: routes |
	some way in ["always", "tested", "unlisted", "wide"]
	routes := {service: speaking |
		some name in names
		some service, _ in _way_policies[name].actions[effect]
		speaking := [other | some other in names; _speaks(_way_policies[other].actions[effect][service])[way]]
		speaking != []
	}
} |
	some effect in ["Allow", "Deny"]
}

_named_ways := {"always": {"s3": ["named"]}, "tested": {"s3": ["named"]}, "whole": {"sqs": true}}

_apart := {"ec2": true, "iam": true, "kms": true, "logs": true, "sts": true}

_way_callers := {
	_free: _caller(_free, {"alone": true, "identity": "named", "way": "free"}),
	_open: _caller(_open, {"alone": true, "identity": "all", "way": "open"}),
	_barred: _caller(_barred, {"alone": true, "denying": "bar", "guarded": true, "identity": "both", "way": "barred"}),
	_served: _caller(_served, {"alone": true, "identity": "named", "linked": true, "way": "free"}),
	_bound: _among(_caller(_bound, {"caps": ["cap"], "guarded": true, "identity": "named", "way": "bound"})),
}

_among(caller) := object.union(object.remove(caller, ["own"]), {"among": caller.own})

_limits(arn) := object.filter(_way_callers[arn], ["account", "among", "caps", "denying", "guarded", "identity"])

# As opa_iam.ways makes it; more are compared in the tests of Python.
_way_index := {
	"accounts": {},
	"callers": _way_callers,
	"known": {
		"": {arn: {"": way, _account: way} | some arn, way in {_free: "free", _open: "open"}},
		"/": {$"arn:aws:sts::{_account}:assumed-role/{name}": {"": way, _account: way} |
			some name, way in {"Barred": "barred", "Bound": "bound"}
		},
	},
	"policed": {"s3": true},
	"policy_names": {},
	"roles": {$"aws/{_account}/barred": _barred, $"aws/{_account}/bound": _bound, $"aws/{_account}/served": _served},
	"sessions": {$"arn:aws:sts::{_account}:assumed-role": {"barred": _barred, "bound": _bound, "served": _served}},
	"sets": {
		"all": _way_set(["linked"]),
		"bar": object.filter(_way_set(["bar"]), ["Deny"]),
		"both": _way_set(["named", "bar"]),
		"cap": object.filter(_way_set(["cap"]), ["Allow"]),
		"named": _way_set(["named"]),
	},
	"ways": {
		"barred": {
			"barred": _named_ways,
			"bars": [["bar", "000001"]],
			"is_barred": true,
			"caller": _limits(_barred),
			"more": object.union(_apart, {"sns": true}),
		},
		"bound": {"caller": _limits(_bound)},
		"free": {
			"caller": _limits(_free),
			"free": _named_ways,
			"is_free": true,
			"more": _apart,
			"spoken": object.union(_apart, {"s3": true, "sqs": true}),
		},
		"open": {"caller": _limits(_open)},
	},
}

_way_principals := {
	_free: {"policies": ["named"]},
	_open: {"policies": ["linked"]},
	_barred: {"policies": ["named", "bar"]},
	_served: {"policies": ["named"]},
	_bound: {"policies": ["named"], "permissions_boundary": "cap"},
}

_session_of(role) := $"arn:aws:sts::{_account}:assumed-role/{role}/s@x"

_way_asked(given) := _way_asked_whole(object.union({"principal": _free, "action": "s3:GetObject", "resource": _k}, given))

_way_asked_whole(request) := result if {
	result := {
		"answer": [answer | answer := lookup.answer],
		"allow": evaluation.allow,
		"allowed": authz.allow,
	} with input as request
		with data.iam.policies as _way_policies
		with data.iam.index as _way_index
		with data.iam.account as {"principals": _way_principals, "resources": {"arn:aws:s3:::policed": {}}}
		with data.iam.organization as {}
		with data.iam.reference as _reference
}

_is_answered(given, allowed) if {
	_way_asked(given) == {"answer": [allowed], "allow": allowed, "allowed": allowed}
}

_is_left_to_the_long_way(given) if {
	result := _way_asked(given)
	[result.answer, result.allowed] == [[], result.allow]
}

# EVAL-1, EVAL-2, ACT-9, ACT-13
test_a_free_way[note] if {
	some note, [given, allowed] in {
		"by a name": [{}, true],
		"of whichever case": [{"action": "s3:gETobject"}, true],
		"with common keys": [{"context": {"aws:MultiFactorAuthPresent": true, "aws:SourceIp": "10.0.0.1", "aws:userid": "AIDA"}}, true],
		"with numbers and lists": [{"context": {"aws:EpochTime": -1.5e3, "aws:CalledVia": ["a", "b"], "aws:TokenIssueTime": 7}}, true],
		"when tested": [{"action": "s3:PutObject", "context": {"aws:RequestedRegion": "eu-west-1"}}, true],
		"elsewhere": [{"action": "s3:PutObject", "context": {"aws:RequestedRegion": "us-east-1"}}, false],
		"another resource": [
			{"action": "s3:PutObject", "resource": "arn:aws:s3:::c/k", "context": {"aws:RequestedRegion": "eu-west-1"}},
			false,
		],
		"a whole service": [{"action": "sqs:Whatever", "resource": $"arn:aws:sqs:eu-west-1:{_account}:jobs"}, true],
		"a service of nobody": [{"action": "ecs:RunTask"}, false],
		"a name of nobody": [{"action": "s3:DeleteObject"}, false],
	}
	_is_answered(given, allowed)
}

# ACT-9, IAM-2, KMS-2
test_a_free_way_with_more[note] if {
	some note, [given, allowed] in {
		"a service of one resource": [
			{"action": "logs:GetQueryResults", "resource": $"arn:aws:logs:eu-west-1:{_account}:log-group:x"},
			true,
		],
		"of another": [
			{"action": "logs:GetQueryResults", "resource": $"arn:aws:logs:eu-west-1:{_account}:log-group:y"},
			false,
		],
		"another resource": [
			{"action": "ec2:StopInstances", "resource": $"arn:aws:ec2:eu-west-1:{_account}:instance/i-2"},
			true,
		],
		"the one that is excepted": [
			{"action": "ec2:StopInstances", "resource": $"arn:aws:ec2:eu-west-1:{_account}:instance/i-1"},
			false,
		],
		"IAM": [{"action": "iam:GetRole", "resource": _role}, true],
		"a key": [{"action": "kms:Decrypt", "resource": $"arn:aws:kms:eu-west-1:{_account}:key/k"}, false],
		"an alias": [{"action": "kms:CreateAlias", "resource": $"arn:aws:kms:eu-west-1:{_account}:alias/a"}, true],
		"everything, for whoever may do everything": [{"principal": _open, "action": "ec2:RunInstances"}, true],
	}
	_is_answered(given, allowed)
}

# RES-31, RES-42, RES-43
test_every_resource_by_a_free_way[note] if {
	here := {"aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": true}
	some note, [given, allowed] in {
		"always": [{}, true],
		"a whole service": [{"action": "sqs:SendMessage"}, true],
		"every resource when tested": [{"action": "s3:DeleteObject", "context": here}, true],
		"where the test fails": [{"action": "s3:DeleteObject"}, false],
		"some resources": [{"action": "s3:PutObject", "context": here}, true],
		"of nobody": [{"action": "ecs:RunTask"}, false],
	}
	some resource in [{"resource": "*"}, {}]
	request := object.union(object.union({"principal": _free, "action": "s3:GetObject"}, given), resource)
	result := _way_asked_whole(request)
	result == {"answer": [allowed], "allow": allowed, "allowed": allowed}
}

# PRIN-8, COND-ALL-3, IN-2: what is not of the commonest form is answered with more steps.
test_other_forms[note] if {
	some note, [given, allowed] in {
		"other keys": [{"context": {"s3:prefix": "x", "AWS:sourceip": "10.0.0.1"}}, true],
		"a service in upper case": [{"action": "S3:GetObject"}, true],
		"a named owner": [{"resource_account": _account}, true],
		"of another case": [
			{"principal": $"arn:aws:sts::{_account}:assumed-role/bARRED/s", "context": {"aws:RequestedRegion": "eu-west-1"}},
			true,
		],
	}
	_is_answered(given, allowed)
}

# EVAL-8, COND-ALL-3, XACC-1
test_forms_that_the_expression_does_not_take[note] if {
	some note, given in {
		"a key that is there twice": {"context": {"aws:SourceIp": "10.0.0.1", "AWS:SourceIp": "10.0.0.2"}},
		"keys that differ in case": {"context": {"s3:prefix": "x", "s3:Prefix": "y"}},
		"null": {"context": {"aws:SourceIp": null}},
		"an object": {"context": {"aws:SourceIp": {}}},
		"a list of lists": {"context": {"aws:SourceIp": [[]]}},
		"a context that is none": {"context": "aws:SourceIp"},
		"a long text": {"context": {"aws:SourceIp": concat("", [x | some _ in numbers.range(1, 8300); x := "a"])}},
		"a wildcard in the action": {"action": "s3:Get*"},
		"another owner": {"resource_account": "999999999999"},
		"a resource of another account": {"action": "sqs:SendMessage", "resource": "arn:aws:sqs:eu-west-1:999999999999:jobs"},
	}
	_is_left_to_the_long_way(given)
}

# EVAL-8, PRIN-8
test_forms_that_the_expression_does_not_take_2[note] if {
	some note, given in {
		"another partition": {"resource": "arn:aws-cn:s3:::b/k"},
		"a pattern of resources": {"resource": "arn:aws:s3:::b/*"},
		"an ARN in upper case": {"resource": "arn:aws:S3:::b/k"},
		"another member": {"as_of": "2024-01-01"},
		"policies that are none": {"policies": false},
		"a role's session without a name": {"principal": $"arn:aws:sts::{_account}:assumed-role/Barred"},
		"with an empty one": {"principal": $"arn:aws:sts::{_account}:assumed-role/Barred/"},
		"of two parts": {"principal": $"arn:aws:sts::{_account}:assumed-role/Barred/a/b"},
		"with a blank": {"principal": $"arn:aws:sts::{_account}:assumed-role/Barred/a b"},
		"a user under a known name": {"principal": $"{_free}/x"},
	}
	_is_left_to_the_long_way(given)
}

# EVAL-1
test_a_barred_way[note] if {
	here := {"aws:RequestedRegion": "eu-west-1"}
	some note, [given, allowed] in {
		"where it may": [{"context": here}, true],
		"elsewhere": [{"context": {"aws:RequestedRegion": "us-east-1"}}, false],
		"without a region": [{}, false],
		"when tested": [{"action": "s3:PutObject", "context": here}, true],
		"of another resource": [{"action": "s3:PutObject", "resource": "arn:aws:s3:::c/k", "context": here}, false],
		"a whole service": [
			{"action": "sqs:SendMessage", "resource": $"arn:aws:sqs:eu-west-1:{_account}:jobs", "context": here},
			true,
		],
		"of nobody": [{"action": "ec2:RunInstances", "context": here}, false],
		"what is excepted": [{"action": "iam:GetRole", "resource": _role}, true],
	}
	_is_answered(object.union({"principal": _session_of("Barred")}, given), allowed)
}

# PB-1, RES-35
test_a_bound_way[note] if {
	some note, [given, allowed] in {
		"within the boundary": [{}, true],
		"beyond": [{"action": "s3:PutObject", "context": {"aws:RequestedRegion": "eu-west-1"}}, false],
		"beside a resource with a policy": [{"resource": "arn:aws:s3:::other/k"}, true],
	}
	_is_answered(object.union({"principal": _session_of("Bound")}, given), allowed)
}

# RES-35
test_a_resource_with_a_policy_is_left_to_the_long_way_too[note] if {
	some note, resource in {"a bucket": "arn:aws:s3:::policed", "its object": "arn:aws:s3:::policed/k"}
	_way_asked({"principal": _session_of("Bound"), "resource": resource}).answer == []
}

_in_session(policies, given) := object.union(
	{"principal": _session_of("Bound"), "policies": object.union(
		{"identity": ["named"], "permissions_boundary": ["cap"], "session": ["session"]},
		policies,
	)},
	given,
)

# SESS-1, SESS-2: beside what is compiled, which the request restates.
test_session_policies[note] if {
	some note, [given, allowed] in {
		"allowed by both": [{}, true],
		"of one resource": [{"action": "sqs:SendMessage", "resource": $"arn:aws:sqs:eu-west-1:{_account}:jobs"}, true],
		"by identity policies alone": [{"action": "sqs:SendMessage", "resource": $"arn:aws:sqs:eu-west-1:{_account}:x"}, false],
		"by session policies alone": [{"action": "s3:ListBucket"}, false],
		"by neither": [{"action": "ec2:RunInstances"}, false],
		"beyond the boundary": [
			{"action": "logs:GetQueryResults", "resource": $"arn:aws:logs:eu-west-1:{_account}:log-group:x"},
			false,
		],
		"denied in the session": [{"action": "s3:PutObject", "resource": "arn:aws:s3:::b/closed"}, false],
	}
	_is_answered(_in_session({}, given), allowed)
}

# SESS-1, MGD-3, EVAL-8
test_session_policies_that_are_left_to_the_long_way[note] if {
	some note, [policies, given] in {
		"other identity policies": [{"identity": ["linked"]}, {}],
		"no boundary": [{"permissions_boundary": []}, {}],
		"control policies": [{"service_control": [{"id": "r", "policies": ["FullAWSAccess"]}]}, {}],
		"a resource policy": [{"resource": null}, {}],
		"a document": [{"session": [{"Statement": _way_documents.session}]}, {}],
		"an unknown one": [{"session": ["session", "nope"]}, {}],
		"none": [{"session": []}, {}],
		"a service-linked role": [{"permissions_boundary": []}, {"principal": _session_of("Served")}],
		"a trust policy": [{"session": ["trust"]}, {}],
		"one of a service-linked role": [{"session": ["linked"]}, {}],
		"a user": [{}, {"principal": _free}],
		"a resource with a policy": [{}, {"resource": "arn:aws:s3:::policed"}],
	}
	result := _way_asked(_in_session(policies, given))
	[result.answer, result.allowed] == [[], result.allow]
}

# SCP-1, SESS-1: AWS's own control policy may be called by its name.
test_levels_are_restated[note] if {
	full := "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
	some note, [levels, answers] in {
		"by its ARN": [[{"id": "r", "policies": [full]}], [true]],
		"by its name": [[{"id": "r", "policies": ["FullAWSAccess"]}], [true]],
		"another level": [[{"id": "x", "policies": [full]}], []],
		"none": [[], []],
	}
	answer := [found | found := lookup.answer] with input as object.union(
		{"action": "s3:GetObject", "resource": _k},
		_in_session({"service_control": levels}, {}),
	)
		with data.iam.policies as _way_policies
		with data.iam.index as object.union(_way_index, {"accounts": {_account: {"levels": json.marshal([{"id": "r", "policies": [full]}])}}})
		with data.iam.account as {"principals": _way_principals, "resources": {}}
	answer == answers
}
