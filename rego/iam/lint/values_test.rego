package iam.lint_test

# GRAM-22, COND-BOOL-2, COND-BIN-1, COND-DATE-1, COND-DATE-2, COND-NULL-4
test_values_of_a_kind[note] if {
	codes := {
		"INVALID_CONDITION_DATA_TYPE",
		"INVALID_CONDITION_MULTIPLE_BOOLEAN",
		"INVALID_DATE_VALUE",
		"NULL_WITH_QUALIFIER",
		"TYPE_MISMATCH_STRING",
	}
	some note, [operator, value, findings] in {
		"mixed": ["StringEquals", ["1", 1], {["INVALID_CONDITION_DATA_TYPE", "ERROR", ""]}],
		"numbers": ["StringEquals", [1, 2], set()],
		"one value": ["StringEquals", 1, set()],
		"both booleans": ["BoolIfExists", [true, false], {["INVALID_CONDITION_MULTIPLE_BOOLEAN", "ERROR", ""]}],
		"a boolean": ["Bool", ["true"], set()],
		"two for Null": ["Null", [true, false], set()],
		"seconds": ["DateLessThan", ["2030-01-01", 1893456000], {
			["INVALID_CONDITION_DATA_TYPE", "ERROR", ""],
			["INVALID_DATE_VALUE", "WARNING", "/1"],
		}],
		"a fraction of seconds": ["DateLessThan", "1893456000.5", {["INVALID_DATE_VALUE", "WARNING", ""]}],
		"a date": ["DateLessThan", "2030-01-01T00:00:00Z", set()],
		"no base64": ["BinaryEquals", "a?", {["TYPE_MISMATCH_STRING", "WARNING", ""]}],
		"base64": ["BinaryEquals", ["QUJD", "QUI=", "QQ=="], set()],
		"a variable among bytes": ["BinaryEquals", "${a:b}", set()],
		"always": ["ForAllValues:Null", "true", {["NULL_WITH_QUALIFIER", "WARNING", ""]}],
		"never": ["ForAnyValue:Null", "true", {["NULL_WITH_QUALIFIER", "WARNING", ""]}],
		"presence": ["Null", "true", set()],
	}
	_found(codes, _with_condition("identity", {operator: {"s3:x": value}})) == {
	[code, severity, $"/Statement/0/Condition/{operator}/s3:x{path}"] |
		some [code, severity, path] in findings
	}
}

# E.5
test_wildcards_that_are_text[note] if {
	code := "WILDCARD_WITHOUT_LIKE_OPERATOR"
	some note, [effect, operator, value, findings] in {
		"in a value": ["Allow", "StringEquals", ["a", "a*"], {["WARNING", "/1"]}],
		"in a value in any case": ["Allow", "StringEqualsIgnoreCase", "a?b", {["WARNING", ""]}],
		"under Deny": ["Deny", "ForAnyValue:StringNotEqualsIfExists", "a*", {["SECURITY_WARNING", ""]}],
		"after a variable": ["Allow", "StringEquals", "${aws:username}$*", {["WARNING", ""]}],
		"escaped": ["Allow", "StringEquals", "a${*}b${?}$", set()],
		"under Like": ["Allow", "StringLike", "a*", set()],
		"under Arn": ["Allow", "ArnEquals", "arn:aws:s3:::*", set()],
		"none": ["Allow", "StringEquals", "a", set()],
	}
	item := _item("identity", {"Effect": effect, "Condition": {operator: {"s3:x": value}}})
	_found({code}, item) == {
	[code, severity, $"/Statement/0/Condition/{operator}/s3:x{path}"] |
		some [severity, path] in findings
	}
}

test_mend_of_a_wildcard_is_the_operator[operator] if {
	some operator, mend in {"StringEquals": "StringLike", "StringNotEquals": "StringNotLike"}
	_the("WILDCARD_WITHOUT_LIKE_OPERATOR", _with_condition("identity", {operator: {"s3:x": "*"}})).mend == mend
}

# COND-NULL-2, COND-MISS-1
test_what_null_says_better[note] if {
	codes := {"EQUIVALENT_TO_NULL_FALSE", "EQUIVALENT_TO_NULL_TRUE"}
	some note, [operator, value, findings] in {
		"present": ["StringLike", "*", {["EQUIVALENT_TO_NULL_FALSE", "SUGGESTION", ""]}],
		"present, in a list": ["StringLike", ["*"], {["EQUIVALENT_TO_NULL_FALSE", "SUGGESTION", "/0"]}],
		"absent": ["StringNotLike", ["*"], {["EQUIVALENT_TO_NULL_TRUE", "SUGGESTION", "/0"]}],
		"present, if at all": ["StringLikeIfExists", "*", set()],
		"all of a list": ["ForAllValues:StringLike", "*", set()],
		"a beginning": ["StringLike", "a*", set()],
		"with another value": ["StringNotLike", ["*", "a"], set()],
	}
	_found(codes, _with_condition("identity", {operator: {"s3:x": value}})) == {
	[code, severity, $"/Statement/0/Condition/{operator}/s3:x{path}"] |
		some [code, severity, path] in findings
	}
}

test_mend_is_null[operator] if {
	some operator, [code, mend] in {
		"StringLike": ["EQUIVALENT_TO_NULL_FALSE", `{"Null":{"s3:x":"false"}}`],
		"StringNotLike": ["EQUIVALENT_TO_NULL_TRUE", `{"Null":{"s3:x":"true"}}`],
	}
	_the(code, _with_condition("identity", {operator: {"s3:x": "*"}})).mend == mend
}
