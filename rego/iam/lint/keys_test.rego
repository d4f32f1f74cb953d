package iam.lint_test

# GKEY-4, I.1 to I.5
test_names_of_keys[note] if {
	codes := {
		"DEPRECATED_GLOBAL_CONDITION_KEY",
		"INVALID_CONDITION_KEY_FORMAT",
		"INVALID_GLOBAL_CONDITION_KEY",
		"UNSUPPORTED_GLOBAL_CONDITION_KEY",
	}
	some note, [policy_type, key, findings] in {
		"no prefix": ["identity", "username", {["INVALID_CONDITION_KEY_FORMAT", "ERROR"]}],
		"no name": ["identity", "aws:", {["INVALID_CONDITION_KEY_FORMAT", "ERROR"]}],
		"no prefix but a colon": ["identity", ":username", {["INVALID_CONDITION_KEY_FORMAT", "ERROR"]}],
		"a provider's": ["role_trust", "token.example.com/path:sub", set()],
		"in another case": ["identity", "AWS:UserName", set()],
		"unknown": ["identity", "aws:UserNaem", {["INVALID_GLOBAL_CONDITION_KEY", "ERROR"]}],
		"a tag's": ["identity", "aws:ResourceTag/x/y", set()],
		"a tag's without the tag": ["identity", "aws:ResourceTag", set()],
		"another service's": ["identity", "s3:aws:x", set()],
		"out of date": ["identity", "aws:ARN", {["DEPRECATED_GLOBAL_CONDITION_KEY", "WARNING"]}],
		"out of date in a guardrail": ["service_control", "aws:arn", {["DEPRECATED_GLOBAL_CONDITION_KEY", "WARNING"]}],
		"where it does not work": ["resource", "aws:arn", {["UNSUPPORTED_GLOBAL_CONDITION_KEY", "ERROR"]}],
	}
	path := $"/Statement/0/Condition/StringLike/{replace(key, "/", "~1")}"
	_found(codes, _with_condition(policy_type, {"StringLike": {key: "x"}})) == {
	[code, severity, path] |
		some [code, severity] in findings
	}
}

# The reference may know a key that the table of global ones does not.
test_a_global_key_that_only_the_reference_knows if {
	item := _with_condition("identity", {"StringLike": {"aws:New": "x"}})
	codes := {"INVALID_GLOBAL_CONDITION_KEY"}
	_found(codes, item) == set() with data.iam.reference as {"keys": {"aws:new": "String"}}
}

# I.3, I.5, GKEY-2
test_keys_that_promise_too_much[note] if {
	codes := {
		"MISSING_PAIRED_CONDITION_KEYS",
		"UNTRUSTWORTHY_CONDITION_KEY",
		"USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
	}
	some note, [members, findings] in {
		"what the caller sets": [
			{"Condition": {"StringLike": {"aws:Referer": "x"}}},
			{["UNTRUSTWORTHY_CONDITION_KEY", "SECURITY_WARNING", "StringLike/aws:Referer"]},
		],
		"what the caller may not set": [{"Condition": {"StringNotLike": {"aws:Referer": "x"}}}, set()],
		"what the caller sets to be denied": [{"Effect": "Deny", "Condition": {"StringLike": {"aws:UserAgent": "x"}}}, set()],
		"an address in any VPC": [
			{"Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.1"}}},
			{["MISSING_PAIRED_CONDITION_KEYS", "SECURITY_WARNING", "IpAddress/aws:VpcSourceIp"]},
		],
		"an address in a VPC": [
			{"Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.1"}, "StringEquals": {"aws:SourceVpc": "vpc-12345678"}}},
			set(),
		],
		"whether there is an address in a VPC": [{"Condition": {"Null": {"aws:VpcSourceIp": "true"}}}, set()],
		"a key that some services lack": [
			{"Action": "*", "Condition": {"StringEquals": {"aws:VpceAccount": "111122223333"}}},
			{["USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", "WARNING", "StringEquals/aws:VpceAccount"]},
		],
		"a key that some services lack, for all but some": [
			{"Action": null, "NotAction": "s3:*", "Condition": {"StringEquals": {"aws:VpceOrgID": "o-1"}}},
			{["USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", "WARNING", "StringEquals/aws:VpceOrgID"]},
		],
		"a key that some services lack, for one": [
			{"Action": "s3:*", "Condition": {"StringEquals": {"aws:VpceAccount": "111122223333"}}},
			set(),
		],
	}
	_found(codes, _item("identity", members)) == {
	[code, severity, $"/Statement/0/Condition/{path}"] |
		some [code, severity, path] in findings
	}
}

# COND-MISS-1, I.4
test_keys_of_services[note] if {
	codes := {
		"DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
		"IRRELEVANT_CONDITION_KEY_IN_POLICY",
		"S3_PREFIX_IN_NEGATIVE_CONTEXT",
	}
	attributes := {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id"]}}
	attributes_path := "ForAllValues:StringEquals/dynamodb:Attributes"
	selected := {"StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}
	some note, [policy_type, resource_type, effect, block, findings] in {
		"attributes": [
			"identity", "", "Allow", attributes,
			{["DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", "SECURITY_WARNING", attributes_path]},
		],
		"attributes in a table's policy": [
			"resource", "AWS::DynamoDB::Table", "Allow", attributes,
			{["DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", "SECURITY_WARNING", attributes_path]},
		],
		"attributes in another policy": ["resource", "AWS::S3::Bucket", "Allow", attributes, set()],
		"attributes and Select": ["identity", "", "Allow", object.union(attributes, selected), set()],
		"attributes denied": ["identity", "", "Deny", attributes, set()],
		"a prefix denied": [
			"identity", "", "Deny", {"StringLike": {"s3:prefix": "secret/*"}},
			{["S3_PREFIX_IN_NEGATIVE_CONTEXT", "SECURITY_WARNING", "StringLike/s3:prefix"]},
		],
		"all other prefixes": [
			"resource", "AWS::S3::Bucket", "Allow", {"StringNotEquals": {"s3:prefix": "secret/"}},
			{["S3_PREFIX_IN_NEGATIVE_CONTEXT", "SECURITY_WARNING", "StringNotEquals/s3:prefix"]},
		],
		"a prefix": ["identity", "", "Allow", {"StringLike": {"s3:prefix": "home/*"}}, set()],
		"no prefix": ["identity", "", "Deny", {"Null": {"s3:prefix": "true"}}, set()],
		"the bucket's own account": [
			"resource", "AWS::S3::Bucket", "Allow", {"StringEquals": {"s3:ResourceAccount": "111122223333"}},
			{["IRRELEVANT_CONDITION_KEY_IN_POLICY", "SUGGESTION", "StringEquals/s3:ResourceAccount"]},
		],
		"a bucket's account": ["identity", "", "Allow", {"StringEquals": {"s3:ResourceAccount": "111122223333"}}, set()],
	}
	item := object.union(_item(policy_type, {"Effect": effect, "Condition": block}), {"resource_type": resource_type})
	_found(codes, item) == {
	[code, severity, $"/Statement/0/Condition/{path}"] |
		some [code, severity, path] in findings
	}
}
