package iam.statement_test

import data.iam.document
import data.iam.statement

_compiled(elements, version) := document.lowered(
	object.union({"Statement": [object.union({"Effect": "Allow"}, elements)]}, version),
	"identity",
).statements[0]

_request(action, resource) := {
	"principal": "arn:aws:iam::111122223333:user/ana",
	"action": action,
	"resource": resource,
	"context": {"empty": "", "list": ["x"], "tag": "*"},
}

_matches_resource(elements, resource) := result if {
	compiled := _compiled(object.union({"Action": "*"}, elements), {"Version": "2012-10-17"})
	result := statement.matches_resource(compiled) with input as _request("s3:GetObject", resource)
}

# RES-1 to RES-14, RES-35
test_resource_matches_by_any_entry[note] if {
	some note, tc in {
		"equal": {"entry": "arn:aws:s3:::b/k", "resource": "arn:aws:s3:::b/k", "matches": true},
		"everything": {"entry": "*", "resource": "arn:aws:s3:::b/k", "matches": true},
		"everything in two asterisks": {"entry": "**", "resource": "arn:aws:s3:::b/k", "matches": true},
		"objects": {"entry": "arn:aws:s3:::b/*", "resource": "arn:aws:s3:::b/k/x", "matches": true},
		"objects, not the bucket": {"entry": "arn:aws:s3:::b/*", "resource": "arn:aws:s3:::b", "matches": false},
		"the bucket, not its objects": {"entry": "arn:aws:s3:::b", "resource": "arn:aws:s3:::b/k", "matches": false},
		"a literal dot": {"entry": "arn:aws:s3:::a.b*", "resource": "arn:aws:s3:::axb", "matches": false},
		"case of the first five": {"entry": "arn:AWS:S3:::b", "resource": "arn:aws:s3:::b", "matches": true},
		"case of the request's": {"entry": "arn:aws:s3:::b", "resource": "arn:aws:S3:::b", "matches": true},
		"case of the resource part": {"entry": "arn:aws:s3:::B", "resource": "arn:aws:s3:::b", "matches": false},
		"an empty segment": {
			"entry": "arn:aws:sqs:us-east-1::q",
			"resource": "arn:aws:sqs:us-east-1:111122223333:q",
			"matches": false,
		},
		"an asterisk for an empty segment": {
			"entry": "arn:aws:s3:*:*:b",
			"resource": "arn:aws:s3:::b",
			"matches": true,
		},
		"no wildcard crosses a colon": {
			"entry": "arn:aws:sqs:*:q",
			"resource": "arn:aws:sqs:us-east-1:111122223333:q",
			"matches": false,
		},
		"colons in the resource part": {
			"entry": "arn:aws:sns:us-east-1:111122223333:t*",
			"resource": "arn:aws:sns:us-east-1:111122223333:t:1",
			"matches": true,
		},
		"a wildcard type word": {
			"entry": "arn:aws:iam::111122223333:u*/ana",
			"resource": "arn:aws:iam::111122223333:user/ana",
			"matches": false,
		},
		"a wildcard name": {
			"entry": "arn:aws:iam::*:user/a?a",
			"resource": "arn:aws:iam::111122223333:user/ana",
			"matches": true,
		},
		"no type word": {
			"entry": "arn:aws:iam::*:*",
			"resource": "arn:aws:iam::111122223333:user/ana",
			"matches": true,
		},
		"a wildcard bucket": {"entry": "arn:aws:s3:::b*/k", "resource": "arn:aws:s3:::bc/k", "matches": true},
		"a short ARN": {
			"entry": "arn:aws:sqs:us-east-1",
			"resource": "arn:aws:sqs:us-east-1:111122223333:q",
			"matches": true,
		},
		"a short ARN of another Region": {
			"entry": "arn:aws:sqs:us-east-1",
			"resource": "arn:aws:sqs:eu-west-1:111122223333:q",
			"matches": false,
		},
		"no ARN": {"entry": "b", "resource": "arn:aws:s3:::b", "matches": false},
		"one of several": {"entry": ["b", "arn:aws:s3:::b"], "resource": "arn:aws:s3:::b", "matches": true},
		"nothing": {"entry": [], "resource": "arn:aws:s3:::b", "matches": false},
	}
	_matches_resource({"Resource": tc.entry}, tc.resource) == tc.matches
}

# RES-31
test_request_for_everything_is_met_by_asterisks_only[entry] if {
	some entry, matches in {
		"*": true,
		"**": true,
		"arn:aws:ec2:*:*:*": false,
		"arn:*:*:*:*:*": false,
		"arn:": false,
		"arn:aws:s3:::${aws:username}": false,
	}
	_matches_resource({"Resource": entry}, "*") == matches
}

# RES-15 to RES-17
test_variables_in_a_resource[note] if {
	some note, tc in {
		"resolved": {"entry": "arn:aws:s3:::b/${aws:username}/*", "resource": "arn:aws:s3:::b/ana/k", "matches": true},
		"another value": {"entry": "arn:aws:s3:::b/${aws:username}", "resource": "arn:aws:s3:::b/bob", "matches": false},
		"a literal value": {"entry": "arn:aws:s3:::b/${tag}", "resource": "arn:aws:s3:::b/x", "matches": false},
		"a missing key": {"entry": "arn:aws:s3:::b/${nope}", "resource": "arn:aws:s3:::b/", "matches": false},
		"a missing key with default": {
			"entry": "arn:aws:s3:::b/${nope, 'x'}",
			"resource": "arn:aws:s3:::b/x",
			"matches": true,
		},
		"a multivalued key": {"entry": "arn:aws:s3:::b/${list, 'x'}", "resource": "arn:aws:s3:::b/x", "matches": false},
		"the Region": {"entry": "arn:aws:sqs:${tag}::q", "resource": "arn:aws:sqs:*::q", "matches": false},
	}
	_matches_resource({"Resource": tc.entry}, tc.resource) == tc.matches
}

# RES-9, RES-20 to RES-22, RES-32, GRAM-34
test_notresource_matches_where_every_entry_is_decided_and_none_matches[note] if {
	some note, tc in {
		"another": {"entry": "arn:aws:s3:::c", "resource": "arn:aws:s3:::b", "matches": true},
		"a pattern of others": {"entry": "arn:aws:s3:::c*", "resource": "arn:aws:s3:::b", "matches": true},
		"equal": {"entry": "arn:aws:s3:::b", "resource": "arn:aws:s3:::b", "matches": false},
		"a pattern": {"entry": ["arn:aws:s3:::c", "arn:aws:s3:::b*"], "resource": "arn:aws:s3:::b", "matches": false},
		"everything": {"entry": "*", "resource": "arn:aws:s3:::b", "matches": false},
		"everything among others": {"entry": ["arn:aws:s3:::c", "*"], "resource": "arn:aws:s3:::b", "matches": false},
		"no ARN": {"entry": ["arn:aws:s3:::c", "x"], "resource": "arn:aws:s3:::b", "matches": false},
		"a short ARN of others": {"entry": "arn:aws:sqs", "resource": "arn:aws:s3:::b", "matches": false},
		"a short ARN": {"entry": "arn:aws:s3", "resource": "arn:aws:s3:::b", "matches": false},
		"a variable of others": {"entry": "arn:aws:s3:::${aws:username}", "resource": "arn:aws:s3:::b", "matches": true},
		"a variable": {"entry": "arn:aws:s3:::${aws:username}", "resource": "arn:aws:s3:::ana", "matches": false},
		"an unresolvable variable": {"entry": "arn:aws:s3:::${nope}", "resource": "arn:aws:s3:::b", "matches": false},
		"a malformed variable": {"entry": "arn:aws:s3:::${", "resource": "arn:aws:s3:::b", "matches": false},
		"a request for everything": {"entry": "arn:aws:s3:::b", "resource": "*", "matches": true},
		"everything, for everything": {"entry": "*", "resource": "*", "matches": false},
		"nothing": {"entry": [], "resource": "arn:aws:s3:::b", "matches": true},
	}
	_matches_resource({"NotResource": tc.entry}, tc.resource) == tc.matches
}

_applies(elements) := result if {
	sound := {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}
	compiled := _compiled(object.union(sound, elements), {"Version": "2012-10-17"})
	result := statement.applies(compiled) with input as _request("s3:GetObject", "arn:aws:s3:::b/k")
}

# 0.2, COND-ALL-1, COND-ALL-2
test_statement_applies_where_all_of_it_matches[note] if {
	some note, tc in {
		"no condition": {"elements": {}, "applies": true},
		"another resource": {"elements": {"Resource": "arn:aws:s3:::c/k"}, "applies": false},
		"all conditions": {
			"elements": {"Condition": {"StringEquals": {"tag": "*", "aws:username": "ana"}, "Null": {"nope": true}}},
			"applies": true,
		},
		"all keys but one": {
			"elements": {"Condition": {"StringEquals": {"tag": "*", "aws:username": "bob"}}},
			"applies": false,
		},
		"all operators but one": {
			"elements": {"Condition": {"StringEquals": {"tag": "*"}, "Null": {"tag": true}}},
			"applies": false,
		},
		"an empty Condition": {"elements": {"Condition": {}}, "applies": true},
		"an empty operator": {"elements": {"Condition": {"StringEquals": {}}}, "applies": true},
	}
	_applies(tc.elements) == tc.applies
}
