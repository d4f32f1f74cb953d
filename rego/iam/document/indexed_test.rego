package iam.document_test

import data.iam.document

_stored(statements) := document.indexed(document.lowered(
	{"Version": "2012-10-17", "Statement": statements},
	"identity",
).statements)

_about(members) := object.union({"Effect": "Allow", "Resource": "*"}, members)

test_statements_are_found_by_effect_service_and_name if {
	_stored([
		_about({"Action": ["s3:GetObject", "S3:Put*", "s3:List?", "sqs:*", "no action", "a:b:c"]}),
		_about({"Action": ["S3:getObject", "s3:Put*"]}),
		_about({"Effect": "Deny", "Action": "sqs:**"}),
	]).actions == {
		"Allow": {
			"s3": {
				"always": {"getobject": "000001 000002"},
				"patterns": {
					"000001": `(?s)^(?:list[^:*?\s]|put[^:*?\s]*)$`,
					"000002": `(?s)^(?:put[^:*?\s]*)$`,
				},
			},
			"sqs": {"always": {"*": "000001"}},
		},
		"Deny": {"sqs": {"always": {"*": "000003"}}},
	}
}

test_statements_of_every_service_stand_apart if {
	_stored([
		_about({"Action": ["s3:GetObject", "*"]}),
		_about({"NotAction": ["s3:GetObject", "iam:*"]}),
		_about({"NotAction": "*"}),
		_about({"Action": "**"}),
		_about({"Action": []}),
	]).actions == {"Allow": {"*": {
		"always": {"*": "000001 000004"},
		"others": {"000002": {
			"exact": {"s3:getobject": true},
			"pattern": "(?s)^(?:iam:.*)$",
			"services": {"iam": true, "s3": true},
		}},
	}}}
}

test_statements_to_be_tested_stand_apart if {
	_stored([
		_about({"Action": ["s3:GetObject", "*"], "Resource": "arn:aws:s3:::b"}),
		_about({"Action": ["s3:*", "sqs:SendMessage"], "Resource": "arn:aws:s3:::c"}),
		_about({"Action": "*", "Resource": "arn:aws:s3:::b"}),
	]).actions == {"Allow": {
		"*": {"tested": {"*": ["000001", "000003"]}},
		"s3": {"tested": {"*": ["000002"]}},
		"sqs": {"tested": {"sendmessage": ["000002"]}},
	}}
}

# RES-3, RES-9, RES-12: one expression where neither variables nor exceptions have a say.
test_what_statements_reach[note] if {
	some note, [members, reach] in {
		"every resource": [{"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, [""]],
		"a pattern": [{"Resource": "arn:aws:s3:::b/*"}, ["(?s)^(?:arn:aws:s3:::b/.*)$"]],
		"a pattern and a name": [
			{"Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c"]},
			["(?s)^(?:arn:aws:s3:::c)$|(?s)^(?:arn:aws:s3:::b/.*)$"],
		],
		"a variable": [{"Resource": "arn:aws:s3:::${aws:username}"}, []],
		"all but one": [{"NotResource": "arn:aws:s3:::b"}, []],
	}
	about := object.filter(_about({"Action": "s3:*"}), ["Action", "Effect"])
	statement := object.union(about, object.union({"Resource": "*" | not members.NotResource}, members))
	[found | found := _stored([statement]).statements["000001"].reach] == reach
}

# ACT-3, RES-3: whoever asks, about whatever.
test_statements_that_always_apply[note] if {
	some note, [members, always] in {
		"every resource": [{}, true],
		"a resource": [{"Resource": "arn:aws:s3:::b"}, false],
		"all but a resource": [{"NotResource": "arn:aws:s3:::b"}, false],
		"no resource": [{"NotResource": "*"}, false],
		"a condition": [{"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, false],
	}
	about := object.filter(_about({"Action": "s3:*"}), ["Action", "Effect"])
	statement := object.union(about, object.union({"Resource": "*" | not members.NotResource}, members))
	object.get(_stored([statement]).statements["000001"], "always", false) == always
}

test_a_principal_keeps_a_statement_from_applying_always if {
	statements := document.lowered({"Statement": _about({"Action": "s3:*", "Principal": "*"})}, "resource").statements
	not document.indexed(statements).statements["000001"].always
}

test_statements_are_numbered_so_that_texts_sort_like_numbers if {
	statements := _stored([_about({"Action": "s3:*"}) | some _ in numbers.range(1, 12)]).statements
	[statements[number].index | some number in sort(object.keys(statements))] == numbers.range(1, 12)
	[statement | some statement in statements; statement.action] == []
}
