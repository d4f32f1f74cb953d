package iam.lint_test

# VAR-5
test_variables_of_known_keys[note] if {
	some note, [text, found] in {
		"a global key": ["${aws:username}", false],
		"with a default": ["${aws:username, 'x'}", false],
		"a tag": ["${aws:PrincipalTag/a}", false],
		"no global key": ["x-${aws:user}", true],
		"a list": ["${aws:TagKeys}", true],
		"a list with a default": ["${aws:PrincipalOrgPaths, 'x'}", true],
	}
	paths := ["/Statement/0/Resource", "/Statement/0/Condition/StringLike/s3:k"]
	expected := {["WARNING", [path]] | found; some path in paths}
	_reported_of("OPA_IAM_UNKNOWN_VARIABLE", [{
		"Condition": {"StringLike": {"s3:k": text}},
		"Resource": $"arn:aws:s3:::b/{text}",
	}]) == expected
}

# VAR-5
test_variables_without_a_key[note] if {
	some note, [text, found] in {
		"a service's key": ["${s3:AuthType}", false],
		"no service's key": ["${s3:nope}", true],
		"of an unknown service": ["${nope:x}", true],
		"no key at all": ["${username}", true],
		"an identity provider's": ["${token.example.com:sub}", false],
		"an escape": ["${*}", false],
	}
	paths := ["/Statement/0/Resource", "/Statement/0/Condition/StringLike/s3:k"]
	expected := {["WARNING", [path]] | found; some path in paths}
	_reported_of("OPA_IAM_UNKNOWN_VARIABLE", [{
		"Condition": {"StringLike": {"s3:k": text}},
		"Resource": $"arn:aws:s3:::b/{text}",
	}]) == expected
}

# VAR-7, GRAM-12
test_variables_that_are_text_have_no_key if {
	policy := _policy("identity", [{"Resource": "arn:aws:s3:::${aws:user}"}])
	old := object.union(policy, {"document": {"Version": "2008-10-17"}})
	count(_reported("OPA_IAM_UNKNOWN_VARIABLE", policy)) == 1
	_reported("OPA_IAM_UNKNOWN_VARIABLE", old) == set()
}

# VAR-5, VAR-7, RES-20, OPEN-3
test_denials_that_a_missing_variable_escapes[note] if {
	some note, [effect, members, path] in {
		"not these": ["Deny", {"Resource": null, "NotResource": "arn:aws:s3:::${aws:username}"}, "NotResource"],
		"these": ["Deny", {"Resource": "arn:aws:s3:::${aws:PrincipalTag/a}"}, "Resource"],
		"a value": ["Deny", {"Condition": {"StringLike": {"s3:k": "${aws:username}"}}}, "Condition/StringLike/s3:k"],
		"no value": ["Deny", {"Condition": {"StringNotLike": {"s3:k": "${aws:username}"}}}, ""],
		"a default": ["Deny", {"Resource": "arn:aws:s3:::${aws:username, 'x'}"}, ""],
		"always there": ["Deny", {"Resource": "arn:aws:s3:::${aws:userid}"}, ""],
		"allowed": ["Allow", {"Resource": "arn:aws:s3:::${aws:username}"}, ""],
	}
	expected := {["WARNING", [$"/Statement/0/{path}"]] | path != ""}
	_reported_of("OPA_IAM_VARIABLE_MAY_BE_MISSING", [object.union(members, {"Effect": effect})]) == expected
}
