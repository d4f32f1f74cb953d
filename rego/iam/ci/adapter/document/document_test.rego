package iam.ci.adapter.document_test

import data.iam.ci.adapter.document
import data.iam.ci.example_test as example

_only := one if [one] = [one | some one in document.documents]

_allow := {"Action": "sqs:SendMessage", "Effect": "Allow"}

test_policy_type_is_guessed[note] if {
	some note, tc in {
		"no principals": {"statements": [example.allowing("s3:Get*", "*")], "type": "identity"},
		"no statements": {"statements": [], "type": "identity"},
		"statements that are none": {"statements": ["x"], "type": "identity"},
		"principals and resources": {
			"statements": [object.union(_allow, {"Principal": "*", "Resource": "*"})],
			"type": "resource",
		},
		"principals without resources": {"statements": [object.union(_allow, {"Principal": "*"})], "type": "role_trust"},
		"roles with a needless resource": {
			"statements": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": "*", "Resource": "*"}],
			"type": "role_trust",
		},
	}
	found := _only with input as example.policy(tc.statements)
	[found.policy_type, found.guessed] == [tc.type, true]
}

test_policy_type_can_be_said if {
	found := _only with input as example.policy([])
		with data.iam.ci.settings as {"policy_type": "resource", "resource_type": "AWS::SQS::Queue"}
	[found.policy_type, found.resource_type, found.guessed] == ["resource", "AWS::SQS::Queue", false]
}

test_trust_policies_have_their_own_resource_type if {
	found := _only with input as example.policy([object.union(_allow, {"Principal": "*"})])
	found.resource_type == "AWS::IAM::AssumeRolePolicyDocument"
}

test_policies_with_more_around_them[note] if {
	some note, tc in {
		"a policy file": {"given": {"arn": "arn:aws:iam::1:policy/a", "document": {"Statement": []}}, "path": "/document", "managed": true},
		"a version": {"given": {"PolicyVersion": {"Document": {"Statement": []}}}, "path": "/PolicyVersion/Document", "managed": true},
		"an inline policy": {"given": {"PolicyDocument": `{"Statement": []}`}, "path": "/PolicyDocument", "managed": false},
	}
	found := _only with input as tc.given
	[found.path, found.managed, found.policy_type, found.guessed] == [tc.path, tc.managed, "identity", false]
	found.value == {"Statement": []}
	found.policy == object.get(tc.given, "arn", "")
}

test_text_that_is_no_json_is_a_fault if {
	found := _only with input as {"PolicyDocument": "{"}
	found.fault
}

test_files_are_told_apart if {
	found := document.documents with input as [
		{"contents": example.policy([]), "path": "a.json"},
		{"contents": {"kind": "Deployment"}, "path": "b.json"},
		{"contents": example.policy([]), "path": "c.json"},
	]
	{id: one.file | some id, one in found} == {"document 0": "a.json", "document 2": "c.json"}
}

test_nothing_else_is_in_a_file if {
	[count(document.before), count(document.principals), count(document.before_principals)] == [0, 0, 0]
	[count(document.unknowns), count(document.faults)] == [0, 0]
}
