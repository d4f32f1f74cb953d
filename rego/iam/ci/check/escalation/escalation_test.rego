package iam.ci.check.escalation_test

import data.iam.ci.check.escalation
import data.iam.ci.example_test as example

_rules(statements) := [denied, warned] if {
	denied := example.rules(escalation.denied) with input as example.policy(statements)
	warned := example.rules(escalation.warned) with input as example.policy(statements)
}

test_full_admin[note] if {
	some note, tc in {
		"everything": {"statements": [example.allowing("*", "*")], "denied": {"FULL_ADMIN"}},
		"everything but a service": {
			"statements": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
			"denied": {"FULL_ADMIN"},
		},
		"reading": {"statements": [example.allowing("s3:GetObject", "*")], "denied": set()},
	}
	[denied, _] := _rules(tc.statements)
	denied == tc.denied
}

test_everything_but_iam_is_not_full_admin if {
	denied := [{"Action": ["autoscaling:*", "cloudformation:*", "code*:*", "sso:*"], "Effect": "Deny", "Resource": "*"}]
	statements := array.concat([{"Effect": "Allow", "NotAction": ["iam:*", "sso:*"], "Resource": "*"}], denied)
	[refused, _] := _rules(statements)
	refused == {"PRIVILEGE_ESCALATION"}
}

test_what_is_denied_is_not_asked if {
	services := ["iam:*", "sso:*", "codebuild:*", "codestar:*", "ec2-instance-connect:*", "glue:*", "lambda:*"]
	_rules([example.allowing("*", "*"), {"Action": services, "Effect": "Deny", "Resource": "*"}]) == [set(), set()]
}

_ways(ways) := told if {
	actions := {step.action | some steps in ways; some step in steps}
	found := escalation.denied with input as example.policy([example.allowing(sort(actions), "*")])
	[[one.rule, one.verdict] | some one in found] == [["PRIVILEGE_ESCALATION", "deny"]]
	told := {way | some one in found; some way in split(trim_prefix(one.message, "can give itself more rights: by "), "; by ")}
}

test_every_way_of_one_action_is_found if {
	ways := {name: steps | some name, steps in escalation.ways; count(steps) == 1}
	_ways(ways) == object.keys(ways)
}

test_every_way_of_a_passed_role_is_found if {
	ways := {name: steps | some name, steps in escalation.ways; count(steps) > 1}
	_ways(ways) == object.keys(ways)
}

test_ways_that_are_closed[note] if {
	some note, tc in {
		"a step is missing": {"statements": [example.allowing("iam:PassRole", "*")]},
		"of some role": {"statements": [
			example.allowing("iam:PassRole", "arn:aws:iam::111122223333:role/app-*"),
			example.allowing("lambda:*", "arn:aws:lambda:*:111122223333:function:app-*"),
			{"Action": "lambda:UpdateFunctionCode", "Effect": "Deny", "Resource": "*"},
		]},
		"to another service": {"statements": [
			object.union(example.allowing("iam:PassRole", "*"), {"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}),
			example.allowing(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
		]},
		"denied": {"statements": [
			example.allowing("iam:CreateAccessKey", "*"),
			{"Action": "iam:*", "Effect": "Deny", "Resource": "*"},
		]},
	}
	_rules(tc.statements) == [set(), set()]
}

test_ways_under_conditions_are_told if {
	statement := object.union(
		example.allowing("iam:CreateAccessKey", "*"),
		{"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
	)
	_rules([statement]) == [set(), {"CONDITIONAL_PRIVILEGE_ESCALATION"}]
}

test_service_that_a_role_is_passed_to_is_known if {
	_rules([
		object.union(example.allowing("iam:PassRole", "*"), {"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}),
		example.allowing(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
	]) == [{"PRIVILEGE_ESCALATION"}, set()]
}

test_rights_over_oneself[note] if {
	some note, tc in {
		"its own role": {"resource": "arn:aws:iam::*:role/web", "found": {["PRIVILEGE_ESCALATION", "aws_iam_role.web"]}},
		"another role": {"resource": "arn:aws:iam::*:role/other", "found": set()},
	}
	plan := example.plan([example.role("web", [example.allowing("iam:PutRolePolicy", tc.resource)])])
	example.told(escalation.denied) == tc.found with input as plan
}

test_rights_over_ones_own_policy if {
	arn := "arn:aws:iam::111122223333:policy/p"
	values := {"arn": arn, "name": "p", "policy": example.text([example.allowing("iam:CreatePolicyVersion", arn)])}
	plan := example.plan([
		example.created("aws_iam_policy", "p", values, {}),
		example.attached("a", {"policy_arn": arn, "role": "web"}, {}),
	])
	example.told(escalation.denied) == {["PRIVILEGE_ESCALATION", "aws_iam_role_policy_attachment.a"]} with input as plan
}

# Each policy is harmless, and both together are not.
test_policies_are_seen_together if {
	plan := example.plan([
		example.role("web", [example.allowing("iam:PassRole", "*")]),
		example.created("aws_iam_role_policy", "p", {"policy": example.text([example.allowing("ec2:RunInstances", "*")]), "role": "web"}, {}),
	])
	example.told(escalation.denied) == {["PRIVILEGE_ESCALATION", "aws_iam_role.web"]} with input as plan
}
