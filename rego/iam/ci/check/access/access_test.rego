package iam.ci.check.access_test

import data.iam.ci.check.access
import data.iam.ci.example_test as example

_role_policy(before, after) := example.plan([example.updated(
	"aws_iam_role_policy", "p",
	{"policy": example.text(before), "role": "web"},
	{"policy": example.text(after), "role": "web"},
)])

_told(plan) := {[found.rule, found.message] | some found in access.warned with input as plan}

_read := example.allowing("s3:GetObject", "arn:aws:s3:::b/*")

test_what_changes_is_told[note] if {
	some note, tc in {
		"nothing": {"before": [_read], "after": [_read], "told": set()},
		"another way to say it": {"before": [_read], "after": [_read, _read], "told": set()},
		"more": {"before": [_read], "after": [_read, example.allowing("s3:Put*", "*")], "told": {["ACCESS_GAINED", "can now do s3:Put* on *"]}},
		"less": {"before": [_read], "after": [], "told": {["ACCESS_LOST", "can no longer do s3:GetObject on arn:aws:s3:::b/*"]}},
		"denied now": {
			"before": [_read],
			"after": [_read, {"Action": "s3:*", "Effect": "Deny", "Resource": "*"}],
			"told": {["ACCESS_LOST", "can no longer do s3:GetObject on arn:aws:s3:::b/*"]},
		},
	}
	_told(_role_policy(tc.before, tc.after)) == tc.told
	count(access.denied) == 0
}

test_requests_are_made_of_what_statements_say[note] if {
	some note, tc in {
		"a condition less": {
			"before": [object.union(_read, {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}})],
			"after": [_read],
			"told": {["ACCESS_GAINED", "can now do s3:GetObject on arn:aws:s3:::b/*"]},
		},
		"all but something": {
			"before": [],
			"after": [{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b"}],
			"told": {["ACCESS_GAINED", "can now do * on *"]},
		},
		"one statement instead of another": {
			"before": [_read, example.allowing("s3:List*", "*")],
			"after": [_read, example.allowing("s3:Put*", "arn:aws:s3:::b/*")],
			"told": {
				["ACCESS_GAINED", "can now do s3:Put* on arn:aws:s3:::b/*"],
				["ACCESS_LOST", "can no longer do s3:List* on *"],
			},
		},
	}
	_told(_role_policy(tc.before, tc.after)) == tc.told
}

test_resources_are_asked_about_as_they_are_written[note] if {
	some note, tc in {
		"everything instead of something": {
			"before": [_read],
			"after": [example.allowing("s3:GetObject", "*")],
			"told": {["ACCESS_GAINED", "can now do s3:GetObject on *"]},
		},
		"something instead of everything": {
			"before": [example.allowing("s3:GetObject", "arn:aws:s3:::*")],
			"after": [example.allowing("s3:GetObject", "arn:aws:s3:::b?/*")],
			"told": {["ACCESS_LOST", "can no longer do s3:GetObject on arn:aws:s3:::*"]},
		},
		"more names in fewer Regions": {
			"before": [example.allowing("sqs:SendMessage", "arn:aws:sqs:*:*:a*")],
			"after": [example.allowing("sqs:SendMessage", "arn:aws:sqs:eu-west-1:*:*")],
			"told": {["ACCESS_GAINED", "can now do sqs:SendMessage on arn:aws:sqs:eu-west-1:*:*"]},
		},
		"a variable": {
			"before": [],
			"after": [example.allowing("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalAccount}/?")],
			"told": {["ACCESS_GAINED", "can now do s3:GetObject on arn:aws:s3:::b/${aws:PrincipalAccount}/?"]},
		},
	}
	_told(_role_policy(tc.before, tc.after)) == tc.told
}

test_who_comes_gains_and_who_goes_loses if {
	arn := "arn:aws:iam::aws:policy/AdministratorAccess"
	came := example.plan([example.attached("a", {"policy_arn": arn, "role": "web"}, {})])
	_told(came) == {["ACCESS_GAINED", "can now do * on *"]}
	went := example.plan([example.resource("aws_iam_role_policy_attachment", "a", {"change": {
		"actions": ["delete"],
		"after": null,
		"before": {"policy_arn": arn, "role": "web"},
	}})])
	_told(went) == {["ACCESS_LOST", "can no longer do * on *"]}
}

test_compiled_policies_tell_their_actions if {
	arn := "arn:aws:iam::aws:policy/A"
	compiled := {arn: data.iam.document.indexed(data.iam.document.lowered(
		example.policy([example.allowing(["s3:GetObject", "sqs:*"], "*")]),
		"identity",
	).statements)}
	plan := example.plan([example.attached("a", {"policy_arn": arn, "role": "web"}, {})])
	found := access.warned with input as plan with data.iam.policies as compiled
	[one.message | some one in found] == ["can now do s3:getobject on *; sqs:* on *"]
}

test_long_lists_are_cut if {
	actions := [$"s3:Action{n}" | some n in numbers.range(11, 22)]
	_told(_role_policy([], [example.allowing(actions, "*")])) == {[
		"ACCESS_GAINED",
		"can now do s3:Action11 on *; s3:Action12 on *; s3:Action13 on *; s3:Action14 on *; s3:Action15 on *; s3:Action16 on *; s3:Action17 on *; s3:Action18 on *; s3:Action19 on *; s3:Action20 on * and 2 more",
	]}
}

test_limit_is_told if {
	actions := [$"s3:Action{n}" | some n in numbers.range(1, 30)]
	found := access.warned with input as _role_policy([], [example.allowing(actions, "*")]) with access.limit as 4
	{[one.rule, one.message] | some one in found} == {
		["ACCESS_NOT_ALL_ASKED", "of 30 requests that the changed policies speak of, 4 were asked"],
		["ACCESS_GAINED", "can now do s3:Action1 on *; s3:Action10 on *; s3:Action11 on *; s3:Action12 on *"],
	}
}

test_sensitive_policies_are_not_shown if {
	change := example.created("aws_iam_role_policy", "p", {"policy": example.text([_read]), "role": "web"}, {})
	plan := example.plan([object.union(change, {"change": {"after_sensitive": {"policy": true}}})])
	_told(plan) == {["ACCESS_GAINED", "can now do what a sensitive policy says"]}
}

test_files_that_tell_nothing_of_before_are_not_compared if {
	_told(example.policy([_read])) == set()
}

test_policies_that_somebody_gets_are_not_lost if {
	policy := example.updated("aws_iam_policy", "p", _policy("p", [_read]), _policy("p", []))
	_told(example.plan([policy])) == {["ACCESS_LOST", "can no longer do s3:GetObject on arn:aws:s3:::b/*"]}
	attached := example.attached("a", {"policy_arn": "arn:aws:iam::111122223333:policy/p", "role": "web"}, {})
	_told(example.plan([policy, attached])) == set()
}

_policy(name, statements) := {
	"arn": $"arn:aws:iam::111122223333:policy/{name}",
	"name": name,
	"policy": example.text(statements),
}

test_boundaries_and_versions_change_more_than_they_say[note] if {
	some note, tc in {
		"a boundary less": {"before": {"permissions_boundary": "arn:aws:iam::111122223333:policy/b"}, "after": {}},
		"a boundary more": {"before": {}, "after": {"permissions_boundary": "arn:aws:iam::111122223333:policy/b"}},
	}
	facts := {"arn": "arn:aws:iam::111122223333:user/u", "name": "u"}
	plan := example.plan([
		example.updated("aws_iam_user", "u", object.union(facts, tc.before), object.union(facts, tc.after)),
		example.updated(
			"aws_iam_user_policy", "p",
			{"policy": example.text([_read]), "user": "u"},
			{"policy": example.text([_read]), "user": "u"},
		),
		example.updated("aws_iam_policy", "b", _policy("b", []), _policy("b", [])),
	])
	{rule | some [rule, _] in _told(plan)} == {{"a boundary less": "ACCESS_GAINED", "a boundary more": "ACCESS_LOST"}[note]}
}

test_version_that_changes_is_asked_about if {
	own := {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}
	statement := object.union(_read, {"Condition": own})
	old := json.marshal({"Statement": [statement], "Version": "2012-10-17"})
	new := json.marshal({"Statement": [statement], "Version": "2008-10-17"})
	plan := example.plan([example.updated("aws_iam_role_policy", "p", {"policy": old, "role": "web"}, {"policy": new, "role": "web"})])
	{rule | some [rule, _] in _told(plan)} == {"ACCESS_LOST"}
}

test_what_is_denied_by_another_policy_is_lost if {
	denying := [{"Action": "s3:*", "Effect": "Deny", "Resource": "*"}]
	values := {"policy": example.text([_read]), "role": "web"}
	plan := example.plan([
		example.updated("aws_iam_role_policy", "p", values, values),
		example.created("aws_iam_role_policy", "d", {"policy": example.text(denying), "role": "web"}, {}),
	])
	_told(plan) == {["ACCESS_LOST", "can no longer do s3:GetObject on arn:aws:s3:::b/*"]}
}
