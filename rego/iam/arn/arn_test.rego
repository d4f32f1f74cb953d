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

# C.2, RES-11, RES-14
test_short_arn_counts_by_policy_type[note] if {
	some note, tc in {
		"identity": {"text": "arn:aws:sqs:eu-west-1", "type": "identity", "arn": "arn:aws:sqs:eu-west-1:*:*"},
		"boundary": {"text": "arn:aws:sqs", "type": "permissions_boundary", "arn": "arn:aws:sqs:*:*:*"},
		"session": {"text": "arn:aws:s*", "type": "session", "arn": "arn:aws:s*:*:*:*"},
		"resource with an asterisk": {"text": "arn:*:sqs", "type": "resource", "arn": "arn:*:sqs:*:*:*"},
		"resource without": {"text": "arn:aws:sqs", "type": "resource", "arn": null},
		"resource with a question mark": {"text": "arn:aws:sq?", "type": "resource", "arn": null},
		"endpoint with an asterisk": {"text": "arn:*:sqs", "type": "vpc_endpoint", "arn": "arn:*:sqs:*:*:*"},
		"endpoint without": {"text": "arn:aws:sqs", "type": "vpc_endpoint", "arn": null},
		"trust": {"text": "arn:aws:sqs", "type": "role_trust", "arn": null},
		"SCP with an asterisk at its end": {"text": "arn:aws:s*", "type": "service_control", "arn": "arn:aws:s*:*:*:*"},
		"SCP with one elsewhere": {"text": "arn:*:sqs", "type": "service_control", "arn": null},
		"SCP without": {"text": "arn:aws:sqs", "type": "service_control", "arn": null},
		"RCP": {"text": "arn:aws:s*", "type": "resource_control", "arn": null},
		"RCP, whole": {"text": "arn:aws:s3:::b", "type": "resource_control", "arn": "arn:aws:s3:::b"},
		"no ARN": {"text": "queue", "type": "identity", "arn": null},
	}
	{text | text := arn.in_policy(tc.text, tc.type)} == {text | text := tc.arn; text != null}
}

test_short_arns[text] if {
	some text, short in {"arn:": true, "arn:aws:s3::": true, "arn:aws:s3:::b": false, "s3": false, "*": false}
	arn.is_short(text) == short
}

# RES-6: ends at the first separator that is not within a variable (VAR-1).
test_type_word_ends_at_the_first_separator[text] if {
	some text, words in {
		"user/path/ana": ["user/", "user/"],
		"log-group:a/b": ["log-group:", "log-group:"],
		"u*/ana": ["u*/", "u*/"],
		"/restapis/a": ["/", "/"],
		"*": ["", ""],
		"": ["", ""],
		"${aws:username}": ["${aws:", ""],
		"${aws:username}/x": ["${aws:", "${aws:username}/"],
		"a$${aws:username}$/x": ["a$${aws:", "a$${aws:username}$/"],
		"a$b:x": ["a$b:", "a$b:"],
		"${aws:username": ["${aws:", ""],
	}
	[arn.type_word(text, false), arn.type_word(text, true)] == words
}

# RES-6, RES-35, RES-36
test_readings[text] if {
	some text, readings in {
		"arn:aws:iam::1:user/a*": ["arn:aws:iam::1:user/a*"],
		"arn:aws:iam::1:u*/ana": [],
		"arn:aws:iam::1:${k}/ana": [],
		"arn:aws:iam::1:?/ana": [],
		"arn:aws:iam::1:*": ["arn:aws:iam::1:*"],
		"arn:aws:logs:*:*:*:*": ["arn:aws:logs:*:*:*:*"],
		"arn:aws:logs:*:*:log-group:*": ["arn:aws:logs:*:*:log-group:*"],
		"arn:aws:ec2:*:*:**/*": ["arn:aws:ec2:*:*:**/*"],
		"arn:aws:s3:::b*/x": ["arn:aws:s3:::b*/x"],
		"arn:*:s3:::b*/x": ["arn:*:s3:::b*/x"],
		"arn:aws:s3:*:*:b*/x": ["arn:aws:s3:::b*/x"],
		"arn:aws:s3:eu-west-1:1:a*/x": [],
		"arn:aws:sqs:*:*:q*/x": ["arn:aws:sqs:*:*:q*/x"],
		"arn:aws:sqs:*:*:${k}/x": ["arn:aws:sqs:*:*:${k}/x"],
		"arn:aws:s?s:*:1:q*/x": ["arn:aws:sns:*:1:q*/x", "arn:aws:sqs:*:1:q*/x"],
	}
	[concat(":", reading) | some reading in arn.readings(arn.segments(text), true, false)] == readings
	arn.readings(arn.segments(text), true, true) == [arn.segments(text)]
}

# GRAM-12
test_variable_is_text_in_an_old_document if {
	parts := arn.segments("arn:aws:iam::1:${k}/ana")
	arn.readings(parts, false, false) == [parts]
}

test_type_words_of_services[text] if {
	some text, expected in {
		"arn:aws:iam::1:user/a": true,
		"arn:aws:s3:::b/k": false,
		"arn:aws:s3:eu-west-1:1:accesspoint/a": true,
		"arn:aws:wafv2:*:*:global/a": false,
	}
	arn.has_type_word(arn.segments(text)) == expected
}
