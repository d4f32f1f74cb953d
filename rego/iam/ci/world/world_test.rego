package iam.ci.world_test

import data.iam.ci.example_test as example
import data.iam.ci.world

_may(id, action, resource) := world.allows("after", object.union(
	world.subjects.after[id].request,
	{"action": action, "resource": resource},
))

test_a_principal_may_what_its_policies_allow[note] if {
	some note, tc in {
		"allowed": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "allowed": true},
		"another action": {"action": "s3:PutObject", "resource": "arn:aws:s3:::b/k", "allowed": false},
		"another resource": {"action": "s3:GetObject", "resource": "arn:aws:s3:::c/k", "allowed": false},
	}
	plan := example.plan([example.role("web", [example.allowing("s3:GetObject", "arn:aws:s3:::b/*")])])
	_may("0 aws_iam_role.web", tc.action, tc.resource) == tc.allowed with input as plan
}

test_reasons_name_the_statement if {
	plan := example.plan([example.role("web", [example.allowing("s3:GetObject", "*")])])
	request := object.union(world.subjects.after["0 aws_iam_role.web"].request, {"action": "s3:GetObject"}) with input as plan
	found := world.reasons("after", request) with input as plan
	[[reason.policy, reason.index] | some reason in found] == [["0 aws_iam_role.web inline_policy 0", 1]]
}

test_boundaries_confine[note] if {
	some note, tc in {
		"known": {"boundary": "arn:aws:iam::111122223333:policy/b", "allowed": false, "missing": 0},
		"not known": {"boundary": "arn:aws:iam::111122223333:policy/c", "allowed": true, "missing": 1},
	}
	role := example.role("web", [example.allowing("s3:GetObject", "*")])
	bounded := object.union(role, {"change": {"after": {"permissions_boundary": tc.boundary}}})
	boundary := example.created(
		"aws_iam_policy", "b",
		{"arn": "arn:aws:iam::111122223333:policy/b", "name": "b", "policy": example.text([])}, {},
	)
	plan := example.plan([bounded, boundary])
	_may("0 aws_iam_role.web", "s3:GetObject", "*") == tc.allowed with input as plan
	count(world.subjects.after["0 aws_iam_role.web"].missing) == tc.missing with input as plan
	object.keys(world.subjects.after) == {"0 aws_iam_role.web", "0 aws_iam_policy.b policy"} - _attached(tc.missing) with input as plan
}

_attached(0) := {"0 aws_iam_policy.b policy"}

_attached(1) := set()

test_resources_policies_count if {
	statement := {
		"Action": "s3:GetObject",
		"Effect": "Deny",
		"Principal": "*",
		"Resource": "arn:aws:s3:::b/*",
	}
	bucket := example.created("aws_s3_bucket_policy", "b", {"bucket": "b", "policy": example.text([statement])}, {})
	plan := example.plan([example.role("web", [example.allowing("s3:GetObject", "*")]), bucket])
	_may("0 aws_iam_role.web", "s3:GetObject", "arn:aws:s3:::b/k") == false with input as plan
	_may("0 aws_iam_role.web", "s3:GetObject", "arn:aws:s3:::c/k") == true with input as plan
}

test_policies_by_arn[note] if {
	some note, tc in {
		"of administrators": {"arn": "arn:aws:iam::aws:policy/AdministratorAccess", "allowed": true},
		"compiled": {"arn": "arn:aws:iam::aws:policy/A", "allowed": true},
		"not known": {"arn": "arn:aws:iam::aws:policy/B", "allowed": false},
	}
	compiled := {"arn:aws:iam::aws:policy/A": data.iam.document.indexed(data.iam.document.lowered(
		example.policy([example.allowing("s3:GetObject", "*")]),
		"identity",
	).statements)}
	plan := example.plan([example.attached("a", {"policy_arn": tc.arn, "role": "web"}, {})])
	_may("0 role web", "s3:GetObject", "arn:aws:s3:::b/k") == tc.allowed with input as plan with data.iam.policies as compiled
}

test_policies_that_nobody_has_are_asked_about_alone if {
	subject := world.subjects.after["document 0"] with input as example.policy([example.allowing("s3:GetObject", "*")])
	[subject.kind, subject.keys, subject.whole] == ["policy", ["document 0"], true]
	_may("document 0", "s3:GetObject", "*") with input as example.policy([example.allowing("s3:GetObject", "*")])
}

test_members_of_a_group_ask_for_it if {
	world.caller({"arn": "arn:aws:iam::111122223333:group/g"}) == "arn:aws:iam::111122223333:user/g"
	world.caller({"kind": "role"}) == "arn:aws:iam::000000000000:user/whoever"
}

test_the_state_before_is_asked_too if {
	old := {"policy": example.text([example.allowing("s3:GetObject", "*")]), "role": "web"}
	new := {"policy": example.text([]), "role": "web"}
	plan := example.plan([example.updated("aws_iam_role_policy", "p", old, new)])
	request := object.union(world.subjects.before["0 role web"].request, {"action": "s3:GetObject"}) with input as plan
	world.allows("before", request) == true with input as plan
	world.allows("after", request) == false with input as plan
}

test_what_two_files_say_of_one_resource_counts_together if {
	allow := {"Action": "s3:GetObject", "Effect": "Allow", "Principal": "*", "Resource": "arn:aws:s3:::b/*"}
	one := {"holder": "arn:aws:s3:::b", "policy_type": "resource", "value": {"Statement": allow}}
	other := object.union(one, {"value": {"Statement": [object.union(allow, {"Action": "s3:PutObject"})]}})
	documents := {"a": one, "b": other}
	actions := world.policies.after["arn:aws:s3:::b"].actions.Allow.s3.tested with data.iam.ci.state.documents as documents
	object.keys(actions) == {"getobject", "putobject"}
}

test_policies_that_are_looked_up_decide_and_are_not_judged if {
	arn := "arn:aws:iam::111122223333:policy/p"
	plan := object.union(
		example.plan([example.attached("a", {"policy_arn": arn, "role": "web"}, {})]),
		{"prior_state": {"values": {"root_module": {"resources": [{
			"address": "data.aws_iam_policy.p",
			"mode": "data",
			"name": "p",
			"type": "aws_iam_policy",
			"values": {"arn": arn, "policy": example.text([example.allowing("s3:GetObject", "*")])},
		}]}}}},
	)
	_may("0 role web", "s3:GetObject", "*") with input as plan
	object.keys(world.subjects.after) == {"0 role web"} with input as plan
}
