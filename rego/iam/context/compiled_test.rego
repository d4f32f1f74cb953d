package iam.context_compiled_test

import data.iam.context

_user := "arn:aws:iam::111122223333:user/ana"

_role := "arn:aws:iam::111122223333:role/ci/Builder"

_organization := {"accounts": {
	"111122223333": {"id": "o-1", "levels": [], "management": true, "paths": ["o-1/r-1/"]},
	"444455556666": {"id": "o-1", "levels": [], "management": false, "paths": ["o-1/r-1/ou-1/"]},
}}

_account := {
	"principals": {_user: {"policies": [], "unique_id": "AIDA1"}, _role: {"policies": [], "unique_id": "AROA1"}},
	"resources": {"arn:aws:s3:::reports": {"account": "444455556666"}},
}

# The keys of a request that begin so.
_keys(given, beginning) := {name: value |
	some name, value in keys
	startswith(name, beginning)
} if {
	keys := context.keys with input as given
		with data.iam.account as _account
		with data.iam.index.roles as {"aws/111122223333/builder": _role}
		with data.iam.organization as _organization
}

# I.1, IN-2
test_organization_of_the_caller[note] if {
	compiled := {"aws:principalorgid": "o-1", "aws:principalorgpaths": ["o-1/r-1/"]}
	some note, tc in {
		"a user": {"principal": _user, "keys": compiled},
		"a session": {"principal": "arn:aws:sts::111122223333:assumed-role/Builder/s", "keys": compiled},
		"an account outside it": {"principal": "arn:aws:iam::555566667777:user/x", "keys": {}},
		"a service": {"principal": "sns.amazonaws.com", "keys": {}},
		"what the request says holds, as a whole": {
			"principal": {"arn": _user, "organization": {"id": "o-2"}},
			"keys": {"aws:principalorgid": "o-2"},
		},
	}
	_keys({"principal": tc.principal}, "aws:principalorg") == tc.keys
}

# I.4
test_organization_of_the_resource[note] if {
	member := {"aws:resourceorgid": "o-1", "aws:resourceorgpaths": ["o-1/r-1/ou-1/"]}
	some note, tc in {
		"the owner that the ARN names": {"request": {"resource": "arn:aws:sqs:eu-west-1:444455556666:q"}, "keys": member},
		"the owner that is compiled": {"request": {"resource": "arn:aws:s3:::reports/a"}, "keys": member},
		"the owner that the request names": {
			"request": {"resource": "arn:aws:s3:::b", "resource_account": "444455556666"},
			"keys": member,
		},
		"an owner that nobody names": {"request": {"resource": "arn:aws:s3:::b"}, "keys": {}},
		"an account outside it": {"request": {"resource": "arn:aws:sqs:eu-west-1:555566667777:q"}, "keys": {}},
	}
	_keys(object.union({"principal": _user}, tc.request), "aws:resourceorg") == tc.keys
}

# I.6, IN-2
test_unique_id_of_the_caller[note] if {
	some note, tc in {
		"a user": {"principal": _user, "userid": "AIDA1"},
		"a session": {"principal": "arn:aws:sts::111122223333:assumed-role/builder/s", "userid": "AROA1:s"},
		"a role, were it assumed": {"principal": {"arn": _role, "session_name": "s"}, "userid": "AROA1:s"},
		"what the request says holds": {"principal": {"arn": _user, "unique_id": "AIDA2"}, "userid": "AIDA2"},
	}
	_keys({"principal": tc.principal}, "aws:userid") == {"aws:userid": tc.userid}
}
