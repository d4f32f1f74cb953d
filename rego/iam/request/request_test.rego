package iam.request_test

import data.iam.request

# ACT-2
test_action_is_in_lower_case if {
	request.action == "s3:getobject" with input as {"action": "S3:GetObject"}
}

test_resource_is_everything_by_default if {
	[request.resource, request.normalised_resource] == ["*", "*"] with input as {}
	[request.resource, request.normalised_resource] == ["*", "*"] with input as {"resource": "*"}
}

# RES-7
test_resource_is_kept_and_normalised if {
	[request.resource, request.normalised_resource] == ["arn:aws:S3:::B", "arn:aws:s3:::B"] with input as {
		"resource": "arn:aws:S3:::B",
	}
}

# RES-13, C.7
test_request_names_one_resource_or_asks_about_a_pattern[resource] if {
	some resource, normalised in {
		"arn:aws:S3:::b": "arn:aws:s3:::b",
		"arn:aws:sqs": "arn:aws:sqs:*:*:*",
		"arn:aws:s3:::b/*": "arn:aws:s3:::b/*",
		"*": "*",
	}
	request.normalised_resource == normalised with input.resource as resource
	single := {text | text := request.single_resource} with input.resource as resource
	single == {text | text := normalised; not contains(text, "*")}
}

# S3-6
test_resource_account_is_the_requests_before_the_arns[note] if {
	some note, tc in {
		"the ARN's": {"input": {"resource": "arn:aws:sqs:us-east-1:111122223333:q"}, "account": "111122223333"},
		"the request's": {
			"input": {"resource": "arn:aws:sqs:us-east-1:111122223333:q", "resource_account": "444455556666"},
			"account": "444455556666",
		},
		"an ARN without one": {"input": {"resource": "arn:aws:s3:::b"}, "account": ""},
		"no resource": {"input": {}, "account": ""},
		"a pattern of every account": {"input": {"resource": "arn:aws:sqs:*:*:q"}, "account": ""},
		"a pattern of some accounts": {"input": {"resource": "arn:aws:sqs:*:1*:q"}, "account": "1*"},
		"false": {"input": {"resource": "arn:aws:s3:::b", "resource_account": false}, "account": ""},
	}
	request.resource_account == tc.account with input as tc.input
}

test_as_of_is_undefined_for_today if {
	request.as_of == "2024-01-01" with input as {"as_of": "2024-01-01"}
	not request.as_of with input as {}
}

test_settings_of_the_request_go_before_those_of_the_bundle if {
	request.settings == {"s3_bucket_abac": false, "default_key_policy": true} with input as {"settings": {"s3_bucket_abac": false}}
		with data.iam.settings as {"s3_bucket_abac": true, "default_key_policy": true}
	request.settings == {} with input as {}
}
