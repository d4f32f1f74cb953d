package iam.document_test

import data.iam.document

# A document of one statement with these members beside or instead of the sound ones; null takes one away.
_with(members) := {"Version": "2012-10-17", "Statement": [object.union(sound, members)]} if {
	sound := {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
}

_without(name) := {"Statement": [object.remove({"Effect": "Allow", "Action": "*", "Resource": "*"}, [name])]}

# Code, path and whether it is structural, of every problem.
_found(written) := {[problem.code, problem.path, problem.structural] |
	some problem in document.problems(written, "identity")
}

test_problem_says_whether_a_name_is_at_fault if {
	document.problems(_with({"action": "*"}), "identity") == {{
		"at_key": true,
		"code": "INVALID_POLICY_ELEMENT",
		"message": "a statement has no element 'action' (GRAM-2)",
		"path": "/Statement/0/action",
		"structural": true,
	}}
}

test_problem_carries_a_message if {
	document.problems(_with({"Effect": "allow"}), "identity") == {{
		"code": "INVALID_EFFECT",
		"message": `Effect must be exactly Allow or Deny, not "allow" (GRAM-17)`,
		"path": "/Statement/0/Effect",
		"structural": true,
	}}
}

test_sound_documents_have_no_problems[note] if {
	some note, written in {
		"a list of statements": _with({}),
		"one statement": {"Statement": {"Effect": "Deny", "NotAction": "*", "NotResource": "*"}},
		"no statements": {"Id": "x", "Version": "2008-10-17", "Statement": []},
		"lists, Sid, Condition": _with({
			"Sid": "A1",
			"Action": ["s3:*"],
			"Resource": ["*", "arn:aws:s3:::b"],
			"Condition": {"StringLike": {"k": ["a", 1, true]}, "Null": {"k": false}, "bool": {}},
		}),
	}
	_found(written) == set()
}

# GRAM-1: whatever is no object is no policy.
test_document_is_an_object[note] if {
	some note, written in {"null": null, "a list": [], "a text": "{}", "a number": 1, "a boolean": false}
	document.lowered(written, "identity") == {"statements": [], "problems": {{
		"code": "JSON_SYNTAX_ERROR",
		"message": "a policy is a JSON object (GRAM-1)",
		"path": "",
		"structural": true,
	}}}
}

# GRAM-1 to GRAM-3, GRAM-10, GRAM-14
test_members_of_a_document[note] if {
	some note, tc in {
		"none": {"document": {}, "found": {["MISSING_STATEMENT", "", true]}},
		"an unknown one": {
			"document": {"Statement": [], "a/b~c": 1},
			"found": {["INVALID_POLICY_ELEMENT", "/a~1b~0c", true]},
		},
		"another case": {
			"document": {"statement": []},
			"found": {["INVALID_POLICY_ELEMENT", "/statement", true], ["MISSING_STATEMENT", "", true]},
		},
		"a number for Id": {"document": {"Id": 1, "Statement": []}, "found": {["DATA_TYPE_MISMATCH", "/Id", true]}},
		"null for Version": {
			"document": {"Version": null, "Statement": []},
			"found": {["DATA_TYPE_MISMATCH", "/Version", true]},
		},
		"another Version": {
			"document": {"Version": "2012-10-18", "Statement": []},
			"found": {["INVALID_VERSION", "/Version", true]},
		},
	}
	_found(tc.document) == tc.found
}

# GRAM-3: a statement that is not in a list has no index in its path.
test_statements_are_objects[note] if {
	some note, tc in {
		"null": {"statement": null, "path": "/Statement"},
		"a text": {"statement": "x", "path": "/Statement"},
		"null in a list": {"statement": [null], "path": "/Statement/0"},
		"a list in a list": {"statement": [[]], "path": "/Statement/0"},
		"false in a list": {"statement": [false], "path": "/Statement/0"},
	}
	_found({"Statement": tc.statement}) == {["DATA_TYPE_MISMATCH", tc.path, true]}
}

# GRAM-2, GRAM-17 to GRAM-19, A.5
test_elements_of_a_statement[note] if {
	some note, tc in {
		"an unknown one": {
			"document": _with({"action": "*", "a/b": 1}),
			"found": {
				["INVALID_POLICY_ELEMENT", "/Statement/0/action", true],
				["INVALID_POLICY_ELEMENT", "/Statement/0/a~1b", true],
			},
		},
		"Principal": {
			"document": _with({"Principal": "*"}),
			"found": {["UNSUPPORTED_PRINCIPAL", "/Statement/0/Principal", true]},
		},
		"NotPrincipal, false": {
			"document": _with({"NotPrincipal": false}),
			"found": {["UNSUPPORTED_PRINCIPAL", "/Statement/0/NotPrincipal", true]},
		},
		"no action": {"document": _without("Action"), "found": {["MISSING_ACTION", "/Statement/0", true]}},
		"no resource": {"document": _without("Resource"), "found": {["MISSING_RESOURCE", "/Statement/0", true]}},
		"no Effect": {"document": _without("Effect"), "found": {["MISSING_EFFECT", "/Statement/0", true]}},
		"both actions": {
			"document": _with({"NotAction": "*"}),
			"found": {["UNSUPPORTED_ELEMENT_COMBINATION", "/Statement/0", true]},
		},
		"both resources": {
			"document": _with({"NotResource": "*"}),
			"found": {["UNSUPPORTED_ELEMENT_COMBINATION", "/Statement/0", true]},
		},
		"Effect in another case": {
			"document": _with({"Effect": "ALLOW"}),
			"found": {["INVALID_EFFECT", "/Statement/0/Effect", true]},
		},
		"null for Effect": {
			"document": _with({"Effect": null}),
			"found": {["DATA_TYPE_MISMATCH", "/Statement/0/Effect", true]},
		},
		"false for Effect": {
			"document": _with({"Effect": false}),
			"found": {["DATA_TYPE_MISMATCH", "/Statement/0/Effect", true]},
		},
	}
	_found(tc.document) == tc.found
}

# GRAM-15
test_sids[note] if {
	some note, tc in {
		"a number": {"sid": 1, "found": {["DATA_TYPE_MISMATCH", "/Statement/0/Sid", true]}},
		"null": {"sid": null, "found": {["DATA_TYPE_MISMATCH", "/Statement/0/Sid", true]}},
		"a blank": {"sid": "a b", "found": {["UNSUPPORTED_SID", "/Statement/0/Sid", false]}},
		"letters and digits": {"sid": "aZ09", "found": set()},
	}
	_found(_with({"Sid": tc.sid})) == tc.found
}

test_second_statement_with_a_sid_is_the_odd_one if {
	statement := {"Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"}
	other := object.union(statement, {"Sid": "B"})
	unnamed := object.union(statement, {"Sid": ""})
	_found({"Statement": [statement, other, statement, 1, unnamed, unnamed]}) == {
		["UNIQUE_SIDS_REQUIRED", "/Statement/2/Sid", false],
		["DATA_TYPE_MISMATCH", "/Statement/3", true],
	}
}

# GRAM-6, ACT-5 to ACT-7, RES-14, GRAM-26
test_entries[note] if {
	some note, tc in {
		"null for Action": {
			"members": {"Action": null},
			"found": {["DATA_TYPE_MISMATCH", "/Statement/0/Action", true]},
		},
		"odd types in a list": {
			"members": {"Resource": ["*", {}, [], 1]},
			"found": {["DATA_TYPE_MISMATCH", $"/Statement/0/Resource/{i}", true] | some i in [1, 2, 3]},
		},
		"a malformed action": {
			"members": {"Action": ["s3:Get*", "s3"]},
			"found": {["INVALID_ACTION", "/Statement/0/Action/1", false]},
		},
		"a variable in an action": {
			"members": {"Action": "${aws:username}:GetObject"},
			"found": {["VARIABLE_UNSUPPORTED_IN_ELEMENT", "/Statement/0/Action", false]},
		},
		"a wildcard in an action's service": {
			"members": {"Action": "s*:GetObject"},
			"found": {["WILDCARD_IN_SERVICE_NAME", "/Statement/0/Action", false]},
		},
		"no ARN": {
			"members": {"Resource": "bucket"},
			"found": {["INVALID_ARN_PREFIX", "/Statement/0/Resource", false]},
		},
		"a short ARN": {
			"members": {"Resource": "arn:aws:sqs:eu-west-1"},
			"found": {["MISSING_ARN_FIELD", "/Statement/0/Resource", false]},
		},
		"a wildcard in the service": {
			"members": {"Resource": ["arn:aws:*:::b"]},
			"found": {["WILDCARD_IN_SERVICE_NAME", "/Statement/0/Resource/0", false]},
		},
		"a wildcard in the type word": {
			"members": {"Resource": "arn:aws:iam::1:u*/a"},
			"found": {["INVALID_ARN_RESOURCE", "/Statement/0/Resource", false]},
		},
		"empty lists": {
			"members": {"Action": [], "Resource": []},
			"found": {
				["EMPTY_ARRAY_ACTION", "/Statement/0/Action", false],
				["EMPTY_ARRAY_RESOURCE", "/Statement/0/Resource", false],
			},
		},
		"a malformed variable": {
			"members": {"Resource": "arn:aws:s3:::${}"},
			"found": {["EMPTY_VARIABLE", "/Statement/0/Resource", false]},
		},
	}
	_found(_with(tc.members)) == tc.found
}

# GRAM-12
test_malformed_variable_is_text_without_version if {
	_found({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${}"}]}) == set()
}

# C.2, RES-11: what a short ARN stands for is said, by the type of the policy.
test_short_arn_is_explained[policy_type] if {
	some policy_type, message in {
		"identity": "'arn:aws:sqs' is short of six segments and stands for 'arn:aws:sqs:*:*:*' (RES-11)",
		"resource_control": "'arn:aws:sqs' is short of six segments and matches nothing in a policy of this type (RES-11)",
	}
	document._resource_problems("arn:aws:sqs", "/p", policy_type, true) == {{
		"code": "MISSING_ARN_FIELD",
		"lint": true,
		"message": message,
		"path": "/p",
		"structural": false,
	}}
}

# DIFF-21
test_missing_resource_is_a_lint_where_it_covers_everything[policy_type] if {
	some policy_type, codes in {
		"resource": {"MISSING_RESOURCE"},
		"vpc_endpoint": set(),
		"role_trust": set(),
	}
	{problem.code | some problem in document._of_resources({}, "/p", policy_type, true)} == codes
}

# GRAM-15
test_sids_by_policy_type[policy_type] if {
	statement := {"Sid": "a b", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}
	free := {["UNIQUE_SIDS_RECOMMENDED", true]}
	some policy_type, found in {
		"resource": free,
		"resource_control": {["UNIQUE_SIDS_REQUIRED", false]},
		"vpc_endpoint": free,
	}
	{[problem.code, object.get(problem, "lint", false)] |
		some problem in document.problems({"Version": "2012-10-17", "Statement": [statement, statement]}, policy_type)
	} == found
}
