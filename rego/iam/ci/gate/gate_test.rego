package iam.ci.gate_test

import data.iam.ci.example_test as example
import data.iam.ci.gate

_admin := example.plan([example.attached("a", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess", "role": "web"}, {})])

_unknown := example.plan([example.created("aws_sqs_queue_policy", "q", {}, {"policy": true})])

_exception := {
	"address": "aws_iam_role_policy_attachment.a",
	"reason": "break glass",
	"rule": "FULL_ADMIN",
	"until": "2999-12-31",
}

test_findings_refuse if {
	example.rules(gate.denied("escalation")) == {"FULL_ADMIN"} with input as _admin
	example.rules(gate.warned("escalation")) == set() with input as _admin
	gate.is_excepted("escalation") == false with input as _admin
}

test_excepted_findings_are_told if {
	gate.denied("escalation") == set() with input as _admin with data.iam.ci.exceptions as [_exception]
	found := gate.warned("escalation") with input as _admin with data.iam.ci.exceptions as [_exception]
	[[one.rule, one.verdict, one.severity, one.message] | some one in found] == [[
		"FULL_ADMIN", "warn", "warning",
		"may do everything, IAM's own actions included (excepted until 2999-12-31, break glass)",
	]]
	gate.is_excepted("escalation") == true with input as _admin with data.iam.ci.exceptions as [_exception]
}

test_exceptions_from_one_finding_leave_the_others if {
	other := example.attached("b", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess", "role": "app"}, {})
	plan := example.plan(array.concat(_admin.resource_changes, [other]))
	found := gate.denied("escalation") with input as plan with data.iam.ci.exceptions as [_exception]
	example.told(found) == {["FULL_ADMIN", "aws_iam_role_policy_attachment.b"]}
	gate.is_excepted("escalation") == false with input as plan with data.iam.ci.exceptions as [_exception]
}

test_undecided_refuses_unless_told_otherwise if {
	example.rules(gate.denied("unknown")) == {"UNKNOWN_UNTIL_APPLY"} with input as _unknown
	gate.denied("unknown") == set() with input as _unknown with data.iam.ci.settings as {"undecided": "warn"}
	found := gate.warned("unknown") with input as _unknown with data.iam.ci.settings as {"undecided": "warn"}
	[[one.verdict, one.severity] | some one in found] == [["undecided", "warning"]]
	gate.is_excepted("unknown") == false with input as _unknown
		with data.iam.ci.settings as {"undecided": "warn"}
		with data.iam.ci.exceptions as [_exception]
	gate.is_lenient({"verdict": "deny"}) == false with data.iam.ci.settings as {"undecided": "warn"}
}

test_findings_are_shown_with_their_place[note] if {
	some note, tc in {
		"address": {"place": {"address": "a", "policy": "p"}, "msg": "a: m (R)"},
		"policy": {"place": {"address": "", "policy": "p"}, "msg": "p: m (R)"},
		"neither": {"place": {"address": "", "policy": ""}, "msg": "m (R)"},
	}
	gate.shown(object.union(tc.place, {"message": "m", "rule": "R"})).msg == tc.msg
}

test_other_kinds_are_refused if {
	example.rules(gate.other_kinds("terraform")) == {"OTHER_KIND_OF_FILE"} with input as example.policy([])
	gate.other_kinds("terraform") == set() with input as _admin
}
