package iam.lint_test

# GRAM-25, ACT-12
test_variables_where_none_counts[note] if {
	code := "VARIABLE_UNSUPPORTED_IN_ELEMENT"
	some note, [policy_type, members, paths] in {
		"an action": ["identity", {"Action": ["s3:*", "s3:${aws:username}"]}, {"/Statement/0/Action/1"}],
		"an action's name": ["identity", {"Action": "s3:${name}"}, {"/Statement/0/Action"}],
		"an excluded action": ["identity", {"Action": null, "NotAction": "s3:${a:b}"}, {"/Statement/0/NotAction"}],
		"a principal": ["resource", {"Principal": {"AWS": "${aws:PrincipalArn}"}}, {"/Statement/0/Principal/AWS"}],
		"a Sid": ["resource", {"Sid": "${aws:username}"}, {"/Statement/0/Sid"}],
		"a Sid that is refused anyway": ["identity", {"Sid": "${aws:username}"}, set()],
		"a key": [
			"identity", {"Condition": {"StringEquals": {"aws:PrincipalTag/${aws:username}": "x"}}},
			{"/Statement/0/Condition/StringEquals/aws:PrincipalTag~1${aws:username}"},
		],
		"where they count": [
			"identity",
			{
				"Condition": {"StringEquals": {"aws:PrincipalTag/a": "${aws:username}"}},
				"Resource": "arn:aws:s3:::b/${aws:username}",
			},
			set(),
		],
		"a brace alone": ["identity", {"Action": "s3:${x"}, set()],
	}
	_found({code}, _item(policy_type, members)) == {[code, "ERROR", path] | some path in paths}
}

# GRAM-12
test_variables_of_an_old_version[note] if {
	code := "VARIABLE_UNSUPPORTED_IN_VERSION"
	some note, [members, paths] in {
		"a resource": [{"Resource": ["*", "arn:aws:s3:::b/${aws:username}"]}, {"/Statement/0/Resource/1"}],
		"an escape": [{"Resource": "arn:aws:s3:::b/${*}"}, {"/Statement/0/Resource"}],
		"a value": [
			{"Condition": {"StringLike": {"s3:prefix": ["a", "${aws:username}/*"]}}},
			{"/Statement/0/Condition/StringLike/s3:prefix/1"},
		],
		"braces without a key": [{"Resource": "arn:aws:s3:::b/${name}"}, set()],
		"where none counts": [{"Condition": {"NumericEquals": {"s3:max-keys": "${aws:username}"}}}, set()],
	}
	present := _item("identity", members)
	old := object.union(present, {"document": {"Version": "2008-10-17"}})
	_found({code}, old) == {[code, "ERROR", path] | some path in paths}
	_found({code}, present) == set()
}
