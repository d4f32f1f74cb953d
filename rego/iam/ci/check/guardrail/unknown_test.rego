package iam.ci.check.guardrail_test

import data.iam.ci.check.guardrail
import data.iam.ci.example_test as example

# A role's policy about a resource that is not known yet, and one about a known one.
_later(actions) := example.configured(
	[
		{
			"address": "data.aws_iam_policy_document.d",
			"change": {
				"actions": ["read"],
				"after": {"statement": [{"actions": actions, "resources": [null]}]},
				"after_unknown": {"json": true, "statement": [{"resources": [true]}]},
				"before": null,
			},
			"mode": "data",
			"name": "d",
			"type": "aws_iam_policy_document",
		},
		example.created("aws_iam_role_policy", "p", {"role": "web"}, {"policy": true}),
		example.created(
			"aws_iam_role_policy", "q",
			{"policy": example.text([example.allowing("sqs:SendMessage", "*")]), "role": "web"}, {},
		),
		example.created("aws_sqs_queue_policy", "o", {"policy": example.text([])}, {}),
	],
	{"resources": [{
		"expressions": {"policy": {"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}},
		"mode": "managed",
		"name": "p",
		"type": "aws_iam_role_policy",
	}]},
)

test_what_depends_on_the_unknown_is_undecided[note] if {
	some note, tc in {
		"it may come to be allowed": {"kind": "must_not", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::payroll/*"], "verdicts": {"undecided"}},
		"it is allowed wherever that is": {"kind": "must_not", "actions": ["s3:GetObject"], "verdicts": {"deny"}},
		"it is never allowed": {"kind": "must_not", "actions": ["ec2:RunInstances"], "verdicts": set()},
		"it is allowed anyway": {"kind": "must_not", "actions": ["sqs:*"], "verdicts": {"deny"}},
	}
	wanted := object.union({"principal": "*"}, object.remove(tc, ["kind", "verdicts"]))
	found := guardrail.denied with input as _later(["s3:GetObject"]) with data.iam.ci.guardrails as [{"id": "g", tc.kind: wanted}]
	{one.verdict | some one in found} == tc.verdicts
	{contains(one.message, "depends on data.aws_iam_policy_document.d") |
		some one in found
		one.verdict == "undecided"
	} == {true | "undecided" in tc.verdicts}
}

test_what_must_be_may_depend_on_the_unknown[note] if {
	some note, tc in {
		"what must be is": {"kind": "must", "actions": ["sqs:SendMessage"], "verdicts": set()},
		"what must be may not be": {
			"kind": "must",
			"actions": ["s3:GetObject"],
			"resources": ["arn:aws:s3:::opa-iam-not-known"],
			"verdicts": {"undecided"},
		},
		"what must be is not": {"kind": "must", "actions": ["ec2:RunInstances"], "verdicts": {"deny"}},
	}
	wanted := object.union({"principal": "*"}, object.remove(tc, ["kind", "verdicts"]))
	found := guardrail.denied with input as _later(["s3:GetObject"]) with data.iam.ci.guardrails as [{"id": "g", tc.kind: wanted}]
	{one.verdict | some one in found} == tc.verdicts
	{contains(one.message, "depends on data.aws_iam_policy_document.d") |
		some one in found
		one.verdict == "undecided"
	} == {true | "undecided" in tc.verdicts}
}
