package iam.ci.reading_test

import data.iam.ci.reading

_pattern := "arn:aws:s3:::*-b/*"

_allow := {"Action": "s3:GetObject", "Effect": "Allow", "Resource": "arn:aws:s3:::STACK-b/*"}

_deny := object.union(_allow, {"Effect": "Deny"})

# A statement, its holes, and what it is at its widest and at its narrowest.
_cases := {
	"known": [_allow, {}, [_allow], [_allow]],
	"a denied resource": [_deny, {"/Resource": _pattern}, [], [object.union(_deny, {"Resource": _pattern})]],
	"an allowed resource": [_allow, {"/Resource": _pattern}, [object.union(_allow, {"Resource": _pattern})], []],
	"one of several": [
		object.union(_allow, {"Resource": ["arn:aws:s3:::a", "X"]}),
		{"/Resource/1": "*"},
		[object.union(_allow, {"Resource": ["arn:aws:s3:::a", "*"]})],
		[object.union(_allow, {"Resource": ["arn:aws:s3:::a"]})],
	],
	"all of several": [
		object.union(_allow, {"Resource": ["X"]}),
		{"/Resource/0": "*"},
		[object.union(_allow, {"Resource": ["*"]})],
		[],
	],
	"what is not meant": [
		{"Effect": "Allow", "NotAction": ["iam:*", "X"], "Resource": "*"},
		{"/NotAction/1": "*"},
		[{"Action": "*", "Effect": "Allow", "Resource": "*"}],
		[],
	],
	"who": [
		object.union(_allow, {"Principal": {"AWS": "X"}}),
		{"/Principal/AWS": "*"},
		[object.union(_allow, {"Principal": "*"})],
		[],
	],
	"an only condition": [
		object.union(_allow, {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "X"}}}),
		{"/Condition/StringEquals/aws:PrincipalTag~1team": "*"},
		[_allow],
		[],
	],
	"one of the conditions": [
		object.union(_allow, {"Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceVpc": ["X"]}}}),
		{"/Condition/StringEquals/aws:SourceVpc/0": "*"},
		[object.union(_allow, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}})],
		[],
	],
	"an effect": [
		object.union(_allow, {"Effect": "X"}),
		{"/Effect": "*"},
		[_allow],
		[_deny],
	],
	"a name": [object.union(_allow, {"Sid": "X"}), {"/Sid": "*"}, [_allow], [object.union(_allow, {"Sid": "X"})]],
}

_document(statement, holes) := {
	"holes": {$"/Statement/0{path}": {"what": ["it"], "widest": widest} | some path, widest in holes},
	"value": {"Statement": [statement], "Version": "2012-10-17"},
}

test_widest[name] if {
	some name, [statement, holes, widest, _] in _cases
	reading.widest(_document(statement, holes)) == {"Statement": widest, "Version": "2012-10-17"}
}

test_narrowest[name] if {
	some name, [statement, holes, _, narrowest] in _cases
	reading.narrowest(_document(statement, holes)) == {"Statement": narrowest, "Version": "2012-10-17"}
}

test_a_statement_that_is_no_list if {
	one := {"holes": {"/Statement/Resource": {"what": ["it"], "widest": "*"}}, "value": {"Statement": _allow}}
	reading.widest(one) == {"Statement": [object.union(_allow, {"Resource": "*"})]}
}
