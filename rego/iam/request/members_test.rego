package iam.request_test

_session := "arn:aws:sts::111122223333:assumed-role/Builder/job-7"

_principal(members) := _with({"principal": object.union({"arn": "arn:aws:iam::111122223333:user/ana"}, members)})

test_principal_is_known[note] if {
	some note, tc in {
		"a user": {"principal": "arn:aws:iam::111122223333:user/ana", "found": set()},
		"an object": {"principal": {"arn": "*"}, "found": set()},
		"a group": {"principal": "arn:aws:iam::111122223333:group/devs", "found": {["INVALID_PRINCIPAL", "/principal"]}},
		"a group in an object": {
			"principal": {"arn": "arn:aws:iam::111122223333:group/devs"},
			"found": {["INVALID_PRINCIPAL", "/principal"]},
		},
		"the empty text": {"principal": "", "found": {["INVALID_PRINCIPAL", "/principal"]}},
		"an object without arn": {"principal": {}, "found": {["MISSING_MEMBER", "/principal/arn"]}},
		"null for arn": {"principal": {"arn": null}, "found": {["INVALID_TYPE", "/principal/arn"]}},
	}
	_found(_with({"principal": tc.principal})) == tc.found
}

test_members_of_a_principal_are_known_and_typed[note] if {
	some note, tc in {
		"all": {
			"members": {
				"mfa": false,
				"organization": {"id": "o-1", "paths": ["o-1/r-1/"]},
				"session_name": "s",
				"session_tags": {"a": ""},
				"tags": {"Team": "red"},
				"unique_id": "AIDA1",
			},
			"found": set(),
		},
		"an unknown one": {"members": {"a/b": 1}, "found": {["UNKNOWN_MEMBER", "/principal/a~1b"]}},
		"a text for mfa": {"members": {"mfa": "true"}, "found": {["INVALID_TYPE", "/principal/mfa"]}},
		"null for unique_id": {"members": {"unique_id": null}, "found": {["INVALID_TYPE", "/principal/unique_id"]}},
		"a list for tags": {"members": {"tags": ["a"]}, "found": {["INVALID_TYPE", "/principal/tags"]}},
		"null for a tag": {"members": {"tags": {"a/b": null}}, "found": {["INVALID_TYPE", "/principal/tags/a~1b"]}},
		"a list for a session tag": {
			"members": {"session_tags": {"a": ["x"]}},
			"found": {["INVALID_TYPE", "/principal/session_tags/a"]},
		},
		"an unknown member of the organization": {
			"members": {"organization": {"root": "r-1"}},
			"found": {["UNKNOWN_MEMBER", "/principal/organization/root"]},
		},
		"odd types in the organization": {
			"members": {"organization": {"id": 1, "paths": "o-1/"}},
			"found": {
				["INVALID_TYPE", "/principal/organization/id"],
				["INVALID_TYPE", "/principal/organization/paths"],
			},
		},
		"an odd type in the organization's paths": {
			"members": {"organization": {"paths": ["o-1/", 1]}},
			"found": {["INVALID_TYPE", "/principal/organization/paths"]},
		},
		"a list for the organization": {
			"members": {"organization": ["o-1"]},
			"found": {["INVALID_TYPE", "/principal/organization"]},
		},
	}
	_found(_principal(tc.members)) == tc.found
}

# COND-ALL-3, OPEN-17
test_names_that_differ_by_case_only_are_errors[note] if {
	some note, tc in {
		"context keys": {
			"request": _with({"context": {"aws:RequestTag/a": "x", "AWS:RequestTag/A": "x", "b": "x"}}),
			"found": {["DUPLICATE_CONTEXT_KEY", "/context/aws:RequestTag~1a"]},
		},
		"tags": {
			"request": _principal({"tags": {"TEAM": "a", "Team": "b", "team": "c"}}),
			"found": {["DUPLICATE_TAG_KEY", "/principal/tags/Team"], ["DUPLICATE_TAG_KEY", "/principal/tags/team"]},
		},
		"session tags": {
			"request": _principal({"session_tags": {"TEAM": "a", "team": "a"}}),
			"found": {["DUPLICATE_TAG_KEY", "/principal/session_tags/team"]},
		},
		"a tag and a session tag": {
			"request": _principal({"tags": {"TEAM": "a"}, "session_tags": {"team": "a"}}),
			"found": set(),
		},
	}
	_found(tc.request) == tc.found
}

# PRIN-8
test_role_of_a_session_must_be_its_own[note] if {
	some note, tc in {
		"its own": {"arn": _session, "role": "arn:aws:iam::111122223333:role/ci/builder", "found": set()},
		"another": {
			"arn": _session,
			"role": "arn:aws:iam::111122223333:role/Other",
			"found": {["INVALID_PRINCIPAL", "/principal/role_arn"]},
		},
		"a user's": {
			"arn": "arn:aws:iam::111122223333:user/Builder",
			"role": "arn:aws:iam::111122223333:role/Builder",
			"found": {["INVALID_PRINCIPAL", "/principal/role_arn"]},
		},
		"false": {"arn": _session, "role": false, "found": {["INVALID_TYPE", "/principal/role_arn"]}},
	}
	_found(_with({"principal": {"arn": tc.arn, "role_arn": tc.role}})) == tc.found
}

# IAM-3
test_service_linked_principal_is_a_service_linked_role[note] if {
	some note, tc in {
		"a session of an unknown role": {"principal": {"arn": _session, "service_linked": true}, "found": set()},
		"a user": {
			"principal": {"arn": "arn:aws:iam::111122223333:user/ana", "service_linked": true},
			"found": {["INVALID_PRINCIPAL", "/principal/service_linked"]},
		},
		"a user that is none": {
			"principal": {"arn": "arn:aws:iam::111122223333:user/ana", "service_linked": false},
			"found": set(),
		},
		"a service-linked role": {
			"principal": {
				"arn": "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO",
				"service_linked": true,
			},
			"found": set(),
		},
	}
	_found(_with({"principal": tc.principal})) == tc.found
}

# GRAM-22
test_context_values_are_scalars_or_lists_of_them[note] if {
	some note, value in {"null": null, "an object": {}, "a list in a list": [["x"]], "null in a list": ["x", null]}
	_found(_with({"context": {"aws:RequestTag/a": value}})) == {["INVALID_TYPE", "/context/aws:RequestTag~1a"]}
}

test_policies_are_of_known_types[note] if {
	some note, tc in {
		"an unknown one": {"policies": {"a/b": []}, "found": {["UNKNOWN_MEMBER", "/policies/a~1b"]}},
		"odd types in the others": {
			"policies": {"resource": [], "resource_control": {}, "service_control": [{}, {"id": 1, "policies": []}], "session": "x"},
			"found": {
				["INVALID_TYPE", "/policies/resource"],
				["INVALID_TYPE", "/policies/resource_control"],
				["INVALID_TYPE", "/policies/service_control/0"],
				["INVALID_TYPE", "/policies/service_control/1"],
				["INVALID_POLICY_TYPE", "/policies/session"],
				["INVALID_TYPE", "/policies/session"],
			},
		},
		"an odd policy at a level": {
			"policies": {"service_control": [{"policies": ["FullAWSAccess", null]}]},
			"found": {["INVALID_TYPE", "/policies/service_control/0/policies/1"]},
		},
		"two boundaries": {
			"policies": {"permissions_boundary": ["a", "b"]},
			"found": {["TOO_MANY_BOUNDARIES", "/policies/permissions_boundary"]},
		},
		"empty ones": {"policies": {"session": [], "resource": null}, "found": set()},
		"an object for identity": {"policies": {"identity": {"a": {}}}, "found": {["INVALID_TYPE", "/policies/identity"]}},
		"false for identity": {"policies": {"identity": false}, "found": {["INVALID_TYPE", "/policies/identity"]}},
		"null for identity": {"policies": {"identity": null}, "found": {["INVALID_TYPE", "/policies/identity"]}},
		"odd types in identity": {
			"policies": {"identity": ["x", null, [], 1, false, {}]},
			"found": {["INVALID_TYPE", $"/policies/identity/{i}"] | some i in [1, 2, 3, 4]},
		},
	}
	_found(_with({"policies": tc.policies})) == tc.found
}

# EVAL-6
test_callers_without_identity_policies_get_none[id] if {
	some id in ["arn:aws:iam::111122223333:root", "sns.amazonaws.com", "*"]
	_found(_with({"principal": id, "policies": {"identity": ["x"]}})) == {["INVALID_POLICY_TYPE", "/policies/identity"]}
	_found(_with({"principal": id, "policies": {"identity": []}})) == set()
}

test_hundreds_of_context_keys_stay_fast if {
	_found(_with({"context": {$"key{n}": "x" | some n in numbers.range(1, 1000)}})) == set()
}

# EVAL-8: a text has an end, wherever a pattern may be tried on it.
test_long_texts_are_refused[note] if {
	long := sprintf("%08193d", [0])
	some note, tc in {
		"principal": {"members": {"principal": $"arn:aws:iam::111122223333:user/{long}"}, "path": "/principal"},
		"action": {"members": {"action": $"s3:{long}"}, "path": "/action"},
		"resource": {"members": {"resource": $"arn:aws:s3:::{long}"}, "path": "/resource"},
		"context": {"members": {"context": {"a/b": long}}, "path": "/context/a~1b"},
		"a list in the context": {"members": {"context": {"k": ["x", long]}}, "path": "/context/k"},
		"a tag": {
			"members": {"principal": {"arn": "arn:aws:iam::111122223333:user/ana", "tags": {"k": long}}},
			"path": "/principal/tags/k",
		},
	}
	_found(_with(tc.members)) == {["TOO_LONG", tc.path]}
}

test_texts_of_the_greatest_length_are_taken if {
	long := sprintf("%08192d", [0])
	_found(_with({"context": {"k": long}})) == set()
}

# EVAL-6
test_service_linked_roles_have_neither_boundary_nor_session_policies[type] if {
	some type in ["permissions_boundary", "session"]
	_found(_with({
		"principal": "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO",
		"policies": {type: [{"Statement": []}]},
	})) == {["INVALID_POLICY_TYPE", $"/policies/{type}"]}
}

# EVAL-8: a document has an end, and so have the documents.
test_large_policies_are_refused[note] if {
	large := {"Statement": [sprintf("%065536d", [0])]}
	some note, [policies, path] in {
		"an identity policy": [{"identity": [{}, large]}, "/policies/identity/1"],
		"a resource policy": [{"resource": large}, "/policies/resource"],
		"a control policy": [{"service_control": [{"policies": [large]}]}, "/policies/service_control/0/policies/0"],
		"nine that are not": [
			{"identity": [{"Statement": [sprintf("%060000d", [0])]} | some _ in numbers.range(1, 9)]},
			"/policies",
		],
	}
	_found(_with({"policies": policies})) == {["TOO_LARGE", path]}
}

test_many_policies_are_taken if {
	_found(_with({"policies": {"identity": [{"Statement": []} | some _ in numbers.range(1, 500)]}})) == set()
}
