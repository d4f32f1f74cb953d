package iam.arn_test

import data.iam.arn

# RES-1
test_sixth_segment_keeps_colons_and_slashes if {
	arn.segments("arn:aws:sns:us-east-1:111122223333:a:b/c") == ["arn", "aws", "sns", "us-east-1", "111122223333", "a:b/c"]
}

test_short_text_has_no_segments if {
	not arn.segments("arn:aws:s3::")
	not arn.segments("")
}

test_arn_has_prefix_and_six_segments[text] if {
	some text, expected in {
		"arn:aws:s3:::bucket": true,
		"arn:::::": true,
		"arn:aws:s3::": false,
		"ARN:aws:s3:::bucket": false,
		"a:b:c:d:e:f": false,
		"": false,
	}
	arn.is_arn(text) == expected
}

test_what_is_no_text_is_no_arn if {
	[arn.is_arn(value) | some value in [null, true, 1, [], {}]] == [false, false, false, false, false]
}

# RES-7
test_first_five_segments_lose_their_case if {
	arn.normalised("arn:AWS:S3:US-East-1:X:Bucket/Key:B") == "arn:aws:s3:us-east-1:x:Bucket/Key:B"
}

test_account_is_the_fifth_segment if {
	arn.account("arn:aws:sqs:us-east-1:111122223333:queue") == "111122223333"
	arn.account("arn:aws:s3:::bucket") == ""
	arn.account("*") == ""
}

# RES-11
test_short_arn_is_filled_up_with_asterisks[text] if {
	some text, expected in {
		"arn:aws:sqs:us-east-1": "arn:aws:sqs:us-east-1:*:*",
		"arn:aws:s3:*": "arn:aws:s3:*:*:*",
		"arn:": "arn::*:*:*:*",
		"arn:aws:s3:::bucket": "arn:aws:s3:::bucket",
		"arn:aws:sns:us-east-1:111122223333:a:b": "arn:aws:sns:us-east-1:111122223333:a:b",
	}
	arn.expanded(text) == expected
}

# RES-6, RES-36
test_type_word_ends_at_the_first_separator[text] if {
	some text, expected in {
		"arn:aws:iam::111122223333:user/path/ana": "user/",
		"arn:aws:logs:us-east-1:111122223333:log-group:a/b": "log-group:",
		"arn:aws:iam::111122223333:u*/ana": "u*/",
		"arn:aws:apigateway:us-east-1::/restapis/a": "/",
		"arn:aws:iam::*:*": "",
		"arn:aws:s3:::bucket/key": "",
		"arn:aws:s3:us-east-1:111122223333:accesspoint/a": "accesspoint/",
		"arn:aws:s3:us-east-1::accesspoint/a": "accesspoint/",
		"arn:aws:s3::111122223333:accesspoint/a": "accesspoint/",
		"arn:aws:sqs:us-east-1:111122223333:a/b": "",
		"arn:aws:sns:us-east-1:111122223333:topic:a": "",
		"arn:aws:execute-api:us-east-1:111122223333:a/prod/GET": "",
	}
	arn.type_word(arn.segments(text)) == expected
}
