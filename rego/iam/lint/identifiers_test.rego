package iam.lint_test

# I.3, I.5, PRIN-12, COND-ARN-2
test_values_that_a_key_never_has[note] if {
	codes := {
		"INVALID_KMS_KEY_VALUE",
		"INVALID_REGION",
		"INVALID_SERVICE_PRINCIPAL_FORMAT",
		"INVALID_VPCE_FORMAT",
		"INVALID_VPC_FORMAT",
	}
	kms_key := "s3:x-amz-server-side-encryption-aws-kms-key-id"
	some note, [operator, key, value, findings] in {
		"a VPC": ["StringEquals", "aws:SourceVpc", ["vpc-12345678", "vpc-0123456789abcdef0"], set()],
		"no VPC": ["StringEquals", "aws:SourceVpc", ["vpc-1234"], {["INVALID_VPC_FORMAT", "ERROR", "/0"]}],
		"any VPC": ["StringLike", "aws:SourceVpc", "vpc-*", set()],
		"a variable for a VPC": ["StringEquals", "aws:SourceVpc", "${aws:PrincipalTag/vpc}", set()],
		"whether there is a VPC": ["Null", "aws:SourceVpc", "true", set()],
		"an endpoint": ["StringNotEquals", "aws:sourcevpce", "vpce-12345678", set()],
		"a VPC for an endpoint": [
			"StringNotEquals", "aws:SourceVpce", "vpc-12345678",
			{["INVALID_VPCE_FORMAT", "ERROR", ""]},
		],
		"a key's ARN": ["StringEquals", kms_key, "arn:aws:kms:eu-west-1:111122223333:key/x", set()],
		"an alias": [
			"ArnEquals", kms_key, "arn:aws:kms:eu-west-1:111122223333:alias/x",
			{["INVALID_KMS_KEY_VALUE", "ERROR", ""]},
		],
		"a service": ["StringEquals", "iam:PassedToService", ["ec2.amazonaws.com", "a.b.amazonaws.com.cn"], set()],
		"some services": ["StringLike", "iam:PassedToService", "*.amazonaws.com", set()],
		"capitals": [
			"StringEquals", "iam:PassedToService", "EC2.amazonaws.com",
			{["INVALID_SERVICE_PRINCIPAL_FORMAT", "ERROR", ""]},
		],
		"another suffix": [
			"ForAnyValue:StringEquals", "aws:CalledVia", ["ec2.amazonaws.com", "ec2"],
			{["INVALID_SERVICE_PRINCIPAL_FORMAT", "ERROR", "/1"]},
		],
		"no name": [
			"StringEquals", "aws:PrincipalServiceName", ".amazonaws.com",
			{["INVALID_SERVICE_PRINCIPAL_FORMAT", "ERROR", ""]},
		],
		"a service in a Region": ["StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com", set()],
		"a service without Region": [
			"StringEquals", "kms:ViaService", "s3.amazonaws.com",
			{["INVALID_SERVICE_PRINCIPAL_FORMAT", "ERROR", ""]},
		],
		"a Region": ["StringEquals", "aws:RequestedRegion", ["eu-west-1", "us-gov-west-1"], set()],
		"some Regions": ["StringLike", "aws:RequestedRegion", "eu-*", set()],
		"a new Region": ["StringEquals", "aws:RequestedRegion", "eu-west-9", {["INVALID_REGION", "WARNING", ""]}],
		"no Region": ["StringEquals", "ec2:Region", ["eu-west-1a"], {["INVALID_REGION", "ERROR", "/0"]}],
	}
	_found(codes, _with_condition("identity", {operator: {key: value}})) == {
	[code, severity, $"/Statement/0/Condition/{operator}/{key}{path}"] |
		some [code, severity, path] in findings
	}
}

# PRIN-12
test_services_as_principals[note] if {
	code := "INVALID_SERVICE_PRINCIPAL_FORMAT"
	some note, [principal, paths] in {
		"a service": [{"Service": ["sns.amazonaws.com"]}, set()],
		"a name alone": [{"Service": ["sns.amazonaws.com", "sns"]}, {"/Statement/0/Principal/Service/1"}],
		"a wildcard, told elsewhere": [{"Service": "*"}, set()],
		"no service": [{"AWS": "111122223333"}, set()],
	}
	_found({code}, _item("resource", {"Principal": principal})) == {[code, "ERROR", path] | some path in paths}
}

# GKEY-2, VPCE-4, I.6
test_parts_of_identifiers[note] if {
	codes := {"VARIABLE_USAGE_TOO_PERMISSIVE", "WILDCARD_USAGE_TOO_PERMISSIVE"}
	some note, [operator, key, value, findings] in {
		"part of an account": [
			"StringLike", "aws:PrincipalAccount", ["1111*"],
			{["WILDCARD_USAGE_TOO_PERMISSIVE", "ERROR", "/0"]},
		],
		"any account": ["StringLike", "aws:PrincipalAccount", "*", set()],
		"an account": ["StringLike", "aws:PrincipalAccount", "111122223333", set()],
		"a wildcard that is text": ["StringEquals", "aws:PrincipalAccount", "1*", set()],
		"a wildcard in another key": ["StringLike", "aws:PrincipalArn", "*", set()],
		"a tag for an account": [
			"StringEquals", "aws:ResourceAccount", "${aws:PrincipalTag/account}",
			{["VARIABLE_USAGE_TOO_PERMISSIVE", "WARNING", ""]},
		],
		"the caller's own account": ["StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}", set()],
		"a variable in another key": ["StringEquals", "s3:prefix", "${aws:username}", set()],
		"part of a user's id by a variable": [
			"StringLike", "aws:userid", "A${aws:PrincipalTag/x}:*",
			{["VARIABLE_USAGE_TOO_PERMISSIVE", "WARNING", ""]},
		],
		"a session's name by a variable": ["StringLike", "aws:userid", "AROAEXAMPLE:${aws:PrincipalTag/x}", set()],
		"the beginning of a user's id": [
			"StringLike", "aws:userid", "AROA*",
			{["WILDCARD_USAGE_TOO_PERMISSIVE", "WARNING", ""]},
		],
		"a role's sessions": ["StringLike", "aws:userid", "AROAEXAMPLE:*", set()],
		"any user": ["StringLike", "aws:userid", "*", set()],
	}
	_found(codes, _with_condition("identity", {operator: {key: value}})) == {
	[code, severity, $"/Statement/0/Condition/{operator}/{key}{path}"] |
		some [code, severity, path] in findings
	}
}
