package iam.ci.check.guardrail_test

import data.iam.ci.check.guardrail
import data.iam.ci.example_test as example

_plan := example.plan([
	example.role("web", [
		object.union(example.allowing(["s3:GetObject", "s3:List*"], "arn:aws:s3:::payroll/*"), {"Sid": "Read"}),
		example.allowing("dynamodb:*", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"),
		object.union(example.allowing("sqs:SendMessage", "*"), {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
	]),
	example.attached("a", {"policy_arn": "arn:aws:iam::111122223333:policy/not-known", "role": "other"}, {}),
])

_unnamed := example.plan([example.created(
	"aws_iam_role_policy", "n",
	{"policy": example.text([example.allowing("ec2:*", "*")])},
	{"role": true},
)])

_role := "arn:aws:iam::*:role/web"

_verdicts(kind, wanted) := {[found.verdict, found.address] |
	some found in guardrail.denied with input as _plan
		with data.iam.ci.guardrails as [{"id": "g", kind: wanted}]
}

test_must_not[note] if {
	some note, tc in {
		"what it may": {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::payroll/*"], "breaks": true},
		"a part of what it may": {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::payroll/2026"], "breaks": true},
		"more than what it may": {"actions": ["s3:*"], "resources": ["arn:aws:s3:::*"], "breaks": true},
		"what it may not": {"actions": ["s3:PutObject"], "resources": ["arn:aws:s3:::payroll/*"], "breaks": false},
	}
	wanted := object.union({"principal": _role}, object.remove(tc, ["breaks"]))
	_verdicts("must_not", wanted) == {["deny", "aws_iam_role.web"] | tc.breaks}
}

test_must_not_elsewhere[note] if {
	some note, tc in {
		"elsewhere": {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::other/*"], "breaks": false},
		"in the account of the resource": {
			"actions": ["dynamodb:GetItem"],
			"resources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"],
			"breaks": true,
		},
		"under conditions": {"actions": ["sqs:*"], "resources": ["*"], "breaks": true},
	}
	wanted := object.union({"principal": _role}, object.remove(tc, ["breaks"]))
	_verdicts("must_not", wanted) == {["deny", "aws_iam_role.web"] | tc.breaks}
}

test_context_settles_conditions[value] if {
	some value, breaks in {"true": true, "false": false}
	wanted := {"actions": ["sqs:SendMessage"], "context": {"aws:SecureTransport": value}, "principal": _role}
	_verdicts("must_not", wanted) == {["deny", "aws_iam_role.web"] | breaks}
}

test_must[note] if {
	some note, tc in {
		"what it may": {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::payroll/k"], "principal": _role, "found": set()},
		"what it may not": {"actions": ["s3:PutObject"], "principal": _role, "found": {["deny", "aws_iam_role.web"]}},
		"what it may under conditions": {"actions": ["sqs:SendMessage"], "principal": _role, "found": {["deny", "aws_iam_role.web"]}},
		"what is not known": {
			"actions": ["s3:PutObject"],
			"principal": "arn:aws:iam::*:role/other",
			"found": {["undecided", "aws_iam_role_policy_attachment.a"]},
		},
	}
	_verdicts("must", object.remove(tc, ["found"])) == tc.found
}

test_all_listed_actions_must_be if {
	reference := {"s3": {"actions": {"getobject": "0", "putobject": "0"}}}
	found := guardrail.denied with input as _plan
		with data.iam.reference.services as reference
		with data.iam.ci.guardrails as [{"id": "g", "must": {"actions": ["s3:*Object"], "principal": _role, "resources": ["arn:aws:s3:::payroll/k"]}}]
	[one.message | some one in found] == [
		"arn:aws:iam::000000000000:role/web must be allowed s3:putobject on arn:aws:s3:::payroll/k (g)",
	]
}

test_finding_names_the_statement if {
	found := guardrail.denied with input as _plan with data.iam.ci.guardrails as [{
		"description": "ask finance",
		"id": "payroll",
		"must_not": {"actions": ["s3:Get*"], "principal": _role, "resources": ["arn:aws:s3:::payroll/*"]},
	}]
	[[one.rule, one.sid, one.policy, one.mend] | some one in found] == [["payroll", "Read", "web", "ask finance"]]
}

test_names_that_are_not_known_are_undecided[note] if {
	some note, tc in {
		"a role": {"principal": "arn:aws:iam::*:role/web-*", "found": {["undecided", "aws_iam_role_policy.n"]}},
		"anybody": {"principal": "*", "found": {["undecided", "aws_iam_role_policy.n"]}},
		"a user": {"principal": "arn:aws:iam::*:user/*", "found": set()},
	}
	wanted := {"actions": ["ec2:RunInstances"], "principal": tc.principal}
	found := guardrail.denied with input as _unnamed with data.iam.ci.guardrails as [{"id": "g", "must_not": wanted}]
	{[one.verdict, one.address] | some one in found} == tc.found
}

test_account_that_is_not_known_can_be_any if {
	_verdicts("must_not", {"actions": ["s3:GetObject"], "principal": "arn:aws:iam::999999999999:role/web"}) == {["deny", "aws_iam_role.web"]}
}

test_guardrail_about_nobody_is_told if {
	found := guardrail.warned with input as _plan with data.iam.ci.guardrails as [
		{"id": "a", "must_not": {"actions": ["*"], "principal": "arn:aws:iam::*:role/nobody"}},
		{"id": "b", "must": {"actions": ["*"], "principal": _role}},
	]
	[one.message | some one in found] == ["the guardrail a names nobody whose policies are in this change"]
}

test_guardrails_that_can_not_be_read_refuse[note] if {
	sound := {"actions": ["s3:*"], "principal": "*"}
	some note, given in {
		"no object": "x",
		"no id": {"must": sound},
		"neither": {"id": "a"},
		"both": {"id": "a", "must": sound, "must_not": sound},
		"a misspelt member": {"id": "a", "must": object.union(sound, {"resource": ["*"]})},
		"a misspelt kind": {"id": "a", "must": sound, "mustnt": sound},
		"no principal": {"id": "a", "must": {"actions": ["s3:*"]}},
		"no actions": {"id": "a", "must": {"actions": [], "principal": "*"}},
		"one action": {"id": "a", "must": {"actions": "s3:*", "principal": "*"}},
		"no action": {"id": "a", "must": {"actions": ["s3"], "principal": "*"}},
		"no resource": {"id": "a", "must": object.union(sound, {"resources": ["bucket"]})},
		"no context": {"id": "a", "must": object.union(sound, {"context": "x"})},
	}
	found := guardrail.denied with input as _plan with data.iam.ci.guardrails as [given]
	[[one.rule, one.message] | some one in found] == [["GUARDRAIL_INVALID", "guardrail 1 can't be read"]]
}

# The bucket's policy alone lets the role in.
test_resources_policies_count[note] if {
	some note, tc in {
		"the bucket": {"resource": "arn:aws:s3:::payroll/*", "breaks": true},
		"a pattern of buckets": {"resource": "arn:aws:s3:::pay*/*", "breaks": true},
		"another bucket": {"resource": "arn:aws:s3:::other/*", "breaks": false},
	}
	statement := {
		"Action": "s3:GetObject",
		"Effect": "Allow",
		"Principal": {"AWS": "arn:aws:iam::111122223333:role/web"},
		"Resource": "arn:aws:s3:::payroll/*",
		"Sid": "Open",
	}
	plan := example.plan([
		example.role("web", []),
		example.created("aws_s3_bucket_policy", "b", {"bucket": "payroll", "policy": example.text([statement])}, {}),
	])
	found := guardrail.denied with input as plan
		with data.iam.ci.settings as {"account": "111122223333"}
		with data.iam.ci.guardrails as [{"id": "g", "must_not": {"actions": ["s3:Get*"], "principal": _role, "resources": [tc.resource]}}]
	{[one.address, one.policy, one.sid] | some one in found} == {["aws_iam_role.web", "aws_s3_bucket_policy.b", "Open"] | tc.breaks}
}

test_queues_policies_count if {
	arn := "arn:aws:sqs:eu-west-1:111122223333:q"
	statement := {"Action": "sqs:SendMessage", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/web"}, "Resource": arn}
	plan := example.plan([
		example.role("web", []),
		example.created("aws_sqs_queue", "q", {"arn": arn, "policy": example.text([statement])}, {}),
	])
	found := guardrail.denied with input as plan
		with data.iam.ci.settings as {"account": "111122223333"}
		with data.iam.ci.guardrails as [{"id": "g", "must_not": {"actions": ["sqs:*"], "principal": _role, "resources": ["arn:aws:sqs:*:*:*"]}}]
	example.rules(found) == {"g"}
}

test_compiled_policies_are_named if {
	plan := example.plan([example.attached("a", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess", "role": "web"}, {})])
	found := guardrail.denied with input as plan
		with data.iam.ci.guardrails as [{"id": "g", "must_not": {"actions": ["*"], "principal": "*"}}]
	[one.policy | some one in found] == ["arn:aws:iam::aws:policy/AdministratorAccess"]
}

test_sensitive_policies_are_not_shown if {
	role := example.role("web", [object.union(example.allowing("s3:GetSecretThing", "*"), {"Sid": "Secret"})])
	plan := example.plan([object.union(role, {"change": {"after_sensitive": {"inline_policy": true}}})])
	found := guardrail.denied with input as plan
		with data.iam.ci.guardrails as [{"id": "g", "must_not": {"actions": ["s3:Get*"], "principal": "*"}}]
	example.rules(found) == {"g"}
	not contains(lower(json.marshal(found)), "secret")
}
