package iam.lint_test

# OPEN-25
test_redundant_statements[note] if {
	whole := {"Sid": "A", "Action": ["a:b", "c:d"], "Condition": {"StringEquals": {"a:k": ["x", "y"], "a:l": "z"}}}
	some note, [other, found] in {
		"but for the Sid and orders": [
			{"Sid": "B", "Action": ["c:d", "a:b"], "Condition": {"StringEquals": {"a:k": ["y", "x"], "a:l": ["z"]}}},
			{["SUGGESTION", ["/Statement/0", "/Statement/1"]]},
		],
		"one value more": [{"Action": ["c:d", "a:b", "e:f"], "Condition": whole.Condition}, set()],
		"another operator": [object.union(whole, {"Condition": {"StringLike": whole.Condition.StringEquals}}), set()],
		"another effect": [object.union(whole, {"Effect": "Deny"}), set()],
		"an odd condition": [object.union(object.remove(whole, ["Condition"]), {"Condition": {"StringEquals": "x"}}), set()],
	}
	_reported_of("REDUNDANT_STATEMENT", [whole, other]) == found
}

# COND-ALL-1, COND-MISS-1
test_redundant_tests[note] if {
	path := "/Statement/0/Condition"
	some note, [code, block, found] in {
		"bounds": [
			"REDUNDANT_CONDITION_VALUE_NUM", {"NumericLessThan": {"s3:max-keys": ["1", "2"]}},
			{["SUGGESTION", [$"{path}/NumericLessThan/s3:max-keys/0", $"{path}/NumericLessThan/s3:max-keys/1"]]},
		],
		"a bound": ["REDUNDANT_CONDITION_VALUE_NUM", {"NumericLessThan": {"s3:max-keys": "1"}}, set()],
		"equal numbers": ["REDUNDANT_CONDITION_VALUE_NUM", {"NumericEquals": {"s3:max-keys": ["1", "2"]}}, set()],
		"anything or nothing": [
			"REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", {"StringLikeIfExists": {"s3:authtype": ["x", "*"]}},
			{["SUGGESTION", [$"{path}/StringLikeIfExists/s3:authtype"]]},
		],
		"all of anything": [
			"REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", {"ForAllValues:StringLike": {"aws:TagKeys": "*"}},
			{["SUGGESTION", [$"{path}/ForAllValues:StringLike/aws:TagKeys"]]},
		],
		"anything": ["REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", {"StringLike": {"s3:authtype": "*"}}, set()],
		"something": ["REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", {"StringLikeIfExists": {"s3:authtype": "x*"}}, set()],
	}
	_reported_of(code, [{"Condition": block}]) == found
}

# COND-MISS-1
test_redundant_statements_by_a_test[note] if {
	path := "/Statement/0/Condition"
	some note, [code, block, found] in {
		"any that is nothing": [
			"REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", {"ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}},
			{["WARNING", [$"{path}/ForAnyValue:StringNotLike/aws:TagKeys"]]},
		],
		"there, and nothing": [
			"REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
			{"StringNotLike": {"s3:authtype": "*"}, "Null": {"s3:authtype": "false"}},
			{["WARNING", [$"{path}/StringNotLike/s3:authtype"]]},
		],
		"nothing": ["REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", {"StringNotLike": {"s3:authtype": "*"}}, set()],
	}
	_reported_of(code, [{"Condition": block}]) == found
}

test_a_dead_deny_endangers if {
	dead := {"Effect": "Deny", "Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}}}
	found := _reported_of("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", [dead])
	{severity | some [severity, _] in found} == {"SECURITY_WARNING"}
}

# PRIN-8, PRIN-9
test_redundant_sessions[note] if {
	role := "arn:aws:iam::111122223333:role/path/r"
	some note, [policy_type, other, count_of_findings] in {
		"a session": ["role_trust", "arn:aws:sts::111122223333:assumed-role/r/s", 1],
		"another role's": ["role_trust", "arn:aws:sts::111122223333:assumed-role/q/s", 0],
		"another account's": ["role_trust", "arn:aws:sts::444455556666:assumed-role/r/s", 0],
		"elsewhere": ["resource", "arn:aws:sts::111122223333:assumed-role/r/s", 0],
	}
	policy := _policy(policy_type, [{"Principal": {"AWS": [role, other]}}])
	found := _reported("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", policy)
	count(found) == count_of_findings
	{places | some [_, places] in found} - {["/Statement/0/Principal/AWS/1", "/Statement/0/Principal/AWS/0"]} == set()
}
