package iam.lint_test

# I.1 to I.5
test_accounts_and_organizations_of_another_shape[note] if {
	some note, [operator, key, value, found] in {
		"an account": ["StringEquals", "aws:SourceAccount", "111122223333", false],
		"no account": ["StringEquals", "aws:SourceAccount", "1111", true],
		"an anonymous caller": ["StringEquals", "aws:PrincipalAccount", "anonymous", false],
		"accounts": ["StringLike", "aws:SourceAccount", "1111*", false],
		"a star that is text": ["StringEquals", "aws:SourceAccount", "1111*", true],
		"a variable": ["StringEquals", "aws:SourceAccount", "${aws:PrincipalAccount}", false],
		"an organization": ["StringEquals", "aws:PrincipalOrgID", "o-abcdefghij", false],
		"no organization": ["StringNotEquals", "aws:PrincipalOrgID", "abcdefghij", true],
	}
	expected := {["WARNING", [$"/Statement/0/Condition/{operator}/{key}/0"]] | found}
	_reported_of("OPA_IAM_VALUE_SHAPE", [{"Condition": {operator: {key: [value]}}}]) == expected
}

# I.1 to I.5, COND-ARN-2
test_units_and_arns_of_another_shape[note] if {
	some note, [operator, key, value, found] in {
		"a unit": ["ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-abcdefghij/r-abcd/ou-abcd-12345678/", false],
		"a unit without slash": ["ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-abcdefghij/r-abcd/ou-abcd-12345678", true],
		"units": ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abcdefghij/*", false],
		"an ARN": ["StringEquals", "aws:SourceArn", "arn:aws:s3:::b", false],
		"no ARN": ["StringEquals", "aws:SourceArn", "b", true],
		"ARNs": ["StringLike", "aws:SourceArn", "*:b", false],
		"what is like no ARN": ["StringLike", "aws:SourceArn", "b*", true],
		"presence": ["Null", "aws:SourceArn", "true", false],
		"a role": ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/x", false],
		"a session": ["ArnLike", "aws:PrincipalArn", "arn:aws:sts::111122223333:assumed-role/x/y", true],
	}
	expected := {["WARNING", [$"/Statement/0/Condition/{operator}/{key}/0"]] | found}
	_reported_of("OPA_IAM_VALUE_SHAPE", [{"Condition": {operator: {key: [value]}}}]) == expected
}
