package iam.lint_test

# What `document.problems` finds has its own tests: here that its severity is the catalogue's.
# GRAM-34, GRAM-15, GRAM-33, PRIN-22, RES-5, RES-6, COND-ARN-2, GRAM-20, GRAM-24
test_problems_have_their_severity[note] if {
	some note, [policy_type, members, finding] in {
		"no action where IAM refuses it": [
			"identity", {"Action": []},
			["EMPTY_ARRAY_ACTION", "ERROR", "/Statement/0/Action"],
		],
		"no action": ["resource", {"Action": []}, ["EMPTY_ARRAY_ACTION", "SUGGESTION", "/Statement/0/Action"]],
		"no resource where IAM refuses it": [
			"session", {"Resource": []},
			["EMPTY_ARRAY_RESOURCE", "ERROR", "/Statement/0/Resource"],
		],
		"no resource": ["resource", {"Resource": []}, ["EMPTY_ARRAY_RESOURCE", "SUGGESTION", "/Statement/0/Resource"]],
		"nothing left out": [
			"identity", {"Action": null, "NotAction": []},
			["OPA_IAM_EMPTY_NOT_LIST", "ERROR", "/Statement/0/NotAction"],
		],
		"a wildcard in an action's service": [
			"identity", {"Action": "s*:x"},
			["WILDCARD_IN_SERVICE_NAME", "ERROR", "/Statement/0/Action"],
		],
		"a wildcard in an ARN's service": [
			"identity", {"Resource": "arn:aws:*:::b"},
			["WILDCARD_IN_SERVICE_NAME", "SUGGESTION", "/Statement/0/Resource"],
		],
		"everyone else": [
			"resource", {"Effect": "Allow", "Principal": null, "NotPrincipal": {"AWS": "111122223333"}},
			["ALLOW_WITH_NOT_PRINCIPAL", "SECURITY_WARNING", "/Statement/0/NotPrincipal"],
		],
		"any action": ["resource_control", {"Action": "*"}, ["RCP_SYNTAX_ERROR_ACTION", "WARNING", "/Statement/0/Action"]],
		"no ARN among values": [
			"identity", {"Condition": {"ArnLike": {"aws:PrincipalArn": "x"}}},
			["OPA_IAM_VALUE_SHAPE", "WARNING", "/Statement/0/Condition/ArnLike/aws:PrincipalArn"],
		],
		"no number": [
			"identity", {"Condition": {"NumericEquals": {"s3:max-keys": "x"}}},
			["TYPE_MISMATCH_NUMBER", "ERROR", "/Statement/0/Condition/NumericEquals/s3:max-keys"],
		],
	}
	[code, _, _] := finding
	_found({code}, _item(policy_type, members)) == {finding}
	_found({code}, _item(policy_type, {})) == set()
}

# GRAM-24
test_a_name_at_fault_is_told_as_such if {
	block := {"NullIfExists": {"aws:username": "true"}}
	_the("NULL_WITH_IF_EXISTS", _with_condition("identity", block)).at_key == true
}

# RES-6: that is asked of the reference.
test_type_words_are_no_matter_here if {
	_found({"INVALID_ARN_RESOURCE"}, _item("identity", {"Resource": "arn:aws:iam::111122223333:u*/a"})) == set()
}

# A.5, RES-10
test_policies_that_name_no_resource[note] if {
	code := "MISSING_RESOURCE"
	some note, [policy_type, action, paths] in {
		"of a bucket": ["resource", "s3:GetObject", {"/Statement/0"}],
		"of a repository": ["resource", ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], set()],
		"of a repository and more": ["resource", ["ecr:BatchGetImage", "s3:GetObject"], {"/Statement/0"}],
		"of an endpoint": ["vpc_endpoint", "ecr:*", {"/Statement/0"}],
		"of an identity": ["identity", "ecr:*", {"/Statement/0"}],
	}
	_found({code}, _item(policy_type, {"Action": action, "Resource": null})) == {[code, "ERROR", path] | some path in paths}
}

# GRAM-15
test_sids[note] if {
	some note, [item, findings] in {
		"an empty one": [
			_item("identity", {"Sid": ""}),
			{["EMPTY_SID_VALUE", "SUGGESTION", "/Statement/0/Sid"]},
		],
		"none": [_item("identity", {"Sid": null}), set()],
		"twice where they are free": [
			{"policy_type": "resource", "document": _twice("resource")},
			{["UNIQUE_SIDS_RECOMMENDED", "WARNING", "/Statement/1/Sid"]},
		],
		"twice": [
			{"policy_type": "identity", "document": _twice("identity")},
			{["UNIQUE_SIDS_REQUIRED", "ERROR", "/Statement/1/Sid"]},
		],
	}
	_found({"EMPTY_SID_VALUE", "UNIQUE_SIDS_RECOMMENDED", "UNIQUE_SIDS_REQUIRED"}, item) == findings
}

_twice(policy_type) := object.union(document, {"Statement": array.concat(document.Statement, document.Statement)}) if {
	document := _document(policy_type, {})
}

# GRAM-3, GRAM-10, GRAM-11, GRAM-14, GRAM-34
test_members_of_a_document[note] if {
	some note, [input_members, document_members, findings] in {
		"sound": [{}, {}, set()],
		"no statement": [{}, {"Statement": []}, {["MISSING_STATEMENT", "ERROR", "/Statement"]}],
		"no Version": [{}, {"Version": null}, {["MISSING_VERSION", "WARNING", ""]}],
		"no Version of a managed policy": [{"managed": true}, {"Version": null}, {["MISSING_VERSION", "ERROR", ""]}],
		"no Version of AWS's own": [
			{"managed": true, "aws_managed": true}, {"Version": null},
			{["MISSING_VERSION", "WARNING", ""]},
		],
		"no Version where it must be": [
			{"policy_type": "resource_control"}, {"Version": null},
			{["MISSING_VERSION", "ERROR", ""]},
		],
		"an old Version": [{}, {"Version": "2008-10-17"}, set()],
		"an old Version of a managed policy": [
			{"managed": true}, {"Version": "2008-10-17"},
			{["OPA_IAM_MANAGED_POLICY_VERSION", "ERROR", "/Version"]},
		],
		"an Id": [{}, {"Id": "x"}, {["OPA_IAM_ID_WITHOUT_MEANING", "SUGGESTION", "/Id"]}],
		"an Id of a resource policy": [{"policy_type": "resource"}, {"Id": "x"}, set()],
	}
	whole := object.union(_document("identity", {}), document_members)
	document := {name: value | some name, value in whole; value != null}
	codes := {
		"MISSING_STATEMENT",
		"MISSING_VERSION",
		"OPA_IAM_ID_WITHOUT_MEANING",
		"OPA_IAM_MANAGED_POLICY_VERSION",
	}
	_found(codes, object.union({"document": document, "policy_type": "identity"}, input_members)) == findings
}

# A.5
test_a_guess_is_told_where_it_matters[note] if {
	some note, [guessed, members, findings] in {
		"the same either way": [true, {}, set()],
		"another Sid": [true, {"Sid": "a b"}, {["OPA_IAM_ASSUMED_POLICY_TYPE", "SUGGESTION", ""]}],
		"no guess": [false, {"Sid": "a b"}, set()],
	}
	item := object.union(_item("identity", members), {"guessed": guessed})
	_found({"OPA_IAM_ASSUMED_POLICY_TYPE"}, item) == findings
}

# EVAL-8
test_what_is_too_complex_to_decide[note] if {
	some note, [times, findings] in {
		"too long": [4, {["OPA_IAM_NOT_EVALUATED", "WARNING", "/Statement/0"]}],
		"long": [1, set()],
	}
	pieces := array.concat(["arn:aws:s3:::b/*"], [_long_text | some _ in numbers.range(1, times)])
	_found({"OPA_IAM_NOT_EVALUATED"}, _item("identity", {"Resource": concat("", pieces)})) == findings
}
