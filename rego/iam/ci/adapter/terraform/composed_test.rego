package iam.ci.adapter.terraform_test

import data.iam.ci.adapter.terraform
import data.iam.ci.example_test as example

_source(name, values, unknown) := {
	"address": $"data.aws_iam_policy_document.{name}",
	"change": {
		"actions": ["read"],
		"after": values,
		"after_unknown": object.union({"id": true, "json": true}, unknown),
		"before": null,
	},
	"mode": "data",
	"name": name,
	"type": "aws_iam_policy_document",
}

_later(statement, unknown, references) := example.configured(
	[
		_source("d", {"statement": [statement], "version": null}, {"statement": [unknown]}),
		example.created("aws_sqs_queue_policy", "q", {}, {"policy": true}),
	],
	{"resources": [_own("aws_sqs_queue_policy", "q", {"policy": {"references": references}})]},
)

_json := ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]

_id := "0 aws_sqs_queue_policy.q policy"

test_documents_that_are_composed_later_are_read_as_far_as_they_are_known if {
	plan := _later(
		{
			"actions": ["sqs:SendMessage"],
			"condition": [{"test": "ArnEquals", "values": [null], "variable": "aws:SourceArn"}],
			"effect": null,
			"not_actions": null,
			"principals": [{"identifiers": ["sns.amazonaws.com"], "type": "Service"}],
			"resources": [null, "arn:aws:sqs:eu-west-1:111122223333:q"],
			"sid": "Publish",
		},
		{"condition": [{"values": [true]}], "resources": [true, false]},
		_json,
	)
	found := terraform.documents[_id] with input as plan
	found.value == {
		"Statement": [{
			"Action": ["sqs:SendMessage"],
			"Condition": {"ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::opa-iam-not-known"]}},
			"Effect": "Allow",
			"Principal": {"Service": ["sns.amazonaws.com"]},
			"Resource": ["arn:aws:s3:::opa-iam-not-known", "arn:aws:sqs:eu-west-1:111122223333:q"],
			"Sid": "Publish",
		}],
		"Version": "2012-10-17",
	}
	object.keys(found.holes) == {"/Statement/0/Condition/ArnEquals/aws:SourceArn/0", "/Statement/0/Resource/0"}
	found.policy_type == "resource"
	terraform.unknowns == set() with input as plan
}

test_whole_lists_that_are_not_known if {
	plan := _later(
		{"actions": ["sqs:*"], "effect": "Deny", "not_principals": [], "principals": [{"identifiers": ["*"], "type": "*"}], "sid": ""},
		{"resources": true},
		_json,
	)
	found := terraform.documents[_id] with input as plan
	found.value.Statement == [{
		"Action": ["sqs:*"],
		"Effect": "Deny",
		"Principal": "*",
		"Resource": ["arn:aws:s3:::opa-iam-not-known"],
	}]
}

test_principals_that_are_not_known_are_told if {
	plan := _later(
		{"actions": ["sqs:*"], "principals": [{"identifiers": [null], "type": "AWS"}], "resources": ["*"]},
		{"principals": [{"identifiers": [true]}]},
		_json,
	)
	{unknown.what | some unknown in terraform.unknowns} == {"whom the policy lets in"} with input as plan
}

test_what_can_not_be_composed_stays_unknown[note] if {
	some note, tc in {
		"actions": {"unknown": {"actions": [true]}, "references": _json},
		"a statement": {"unknown": true, "references": _json},
		"something else": {"unknown": {}, "references": array.concat(_json, ["local.x"])},
		"another source": {"unknown": {}, "references": ["data.aws_iam_policy_document.e.json"]},
		"another attribute": {"unknown": {}, "references": ["data.aws_iam_policy_document.d.id"]},
	}
	plan := _later({"actions": ["sqs:*"], "resources": ["*"]}, tc.unknown, tc.references)
	terraform.documents == {} with input as plan
	{unknown.what | some unknown in terraform.unknowns} == {"policy"} with input as plan
}

test_sources_that_take_up_others_stay_unknown if {
	change := _source("d", {"source_policy_documents": ["{}"], "statement": []}, {})
	plan := example.configured(
		[change, example.created("aws_sqs_queue_policy", "q", {}, {"policy": true})],
		{"resources": [_own("aws_sqs_queue_policy", "q", {"policy": {"references": _json}})]},
	)
	terraform.documents == {} with input as plan
}

test_composed_policies_are_attached if {
	plan := example.configured(
		[
			_source("d", {"statement": [{"actions": ["s3:GetObject"], "resources": [null]}]}, {"statement": [{"resources": [true]}]}),
			example.created("aws_iam_role_policy", "p", {"role": "web"}, {"policy": true}),
		],
		{"resources": [_own("aws_iam_role_policy", "p", {"policy": {"references": _json}})]},
	)
	_policies("0 role web") == {"0 aws_iam_role_policy.p policy"} with input as plan
	terraform.unknowns == set() with input as plan
}
