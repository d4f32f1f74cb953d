package iam.ci.check.coverage_test

import data.iam.ci.check.coverage
import data.iam.ci.example_test as example

test_nothing_to_judge_is_refused[note] if {
	some note, given in {"nothing": {}, "an empty plan": example.plan([]), "another file": {"kind": "Deployment"}}
	example.rules(coverage.denied) == {"NOTHING_TO_JUDGE"} with input as given
	coverage.denied == set() with input as given with data.iam.ci.settings as {"allow_nothing": true}
}

test_one_file_of_several_is_enough if {
	files := [{"contents": example.policy([]), "path": "a"}, {"contents": {}, "path": "b"}]
	coverage.denied == set() with input as files
	[[found.rule, found.file] | some found in coverage.warned] == [["NOTHING_IN_FILE", "b"]] with input as files
}

test_faults_of_the_adapters_refuse if {
	example.rules(coverage.denied) == {"PLAN_FAILED"} with input as object.union(example.plan([]), {"errored": true})
}
