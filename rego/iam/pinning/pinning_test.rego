package iam.pinning_test

import data.iam.pinning

# S3-3
test_conditions_that_pin[note] if {
	some note, [operator, key, values, pins] in {
		"an account": ["StringEquals", "aws:PrincipalAccount", ["111122223333"], true],
		"an organization, in another case": ["stringequals", "AWS:PrincipalOrgId", ["o-1"], true],
		"a fixed StringLike": ["StringLike", "aws:SourceVpce", ["vpce-1"], true],
		"a wildcard": ["StringLike", "aws:SourceVpce", ["vpce-*"], false],
		"a variable": ["StringEquals", "aws:SourceVpce", ["${aws:SourceVpce}"], false],
		"one of two with a wildcard": ["StringLike", "aws:SourceVpc", ["vpc-1", "*"], false],
		"IfExists": ["StringEqualsIfExists", "aws:SourceVpc", ["vpc-1"], false],
		"a negation": ["StringNotEquals", "aws:SourceVpc", ["vpc-1"], false],
		"no value": ["StringEquals", "aws:SourceVpc", [], false],
		"an ARN of an account": ["ArnLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"], true],
		"an ARN of any account": ["ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/x"], false],
		"a source by ArnEquals": ["ArnEquals", "aws:SourceArn", ["arn:aws:sns:us-east-1:111122223333:t"], true],
		"a source by ArnLike": ["ArnLike", "aws:SourceArn", ["arn:aws:sns:us-east-1:111122223333:t"], false],
		"a path": ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-1/r-1/*"], true],
		"any path": ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-*"], false],
		"services": ["Bool", "aws:PrincipalIsAWSService", ["true"], true],
		"no services": ["Bool", "aws:PrincipalIsAWSService", ["false"], false],
		"a service": ["StringEquals", "aws:PrincipalServiceName", ["sns.amazonaws.com"], true],
		"any name": ["StringLike", "aws:PrincipalServiceName", ["*"], false],
		"a role's sessions": ["StringLike", "aws:userid", ["AROAEXAMPLE:*"], true],
		"any user": ["StringLike", "aws:userid", ["*"], false],
		"a range": ["IpAddress", "aws:SourceIp", ["203.0.113.0/24", "10.0.0.0/8"], true],
		"an address": ["IpAddress", "aws:SourceIp", ["203.0.113.7"], true],
		"a wide range": ["IpAddress", "aws:SourceIp", ["203.0.113.0/24", "0.0.0.0/1"], false],
		"a range of version 6": ["IpAddress", "aws:SourceIp", ["2001:db8::/32"], true],
		"a wide range of version 6": ["IpAddress", "aws:SourceIp", ["2001::/16"], false],
		"another key": ["StringEquals", "aws:UserAgent", ["x"], false],
	}
	pinning.pins(lower(operator), lower(key), values) == pins
}
