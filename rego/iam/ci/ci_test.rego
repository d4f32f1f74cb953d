package iam.ci_test

import data.iam.ci
import data.iam.ci.cloudformation
import data.iam.ci.document
import data.iam.ci.example_test as example
import data.iam.ci.terraform

_sound := example.policy([example.allowing("s3:GetObject", "arn:aws:s3:::b/*")])

test_verdicts[note] if {
	some note, tc in {
		"sound": {"given": _sound, "verdict": "pass"},
		"dangerous": {"given": example.policy([example.allowing("*", "*")]), "verdict": "deny"},
		"not known": {
			"given": example.plan([example.created("aws_sqs_queue_policy", "q", {}, {"policy": true})]),
			"verdict": "undecided",
		},
		"nothing": {"given": {}, "verdict": "nothing-to-judge"},
	}
	ci.report.verdict == tc.verdict with input as tc.given
}

test_findings_are_in_order if {
	files := [
		{"contents": example.policy([example.allowing("*", "*")]), "path": "b.json"},
		{"contents": example.policy([example.allowing("*", "*")]), "path": "a.json"},
	]
	[[found.file, found.path, found.rule] | some found in ci.report.findings] == [
		["a.json", "", "FULL_ADMIN"],
		["a.json", "/Statement/0/Action", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"],
		["b.json", "", "FULL_ADMIN"],
		["b.json", "/Statement/0/Action", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"],
	] with input as files
}

# Broken in every way that a check has.
_bad := example.plan([
	example.role("web", [example.allowing("s3 Get", "*"), example.allowing("iam:CreateAccessKey", "*")]),
	example.attached("a", {"policy_arn": "arn:aws:iam::aws:policy/aws-service-role/X", "role": "web"}, {}),
	example.attached("b", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess", "role": "boss"}, {}),
	example.created("aws_sqs_queue_policy", "q", {}, {"policy": true}),
	example.created(
		"aws_sqs_queue_policy", "o", {"policy": example.text([{
			"Action": "sqs:*",
			"Effect": "Allow",
			"Principal": {"AWS": "222222222222"},
			"Resource": "*",
		}])},
		{},
	),
	example.created("aws_new_thing", "n", {"p": example.text([])}, {}),
])

_guardrails := [{"id": "nobody", "must_not": {"actions": ["s3:*"], "principal": "arn:aws:iam::*:role/boss"}}]

_exceptions := [{"address": "x", "reason": "r", "rule": "R", "until": "2001-01-01"}]

_names := {
	"deny_attachment", "deny_coverage", "deny_document", "deny_escalation", "deny_exemption", "deny_exposure",
	"deny_guardrail", "deny_unknown",
}

_findings(found) := {[one.rule, one.address, one.verdict] | some one in found}

_reported := _findings(ci.report.findings)

_whole := {rule: _findings(ci[rule]) | some rule in (_names | {"warn"})}

_terraform := {rule: _findings(terraform[rule]) | some rule in (_names | {"warn"})}

_document := {rule: _findings(document[rule]) | some rule in (_names | {"warn"})}

_cloudformation := {rule: _findings(cloudformation[rule]) | some rule in (_names | {"warn"})}

test_namespace_says_what_the_report_says_whole if {
	reported := _reported with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	said := _whole with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	reported == {found | some findings in said; some found in findings; found[0] != "OTHER_KIND_OF_FILE"}
	every rule in _names {
		count(said[rule]) > 0
	}
}

test_namespace_says_what_the_report_says_terraform if {
	reported := _reported with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	said := _terraform with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	reported == {found | some findings in said; some found in findings; found[0] != "OTHER_KIND_OF_FILE"}
	every rule in _names {
		count(said[rule]) > 0
	}
}

test_namespace_says_what_the_report_says_document if {
	reported := _reported with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	said := _document with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	reported == {found | some findings in said; some found in findings; found[0] != "OTHER_KIND_OF_FILE"}
	every rule in _names {
		count(said[rule]) > 0
	}
}

test_namespace_says_what_the_report_says_cloudformation if {
	reported := _reported with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	said := _cloudformation with input as _bad with data.iam.ci.guardrails as _guardrails with data.iam.ci.exceptions as _exceptions
	reported == {found | some findings in said; some found in findings; found[0] != "OTHER_KIND_OF_FILE"}
	every rule in _names {
		count(said[rule]) > 0
	}
}

test_namespaces_of_one_kind_refuse_others if {
	example.rules(terraform.deny_coverage) == {"OTHER_KIND_OF_FILE"} with input as _sound
	example.rules(cloudformation.deny_coverage) == {"OTHER_KIND_OF_FILE"} with input as _sound
	document.deny_coverage == set() with input as _sound
	example.rules(document.deny_coverage) == {"OTHER_KIND_OF_FILE"} with input as example.plan([example.role("web", [])])
}

test_exceptions_are_conftests_own if {
	exceptions := [{"address": "*", "reason": "r", "rule": "FULL_ADMIN", "until": "2999-01-01"}]
	given := [{"contents": example.policy([example.allowing("*", "*")]), "path": "a.json"}]
	ci.exception == {["escalation"]} with input as given with data.iam.ci.exceptions as exceptions
	document.exception == {["escalation"]} with input as given with data.iam.ci.exceptions as exceptions
	terraform.exception == {["escalation"]} with input as given with data.iam.ci.exceptions as exceptions
	cloudformation.exception == {["escalation"]} with input as given with data.iam.ci.exceptions as exceptions
	{found.rule | some found in document.warn; found.check == "escalation"} == {"FULL_ADMIN"} with input as given with data.iam.ci.exceptions as exceptions
}
