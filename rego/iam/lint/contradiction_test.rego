package iam.lint_test

import data.iam.lint

# COND-ALL-1, COND-MISS-1
test_presence_that_other_tests_exclude[note] if {
	some note, [block, excludes] in {
		"absent and equal": [{"Null": {"s3:k": "true"}, "StringEquals": {"s3:k": "x"}}, true],
		"absent and present": [{"Null": {"s3:k": "true"}, "StringEqualsIfExists": {"s3:k": "x"}}, false],
		"absent and not equal": [{"Null": {"s3:k": "true"}, "StringNotEquals": {"s3:k": "x"}}, false],
		"present and equal": [{"Null": {"s3:k": "false"}, "StringEquals": {"s3:k": "x"}}, false],
		"absent and present by Null": [{"Null": {"s3:k": "true"}, "null": {"s3:k": "false"}}, true],
		"absent, another present": [{"Null": {"s3:k": "true", "s3:l": "false"}}, false],
	}
	expected := {["WARNING", ["/Statement/0"]] | excludes}
	_reported_of("OPA_IAM_NEVER_MATCHES", [{"Condition": block}]) == expected
}

# COND-ALL-1
test_texts_that_exclude_each_other[note] if {
	some note, [block, excludes] in {
		"equal and not": [{"StringEquals": {"s3:k": ["x"]}, "StringNotEquals": {"S3:K": ["x", "y"]}}, true],
		"equal and not in part": [{"StringEquals": {"s3:k": ["x", "z"]}, "StringNotEquals": {"s3:k": ["x", "y"]}}, false],
		"equal and unlike": [{"StringEquals": {"s3:k": "x"}, "StringLike": {"s3:k": "y*"}}, true],
		"equal and like": [{"StringEquals": {"s3:k": "yx"}, "StringLike": {"s3:k": "y*"}}, false],
		"equal but for case": [{"StringEquals": {"s3:k": "X"}, "StringEqualsIgnoreCase": {"s3:k": "x"}}, false],
		"equal to a variable": [{"StringEquals": {"s3:k": "${aws:username}"}, "StringLike": {"s3:k": "y*"}}, false],
	}
	expected := {["WARNING", ["/Statement/0"]] | excludes}
	_reported_of("OPA_IAM_NEVER_MATCHES", [{"Condition": block}]) == expected
}

# COND-ALL-1
test_ranges_that_are_empty[note] if {
	some note, [block, excludes] in {
		"equal, if there": [{"StringEqualsIfExists": {"s3:k": "x"}, "StringLike": {"s3:k": "y*"}}, false],
		"no range": [{"NumericGreaterThan": {"s3:k": "5"}, "NumericLessThan": {"s3:k": ["3", "5"]}}, true],
		"a range of one": [{"NumericGreaterThanEquals": {"s3:k": "5"}, "NumericLessThanEquals": {"s3:k": 5}}, false],
		"a range": [{"NumericGreaterThan": {"s3:k": ["3", "9"]}, "NumericLessThan": {"s3:k": "5"}}, false],
		"beyond a range": [{"NumericEquals": {"s3:k": "9"}, "NumericLessThan": {"s3:k": "5"}}, true],
		"some beyond a range": [{"NumericEquals": {"s3:k": ["1", "9"]}, "NumericLessThan": {"s3:k": "5"}}, false],
		"no span": [{"DateGreaterThan": {"s3:k": "2030-01-02"}, "DateLessThan": {"s3:k": "2030-01-01"}}, true],
		"unreadable": [{"NumericGreaterThan": {"s3:k": "x"}, "NumericLessThan": {"s3:k": "1"}}, false],
	}
	expected := {["WARNING", ["/Statement/0"]] | excludes}
	_reported_of("OPA_IAM_NEVER_MATCHES", [{"Condition": block}]) == expected
}

# ACT-7, RES-14
test_statements_about_nothing[note] if {
	some note, [members, found] in {
		"no action": [{"Effect": "Deny", "Action": ["s3", "s3:"]}, {["SECURITY_WARNING", ["/Statement/0"]]}],
		"no action allowed": [{"Action": ["s3", "s3:"]}, set()],
		"one action": [{"Effect": "Deny", "Action": ["s3", "s3:GetObject"]}, set()],
		"no resource": [{"Effect": "Deny", "Resource": "b"}, {["SECURITY_WARNING", ["/Statement/0"]]}],
		"every resource": [{"Effect": "Deny", "Resource": ["b", "*"]}, set()],
		"all but none": [{"Effect": "Deny", "Action": null, "NotAction": "s3"}, set()],
	}
	_reported_of("OPA_IAM_NEVER_MATCHES", [members]) == found
}

# COND-ALL-1
test_dates_that_are_past[note] if {
	some note, [effect, operator, key, past] in {
		"until then": ["Allow", "DateLessThan", "aws:CurrentTime", true],
		"until then, for a Deny": ["Deny", "DateLessThan", "aws:CurrentTime", false],
		"from then": ["Allow", "DateGreaterThan", "aws:CurrentTime", false],
		"another date": ["Allow", "DateLessThan", "aws:TokenIssueTime", false],
	}
	policy := _policy("identity", [{"Effect": effect, "Condition": {operator: {key: "2023-11-14T22:13:20Z"}}}])
	after := lint.findings with input as policy with data.iam.reference as _small with time.now_ns as 1700000001000000000
	{finding.message | some finding in after; finding.code == "OPA_IAM_NEVER_MATCHES"} == {message |
		past
		message := "no request can match: its date is past (COND-ALL-1)"
	}
	before := lint.findings with input as policy with data.iam.reference as _small with time.now_ns as 1699999999000000000
	count([finding | some finding in before; finding.code == "OPA_IAM_NEVER_MATCHES"]) == 0
}
