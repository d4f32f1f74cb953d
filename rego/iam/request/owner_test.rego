package iam.request_owner_test

import data.iam.request

_resources := {"arn:aws:s3:::reports": {"account": "444455556666"}, "arn:aws:s3:::plain": {}}

# S3-6
test_owner_of_the_resource[note] if {
	some note, tc in {
		"a bucket whose owner is compiled": {"request": {"resource": "arn:aws:s3:::reports"}, "account": "444455556666"},
		"its object": {"request": {"resource": "arn:aws:s3:::reports/a/b"}, "account": "444455556666"},
		"its objects": {"request": {"resource": "arn:aws:s3:::reports/*"}, "account": "444455556666"},
		"in another case": {"request": {"resource": "arn:AWS:S3:::reports"}, "account": "444455556666"},
		"the request's word holds": {
			"request": {"resource": "arn:aws:s3:::reports", "resource_account": "111122223333"},
			"account": "111122223333",
		},
		"a bucket without": {"request": {"resource": "arn:aws:s3:::plain"}, "account": ""},
		"another bucket": {"request": {"resource": "arn:aws:s3:::reports-2"}, "account": ""},
		"buckets": {"request": {"resource": "arn:aws:s3:::*"}, "account": ""},
		"the ARN's account": {
			"request": {"resource": "arn:aws:sqs:eu-west-1:555566667777:q"},
			"account": "555566667777",
		},
	}
	account := request.resource_account with input as tc.request with data.iam.account.resources as _resources
	account == tc.account
}

# RES-35
test_whose_resource_policy_is_the_resources[resource] if {
	some resource, holder in {
		"arn:aws:s3:::b": "arn:aws:s3:::b",
		"arn:aws:s3:::b/k/l": "arn:aws:s3:::b",
		"ARN:aws:s3:::b": "*",
		"arn:aws:s3:eu-west-1:1:accesspoint/p/object/k": "arn:aws:s3:eu-west-1:1:accesspoint/p/object/k",
		"arn:aws:kms:eu-west-1:1:key/k": "arn:aws:kms:eu-west-1:1:key/k",
		"*": "*",
	}
	found := request.policy_holder with input as {"resource": resource}
	found == holder
}
