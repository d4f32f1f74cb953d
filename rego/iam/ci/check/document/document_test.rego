package iam.ci.check.document_test

import data.iam.ci.check.document
import data.iam.ci.example_test as example

test_errors_refuse_and_warnings_are_told if {
	given := example.policy([
		{"Action": "s3 GetObject", "Effect": "Allow", "Resource": "*", "Sid": "A"},
		example.allowing("iam:PassRole", "*"),
	])
	[[found.rule, found.path, found.sid, found.verdict] | some found in document.denied] == [[
		"INVALID_ACTION", "/Statement/0/Action", "A", "deny",
	]] with input as given
	[[found.rule, found.severity] | some found in document.warned] == [["PASS_ROLE_WITH_STAR_IN_RESOURCE", "warning"]] with input as given
}

test_sound_documents_pass if {
	given := example.policy([example.allowing("s3:GetObject", "arn:aws:s3:::b/*")])
	document.denied == set() with input as given
	document.warned == set() with input as given
}

test_broken_text_is_refused if {
	plan := example.plan([example.created("aws_sqs_queue_policy", "q", {"policy": "{"}, {})])
	example.told(document.denied) == {["JSON_SYNTAX_ERROR", "aws_sqs_queue_policy.q"]} with input as plan
}

test_sensitive_policies_are_judged_and_not_shown if {
	values := {"name": "p", "policy": example.text([{"Action": "secret action", "Effect": "Allow", "Resource": "*", "Sid": "A"}])}
	change := example.created("aws_iam_policy", "p", values, {})
	plan := example.plan([object.union(change, {"change": {"after_sensitive": {"policy": true}}})])
	found := document.denied with input as plan
	example.rules(found) == {"INVALID_ACTION"}
	not contains(json.marshal(found), "secret")
	{one.sid | some one in found} == {""}
}

test_services_that_the_reference_does_not_know_can_be_told if {
	document.denied == set() with input as example.policy([example.allowing("new:Thing", "*")])
		with data.iam.ci.settings as {"extra_services": ["new"]}
}

# Who is let in is the exposure's to tell.
test_exposure_is_not_told_twice if {
	given := example.policy([{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": "*"}])
	not "OPA_IAM_PUBLIC_RESOURCE_POLICY" in example.rules(document.warned) with input as given
}

# What stands in for an ARN that is not known has no fault.
test_what_stands_in_is_not_at_fault if {
	change := {
		"address": "data.aws_iam_policy_document.d",
		"change": {
			"actions": ["read"],
			"after": {"statement": [{
				"actions": ["s3:GetObject"],
				"principals": [{"identifiers": [null], "type": "AWS"}],
				"resources": ["*"],
			}]},
			"after_unknown": {"json": true, "statement": [{"principals": [{"identifiers": [true]}]}]},
			"before": null,
		},
		"mode": "data",
		"name": "d",
		"type": "aws_iam_policy_document",
	}
	plan := example.configured(
		[change, example.created("aws_s3_bucket_policy", "p", {"bucket": "b"}, {"policy": true})],
		{"resources": [{
			"expressions": {"policy": {"references": ["data.aws_iam_policy_document.d.json"]}},
			"mode": "managed",
			"name": "p",
			"type": "aws_s3_bucket_policy",
		}]},
	)
	document.denied == set() with input as plan
}
