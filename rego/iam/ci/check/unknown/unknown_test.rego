package iam.ci.check.unknown_test

import data.iam.ci.check.unknown
import data.iam.ci.example_test as example

test_what_is_not_known_is_undecided if {
	plan := example.plan([example.created("aws_sqs_queue_policy", "q", {}, {"policy": true})])
	[[found.rule, found.verdict, found.address, found.path] | some found in unknown.denied] == [[
		"UNKNOWN_UNTIL_APPLY", "undecided", "aws_sqs_queue_policy.q", "/resource_changes/0/change/after/policy",
	]] with input as plan
}

test_what_is_known_passes if {
	unknown.denied == set() with input as example.plan([example.role("web", [])])
	count(unknown.warned) == 0
}
