package iam.lint_test

_shadowed_by_first(wide, narrow) := {[severity, places] |
	some [severity, places] in _reported_of("OPA_IAM_SHADOWED_STATEMENT", [wide, narrow])
	places[0] == "/Statement/1"
}

# EVAL-1, RES-40: what of two statements covers the other.
test_statements_whose_actions_cover_others[note] if {
	some note, [wide, narrow, covers] in {
		"the same": [{}, {"Sid": "B"}, false],
		"more actions": [{"Action": ["s3:GetObject", "s3:PutObject"]}, {}, true],
		"a pattern": [{"Action": "s3:Get*"}, {}, true],
		"no longer pattern": [{"Action": "s3:Get?"}, {"Action": "s3:Get*"}, false],
		"every action": [{"Action": "*"}, {"Action": ["s3:Get*", "ec2:*"]}, true],
		"another service": [{"Action": "ec2:*"}, {}, false],
		"other actions": [{"Action": "s3:Put*"}, {}, false],
		"fewer actions left out": [
			{"Action": null, "NotAction": "s3:*"},
			{"Action": null, "NotAction": ["s3:*", "ec2:*"]},
			true,
		],
		"others left out": [
			{"Action": null, "NotAction": "s3:Get*"},
			{"Action": null, "NotAction": "ec2:*"},
			false,
		],
	}
	expected := {["SUGGESTION", ["/Statement/1", "/Statement/0"]] | covers}
	_shadowed_by_first(wide, narrow) == expected
}

# EVAL-1, RES-4, RES-6, RES-40
test_statements_whose_resources_cover_others[note] if {
	some note, [wide, narrow, covers] in {
		"every resource": [{"Resource": "*"}, {}, true],
		"more resources": [{"Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"]}, {}, true],
		"wider resources": [{"Resource": "arn:aws:s3:::b*"}, {}, true],
		"a variable resource": [{"Resource": "arn:aws:s3:::b*"}, {"Resource": "arn:aws:s3:::b/${aws:username}"}, true],
		"a resource by a variable": [{"Resource": "arn:aws:s3:::${aws:username}*"}, {}, false],
		"not across segments": [{"Resource": "arn:aws:sqs:*:q"}, {"Resource": "arn:aws:sqs:a:1:q"}, false],
		"not across types": [{"Resource": "arn:aws:iam::1:u*/x"}, {"Resource": "arn:aws:iam::1:user/x"}, false],
	}
	expected := {["SUGGESTION", ["/Statement/1", "/Statement/0"]] | covers}
	_shadowed_by_first(wide, narrow) == expected
}

# EVAL-1
test_statements_whose_conditions_are_another_s[note] if {
	tls := {"Bool": {"aws:SecureTransport": "true"}}
	some note, [wide, narrow, covers] in {
		"fewer conditions": [{}, {"Condition": tls}, true],
		"more conditions": [{"Condition": tls}, {}, false],
		"other values": [{"Condition": tls}, {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, false],
	}
	expected := {["SUGGESTION", ["/Statement/1", "/Statement/0"]] | covers}
	_shadowed_by_first(wide, narrow) == expected
}

# Two that cover each other in different words: the first is kept.
test_of_equal_statements_the_first_is_kept if {
	pair := [{"Action": "s3:GetObject"}, {"Action": ["S3:GETOBJECT", "s3:getobject"]}]
	_reported_of("OPA_IAM_SHADOWED_STATEMENT", pair) == set()
	covering := [{"Action": ["s3:Get*", "s3:GetObject"]}, {"Action": "s3:Get*"}]
	_reported_of("OPA_IAM_SHADOWED_STATEMENT", covering) == {["SUGGESTION", ["/Statement/1", "/Statement/0"]]}
}

# EVAL-1
test_allowed_and_denied[note] if {
	deny_all := {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
	some note, [several, found] in {
		"denied": [[{}, deny_all], {["WARNING", ["/Statement/0", "/Statement/1"]]}],
		"denied first": [[deny_all, {}], {["WARNING", ["/Statement/1", "/Statement/0"]]}],
		"denied in part": [[{}, {"Effect": "Deny", "Resource": "arn:aws:s3:::b/k"}], set()],
		"allowed twice": [[{}, {"Action": "s3:*"}], set()],
		"denied on a condition": [
			[{}, object.union(deny_all, {"Condition": {"Bool": {"aws:SecureTransport": "false"}}})],
			set(),
		],
		"one statement": [[{}], set()],
	}
	_reported_of("OPA_IAM_UNREACHABLE_STATEMENT", several) == found
}

# A statement for everyone covers one for somebody, and no other does.
test_statements_for_principals[note] if {
	account := {"AWS": "arn:aws:iam::111122223333:root"}
	some note, [wide, narrow, covers] in {
		"the same": [account, account, true],
		"everyone": [{"AWS": "*"}, account, true],
		"somebody": [account, "*", false],
	}
	policy := _policy("resource", [
		{"Effect": "Deny", "Action": "s3:*", "Principal": wide},
		{"Effect": "Allow", "Principal": narrow},
	])
	_reported("OPA_IAM_UNREACHABLE_STATEMENT", policy) == {["WARNING", ["/Statement/1", "/Statement/0"]] | covers}
}
