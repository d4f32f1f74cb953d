package iam.ci.state_test

import data.iam.ci.example_test as example
import data.iam.ci.state

_files := [
	{"contents": example.policy([]), "path": "policy.json"},
	{"contents": example.plan([example.role("web", [])]), "path": "plan.json"},
	{"contents": {"kind": "Deployment"}, "path": "other.yaml"},
	{"contents": example.plan([example.created("aws_iam_user", "u", {"name": "u"}, {})]), "path": "user.json"},
	{"contents": example.plan([example.created("aws_sqs_queue", "q", {}, {"policy": true})]), "path": "unknown.json"},
	{"contents": object.union(example.plan([]), {"errored": true}), "path": "failed.json"},
]

test_files_of_different_kinds_are_joined if {
	{one.file | some one in state.documents} == {"plan.json", "policy.json"} with input as _files
	{one.file | some one in state.principals} == {"plan.json", "user.json"} with input as _files
	{unknown.file | some unknown in state.unknowns} == {"unknown.json"} with input as _files
	{fault.file | some fault in state.faults} == {"failed.json"} with input as _files
	state.before == {} with input as _files
	state.before_principals == {} with input as _files
	state.compared == {"failed.json", "plan.json", "unknown.json", "user.json"} with input as _files
}

test_something_is_judged_in_files_that_have_anything if {
	state.judged == {0, 1, 3, 4, 5} with input as _files
}

test_nothing_is_in_an_empty_plan if {
	state.judged == set() with input as example.plan([])
}
