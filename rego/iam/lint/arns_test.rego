package iam.lint_test

import data.iam.lint

_arn_codes := {
	"ARN_ACCOUNT_NOT_ALLOWED",
	"ARN_REGION_NOT_ALLOWED",
	"INVALID_ARN_ACCOUNT",
	"INVALID_ARN_REGION",
	"INVALID_ARN_RESOURCE",
	"INVALID_ARN_SERVICE_CASE",
	"INVALID_PARTITION",
	"INVALID_SERVICE",
	"MISSING_ARN_ACCOUNT",
	"MISSING_ARN_REGION",
}

_found_of_arn(resource) := {[finding.code, finding.severity] |
	policy := _policy("identity", [{"Resource": [resource]}])
	findings := lint.findings with input as policy with data.iam.reference as _small
	some finding in findings
	finding.code in _arn_codes
	finding.path == "/Statement/0/Resource/0"
}

# RES-1, RES-7, MGD-2
test_partitions_and_services_of_arns[arn] if {
	some arn, found in {
		"*": set(),
		"arn:aws:s3:::b": set(),
		"arn:*:s3:::b": set(),
		"arn:aws-cn:s3:::b": set(),
		"arn:amazon:s3:::b": {["INVALID_PARTITION", "ERROR"]},
		"arn::s3:::b": {["INVALID_PARTITION", "ERROR"]},
		"arn:aws:S3:::b": {["INVALID_ARN_SERVICE_CASE", "ERROR"]},
		"arn:aws:nope:::b": {["INVALID_SERVICE", "ERROR"]},
		"arn:aws:s3*:::b": set(),
	}
	_found_of_arn(arn) == found
}

# RES-1, RES-4
test_accounts_and_regions_of_arns[arn] if {
	some arn, found in {
		"arn:aws:macie:::b": set(),
		"arn:aws:iam::1111:role/x": {["INVALID_ARN_ACCOUNT", "ERROR"]},
		"arn:aws:iam::${aws:PrincipalAccount}:role/x": set(),
		"arn:aws:iam::aws:role/x": set(),
		"arn:aws:iam::11112222????:role/x": set(),
		"arn:aws:offers:eu-west-1:offering:x": set(),
		"arn:aws:logs:europe:111122223333:log-group:x": {["INVALID_ARN_REGION", "ERROR"]},
		"arn:aws:logs:eu-west-1:111122223333:log-group:x": set(),
		"arn:aws:logs:eu-west-9:111122223333:log-group:x": {["INVALID_ARN_REGION", "WARNING"]},
		"arn:aws:logs:eu-*:111122223333:log-group:x": set(),
	}
	_found_of_arn(arn) == found
}

# RES-2, RES-6, RES-35, RES-36, RES-40: by the formats of the service.
test_buckets_and_roles_by_their_formats[arn] if {
	some arn, found in {
		"arn:aws:s3:*:*:b": set(),
		"arn:aws:s3:eu-west-1::b": {["ARN_REGION_NOT_ALLOWED", "ERROR"]},
		"arn:aws:s3::111122223333:b/k": {["ARN_ACCOUNT_NOT_ALLOWED", "ERROR"]},
		"arn:aws:s3:eu-west-1:111122223333:accesspoint/a": set(),
		"arn:aws:s3:eu-west-1:111122223333:access*": set(),
		"arn:aws:iam:eu-west-1:111122223333:role/x": {["ARN_REGION_NOT_ALLOWED", "ERROR"]},
		"arn:aws:iam::111122223333:r?le*": set(),
		"arn:aws:iam::111122223333:group/x": {["INVALID_ARN_RESOURCE", "ERROR"]},
		"arn:aws:iam:::role/x": {["MISSING_ARN_ACCOUNT", "WARNING"]},
		"arn:aws:iam:::role/aws-reserved": set(),
	}
	_found_of_arn(arn) == found
}

# RES-2, RES-6, RES-40
test_arns_with_a_region_by_their_formats[arn] if {
	some arn, found in {
		"arn:aws:ec2::111122223333:instance/*": {["MISSING_ARN_REGION", "ERROR"]},
		"arn:aws:ec2:eu-west-1::image/*": set(),
		"arn:aws:ec2:eu-west-1:111122223333:*": set(),
		"arn:aws:ec2:eu-west-1:111122223333:pool/p/all": set(),
		"arn:aws:ec2:eu-west-1:111122223333:pool/p/one": {["INVALID_ARN_RESOURCE", "ERROR"]},
		"arn:aws:ec2:eu-west-1:111122223333:image/*": {["ARN_ACCOUNT_NOT_ALLOWED", "ERROR"]},
		"arn:aws:logs:eu-west-1:111122223333:/aws/x": set(),
		"arn:aws:logs:eu-west-1:111122223333:stream:x": {["INVALID_ARN_RESOURCE", "ERROR"]},
		"arn:aws:sts::111122223333:any": set(),
		"arn:aws:iam::111122223333:role/${aws:username}": set(),
	}
	_found_of_arn(arn) == found
}

test_mends_of_arns if {
	_mends("INVALID_ARN_SERVICE_CASE", _policy("identity", [{"Resource": "arn:aws:S3:::b"}])) == {"arn:aws:s3:::b"}
	_mends("INVALID_SERVICE", _policy("identity", [{"Resource": "arn:aws:dynamo:::b"}])) == {"dynamodb"}
	_mends("INVALID_SERVICE", _policy("identity", [{"Resource": "arn:aws:qqq:::b"}])) == {""}
}

# RES-11
test_short_arns_by_policy_type[policy_type] if {
	some policy_type, words in {
		"identity": "in a policy of this type it stands for 'arn:aws:s3:*:*:*' (RES-11)",
		"service_control": "in a policy of this type it matches nothing (RES-11)",
	}
	some resource in ["arn:aws:s3", ["arn:aws:s3"]]
	findings := lint.findings with input as _policy(policy_type, [{"Resource": resource}])
	{finding.message | some finding in findings; finding.code == "OPA_IAM_SHORT_ARN"} == {words}
	_reported("OPA_IAM_SHORT_ARN", _policy(policy_type, [{"Resource": "arn:aws:s3:::b"}, {"Resource": "*"}])) == set()
}

# INVALID_ARN_PREFIX and MISSING_ARN_FIELD are the document's problems (RES-11, RES-14).
test_problems_of_arns[code] if {
	some code, [wrong, right] in {
		"INVALID_ARN_PREFIX": ["s3:b", "arn:aws:s3:::b"],
		"MISSING_ARN_FIELD": ["arn:aws:s3", "arn:aws:s3:::b"],
	}
	_reported_of(code, [{"Resource": wrong}]) == {["ERROR", ["/Statement/0/Resource"]]}
	_reported_of(code, [{"Resource": right}]) == set()
}

# RES-4, RES-6, OPEN-2
test_wildcards_in_type_words[resource] if {
	some resource, found in {
		"arn:aws:iam::1:u*/Ana": {["SUGGESTION", ["/Statement/0/Resource"]]},
		"arn:aws:iam::1:u*": set(),
		"arn:aws:iam::1:*/Ana": set(),
		"arn:aws:iam::1:user/*": set(),
		"arn:aws:s3:::b*/k": set(),
	}
	_reported_of("OPA_IAM_WILDCARD_CROSSES_NOTHING", [{"Resource": resource}]) == found
}
