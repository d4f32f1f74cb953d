package iam.evaluation_test

import data.iam.evaluation

_bucket_policy(statement) := {"Version": "2012-10-17", "Statement": object.union(
	{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"},
	statement,
)}

# S3-1
test_public_bucket_serves_its_owner_and_services[note] if {
	some note, [request, blocked] in {
		"anonymous": [{"principal": "*"}, true],
		"another account": [{"resource_account": "444455556666"}, true],
		"the owner's account": [{}, false],
		"a service": [{"principal": "sns.amazonaws.com"}, false],
		"an access point": [{"principal": "*", "resource": "arn:aws:s3:us-east-1:111122223333:accesspoint/p"}, false],
		"without the setting": [{"principal": "*", "settings": {"s3_block_public_access": false}}, false],
	}
	evaluation.publicly_blocked == blocked with input as object.union(
		{
			"principal": _user,
			"action": "s3:GetObject",
			"resource": "arn:aws:s3:::b/k",
			"policies": {"resource": _bucket_policy({})},
			"settings": {"s3_block_public_access": true},
		},
		request,
	)
}

# S3-2
test_public_statements[note] if {
	some note, [statement, public] in {
		"everyone": [{}, true],
		"everyone denied": [{"Effect": "Deny"}, false],
		"an account": [{"Principal": {"AWS": "444455556666"}}, false],
	}
	evaluation.has_public_policy == public with input as _about_bucket(statement)
}

# S3-2: conditions don't help a NotPrincipal.
test_notprincipal_is_public if {
	document := {"Version": "2012-10-17", "Statement": {
		"Effect": "Allow",
		"NotPrincipal": {"AWS": "444455556666"},
		"Action": "s3:*",
		"Resource": "*",
		"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
	}}
	given := object.remove(_about_bucket({}), ["policies"])
	evaluation.has_public_policy == true with input as object.union(given, {"policies": {"resource": document}})
}

# S3-3
test_conditions_that_pin[note] if {
	some note, [test, pins] in {
		"a fixed VPC": [{"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}, true],
		"any VPC": [{"StringLike": {"aws:SourceVpc": "*"}}, false],
	}
	evaluation.has_public_policy != pins with input as _about_bucket({"Condition": test})
}

_about_bucket(statement) := {
	"principal": "*",
	"action": "s3:GetObject",
	"resource": "arn:aws:s3:::b/k",
	"policies": {"resource": _bucket_policy(statement)},
}

# S3-1
test_blocked_access_is_denied_explicitly if {
	given := object.union(_about_bucket({}), {"settings": {"s3_block_public_access": true}})
	evaluation.decision == "explicitDeny" with input as given
	evaluation.decision == "allowed" with input as _about_bucket({})
}
