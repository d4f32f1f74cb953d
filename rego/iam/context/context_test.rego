package iam.context_test

import data.iam.context

_user := "arn:aws:iam::111122223333:user/team/ana"

_session := "arn:aws:sts::111122223333:assumed-role/Builder/job-7"

# I.1, I.6, IN-2: what the principal alone tells.
test_keys_of_each_kind_of_principal[note] if {
	some note, tc in {
		"user": {"principal": {"arn": _user, "unique_id": "AIDA1"}, "keys": {
			"aws:principalaccount": "111122223333",
			"aws:principalarn": _user,
			"aws:principalisawsservice": false,
			"aws:principaltype": "User",
			"aws:userid": "AIDA1",
			"aws:username": "ana",
		}},
		"role": {"principal": "arn:aws:iam::111122223333:role/ci/Builder", "keys": {
			"aws:principalaccount": "111122223333",
			"aws:principalarn": "arn:aws:iam::111122223333:role/ci/Builder",
			"aws:principalisawsservice": false,
			"aws:principaltype": "AssumedRole",
		}},
		"role session": {
			"principal": {
				"arn": _session,
				"role_arn": "arn:aws:iam::111122223333:role/ci/Builder",
				"unique_id": "AROA1",
			},
			"keys": {
				"aws:principalaccount": "111122223333",
				"aws:principalarn": "arn:aws:iam::111122223333:role/ci/Builder",
				"aws:principalisawsservice": false,
				"aws:principaltype": "AssumedRole",
				"aws:userid": "AROA1:job-7",
			},
		},
		"role session of an unknown role": {"principal": _session, "keys": {
			"aws:principalaccount": "111122223333",
			"aws:principalarn": "arn:aws:iam::111122223333:role/Builder",
			"aws:principalisawsservice": false,
			"aws:principaltype": "AssumedRole",
		}},
		"federated session": {"principal": "arn:aws:sts::111122223333:federated-user/ana", "keys": {
			"aws:principalaccount": "111122223333",
			"aws:principalarn": "arn:aws:sts::111122223333:federated-user/ana",
			"aws:principalisawsservice": false,
			"aws:principaltype": "FederatedUser",
			"aws:userid": "111122223333:ana",
		}},
		"root user": {"principal": "arn:aws:iam::111122223333:root", "keys": {
			"aws:principalaccount": "111122223333",
			"aws:principalarn": "arn:aws:iam::111122223333:root",
			"aws:principalisawsservice": false,
			"aws:principaltype": "Account",
			"aws:userid": "111122223333",
		}},
		"service": {"principal": "sns.amazonaws.com", "keys": {
			"aws:principalisawsservice": true,
			"aws:principalservicename": "sns.amazonaws.com",
		}},
		"anonymous": {"principal": "*", "keys": {
			"aws:principalaccount": "anonymous",
			"aws:principaltype": "Anonymous",
			"aws:userid": "anonymous",
		}},
	}
	context.keys == tc.keys with input as {"principal": tc.principal, "action": "s3:GetObject"}
}

test_session_of_a_compiled_role_has_its_path if {
	context.keys["aws:principalarn"] == "arn:aws:iam::111122223333:role/ci/BUILDER" with input as {"principal": _session}
		with data.iam.index as {"roles": {"aws/111122223333/builder": "arn:aws:iam::111122223333:role/ci/BUILDER"}}
}

test_principal_object_tells_more_keys if {
	keys := context.keys with input as {"principal": {
		"arn": _user,
		"mfa": false,
		"organization": {"id": "o-1", "paths": ["o-1/r-1/"]},
	}}
	object.filter(keys, ["aws:multifactorauthpresent", "aws:principalorgid", "aws:principalorgpaths"]) == {
		"aws:multifactorauthpresent": false,
		"aws:principalorgid": "o-1",
		"aws:principalorgpaths": ["o-1/r-1/"],
	}
}

# IN-2
test_resource_tells_its_account if {
	context.keys["aws:resourceaccount"] == "444455556666" with input as {
		"principal": "*",
		"resource": "arn:aws:sqs:us-east-1:444455556666:queue",
	}
	context.keys["aws:resourceaccount"] == "444455556666" with input as {
		"principal": "*",
		"resource": "arn:aws:s3:::bucket",
		"resource_account": "444455556666",
	}
	not context.keys["aws:resourceaccount"] with input as {"principal": "*", "resource": "arn:aws:s3:::bucket"}
}

# COND-ALL-3, IN-2
test_given_keys_lose_their_case_and_hold if {
	keys := context.keys with input as {"principal": "*", "context": {"AWS:PrincipalAccount": "x", "K": 1}}
	keys == {"aws:principalaccount": "x", "aws:principaltype": "Anonymous", "aws:userid": "anonymous", "k": 1}
}

# IN-4, GKEY-4: keys of unknown type stand as they are given.
test_values_take_the_form_of_their_key[note] if {
	some note, tc in {
		"one value of a multivalued key": {"key": "aws:TagKeys", "given": "a", "value": ["a"]},
		"values of a multivalued key": {"key": "aws:TagKeys", "given": ["a", "b"], "value": ["a", "b"]},
		"no value of a multivalued key": {"key": "aws:TagKeys", "given": [], "value": []},
		"values of a single-valued key": {"key": "aws:RequestTag/a", "given": ["x", "y"], "value": "x"},
		"a single-valued key": {"key": "aws:SecureTransport", "given": false, "value": false},
		"a list of unknown type": {"key": "token.example.com:groups", "given": ["x"], "value": ["x"]},
		"a value of unknown type": {"key": "token.example.com:sub", "given": "x", "value": "x"},
		"by the reference": {"key": "x:Names", "given": "a", "value": ["a"]},
	}
	value := context.keys[lower(tc.key)] with input as {"principal": "*", "context": {tc.key: tc.given}}
		with data.iam.reference as {"keys": {"x:names": "ArrayOfString"}}
	value == tc.value
}

# IN-4
test_an_empty_list_is_no_value_of_a_single_valued_key if {
	not "aws:sourceip" in object.keys(context.keys) with input as {"principal": "*", "context": {"aws:SourceIp": []}}
}

# I.5
test_the_services_called_first_and_last if {
	keys := context.keys with input as {"principal": "*", "context": {"aws:CalledVia": ["a.amazonaws.com", "b.amazonaws.com"]}}
	[keys["aws:calledviafirst"], keys["aws:calledvialast"]] == ["a.amazonaws.com", "b.amazonaws.com"]
	one := context.keys with input as {"principal": "*", "context": {"aws:CalledVia": "a.amazonaws.com"}}
	[one["aws:calledviafirst"], one["aws:calledvialast"]] == ["a.amazonaws.com", "a.amazonaws.com"]
	none := context.keys with input as {"principal": "*", "context": {"aws:CalledVia": []}}
	object.filter(none, ["aws:calledviafirst", "aws:calledvialast"]) == {}
}

# I.6
test_a_role_with_a_session_name_has_a_user_id if {
	role := {"arn": "arn:aws:iam::111122223333:role/Builder", "unique_id": "AROA1", "session_name": "job-7"}
	context.keys["aws:userid"] == "AROA1:job-7" with input as {"principal": role}
	not context.keys["aws:userid"] with input as {"principal": object.remove(role, ["unique_id"])}
	not context.keys["aws:userid"] with input as {"principal": object.remove(role, ["session_name"])}
}

# I.1: the session's tags before the entity's, the request's before the account's, whatever their case.
test_tags_of_a_principal if {
	keys := context.keys with input as {"principal": {
		"arn": _user,
		"tags": {"TEAM": "request", "Stage": "request"},
		"session_tags": {"stage": "session"},
	}}
		with data.iam.account as {"principals": {_user: {"tags": {"Team": "account", "Cost": "account"}}}}
	{name: value | some name, value in keys; startswith(name, "aws:principaltag/")} == {
		"aws:principaltag/cost": "account",
		"aws:principaltag/stage": "session",
		"aws:principaltag/team": "request",
	}
}

# GRAM-22, COND-SET-1
test_text_of_a_value if {
	given := {"context": {"A": "x", "b": 10, "c": true, "d": ["x"], "e": "", "f": false}}
	texts := {key: text |
		some key in ["a", "b", "c", "d", "e", "f", "nope"]
		text := context.text(key) with input as given
	}
	texts == {"a": "x", "b": "10", "c": "true", "e": "", "f": "false"}
}

# COND-NULL-2
test_presence if {
	given := {"context": {"a": "x", "b": false, "c": "", "d": ["x"], "e": []}}
	present := {key |
		some key in ["a", "b", "c", "d", "e", "nope"]
		context.is_present(key) with input as given
	}
	present == {"a", "b", "c", "d"}
}

# VAR-3, VAR-5, VAR-6
test_variable_takes_value_or_default[note] if {
	some note, tc in {
		"its key's value": {"given": {"k": "x"}, "part": {"variable": "k"}, "body": "x"},
		"the value before the default": {"given": {"k": "x"}, "part": {"default": "d", "variable": "k"}, "body": "x"},
		"the default of a missing key": {"given": {}, "part": {"default": "d", "variable": "k"}, "body": "d"},
		"the default of an empty value": {"given": {"k": ""}, "part": {"default": "d", "variable": "k"}, "body": "d"},
		"an empty default": {"given": {}, "part": {"default": "", "variable": "k"}, "body": ""},
		"a literal value": {"given": {"k": "a*.${x}"}, "part": {"variable": "k"}, "body": "a[*][.][$][{]x[}]"},
		"a number": {"given": {"k": 1.5}, "part": {"variable": "k"}, "body": "1[.]5"},
	}
	expression := context.resolved([{"body": "<"}, tc.part, {"body": ">"}]) with input as {"context": tc.given}
	expression == $"(?s)^(?:<{tc.body}>)$"
}

test_unresolvable_variable_leaves_no_expression[note] if {
	some note, tc in {
		"a missing key": {"given": {}, "part": {"variable": "k"}},
		"an empty value": {"given": {"k": ""}, "part": {"variable": "k"}},
		"a multivalued key": {"given": {"k": ["x"]}, "part": {"variable": "k"}},
		"a multivalued key with default": {"given": {"k": ["x"]}, "part": {"default": "d", "variable": "k"}},
	}
	not context.resolved([{"body": "<"}, tc.part]) with input as {"context": tc.given}
}

test_malformed_principal_has_no_keys[note] if {
	some note, principal in {"null": null, "a list": ["x"], "no principal": "x", "an empty object": {}}
	context.keys == {"k": "x"} with input as {"principal": principal, "context": {"k": "x"}}
}

# IN-2
test_current_time_is_the_clocks if {
	given := {"context": {}}
	context.value("aws:currenttime") == "2023-11-14T22:13:20Z" with input as given with time.now_ns as 1700000000999999999
	context.value("aws:epochtime") == 1700000000 with input as given with time.now_ns as 1700000000999999999
}

test_either_time_is_told_from_the_other[note] if {
	some note, tc in {
		"epoch from a date": {"given": {"aws:CurrentTime": "2023-11-14T22:13:20.7Z"}, "key": "aws:epochtime", "value": 1700000000},
		"date from epoch": {"given": {"aws:EpochTime": 1700000000}, "key": "aws:currenttime", "value": "2023-11-14T22:13:20Z"},
		"given both": {"given": {"aws:EpochTime": "1", "aws:CurrentTime": "x"}, "key": "aws:currenttime", "value": "x"},
	}
	context.value(tc.key) == tc.value with input as {"context": tc.given}
}

test_unreadable_time_tells_no_other if {
	not context.value("aws:epochtime") with input as {"context": {"aws:CurrentTime": "noon"}}
	not context.value("aws:currenttime") with input as {"context": {"aws:EpochTime": "noon"}}
}

# GRAM-22, COND-SET-3
test_texts_of_a_key if {
	given := {"context": {"a": ["x", 1, true], "b": "y", "c": []}}
	[context.texts(key) | some key in ["a", "b", "c", "d"]] == [{"x", "1", "true"}, {"y"}, set(), set()] with input as given
}

# VAR-10
test_resolved_text if {
	given := {"context": {"k": "x*"}}
	context.resolved_text([{"body": "a[.].*"}, {"variable": "k"}]) == "a.*x*" with input as given
	not context.resolved_text([{"body": "a"}, {"variable": "nope"}]) with input as given
}

# S3-4
test_tags_of_buckets_are_withheld[note] if {
	some note, [resource, settings, seen] in {
		"a bucket": ["arn:aws:s3:::b", {}, false],
		"an object": ["arn:aws:s3:::b/k", {"s3_bucket_abac": false}, false],
		"a bucket with ABAC": ["arn:aws:s3:::b", {"s3_bucket_abac": true}, true],
		"an access point": ["arn:aws:s3:us-east-1:111122223333:accesspoint/p", {}, true],
		"a queue": ["arn:aws:sqs:us-east-1:111122223333:q", {}, true],
	}
	keys := context.keys with input as {
		"action": "s3:GetObject",
		"resource": resource,
		"context": {"aws:ResourceTag/a": "x", "s3:BucketTag/a": "x", "aws:PrincipalTag/a": "x"},
		"settings": settings,
	}
	{key | some key, "x" in keys; not startswith(key, "aws:principal")} == {key |
		some key in ["aws:resourcetag/a", "s3:buckettag/a"]
		seen
	}
}
