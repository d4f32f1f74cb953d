package iam.lint_test

import data.iam.lint

_of_length(length) := _document("resource", {"Sid": substring(_long_text, 0, length)})

_long_text := concat("", ["0123456789abcdef" | some _ in numbers.range(1, 2200)])

# A.6, GRAM-40
test_sizes[note] if {
	some note, [members, length, code] in {
		"of an identity policy": [
			{"policy_type": "identity"},
			10200, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
		],
		"of a boundary": [
			{"policy_type": "permissions_boundary"},
			10200, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
		],
		"of a bucket policy": [
			{"policy_type": "resource", "resource_type": "AWS::S3::Bucket"},
			20480, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
		],
		"of a key policy": [
			{"policy_type": "resource", "resource_type": "AWS::KMS::Key"},
			32768, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
		],
		"of an endpoint policy": [
			{"policy_type": "vpc_endpoint"},
			20480, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
		],
		"of a trust policy": [
			{"policy_type": "role_trust"},
			2048, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
		],
		"of a service control policy": [
			{"policy_type": "service_control"},
			5120, "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
		],
		"of a resource control policy": [
			{"policy_type": "resource_control"},
			5120, "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
		],
	}
	codes := {code}
	{found_code | some [found_code, _, ""] in _found(codes, object.union(members, {"document": _of_length(length)}))} == codes
	_found(codes, object.union(members, {"document": _of_length(length - 300)})) == set()
}

# A.6
test_white_space_counts_where_the_quota_says_so[note] if {
	some note, [policy_type, size, severities] in {
		"as it is written": ["service_control", 5121, {"ERROR"}],
		"within the quota": ["service_control", 5120, set()],
		"of a resource that nobody knows": ["resource", 99999, set()],
		"of an identity policy": ["identity", 99999, set()],
	}
	item := {"document": _of_length(10), "policy_type": policy_type, "size": size}
	findings := lint.findings with input as item
	{finding.severity | some finding in findings; startswith(finding.code, "POLICY_SIZE_")} == severities
}

# A.6: AWS counts one character more than there are.
test_size_of_an_identity_policy_to_the_character if {
	short := _document("identity", {"Sid": ""})
	missing := 10240 - count(replace(json.marshal(short), " ", ""))
	code := "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"
	longest := _item("identity", {"Sid": substring(_long_text, 0, missing - 1)})
	longer := _item("identity", {"Sid": substring(_long_text, 0, missing)})
	_found({code}, longest) == set()
	_found({code}, longer) == {[code, "WARNING", ""]}
}

# GRAM-8
test_characters_that_iam_does_not_store[note] if {
	code := "OPA_IAM_UNSUPPORTED_CHARACTER"
	some note, [policy_type, members, paths] in {
		"beyond Latin-1": ["identity", {"Resource": ["*", "arn:aws:s3:::b/→"]}, {"/Statement/0/Resource/1"}],
		"a control character": ["role_trust", {"Sid": "\u0001"}, {"/Statement/0/Sid"}],
		"in a name": [
			"service_control", {"Condition": {"StringEquals": {"aws:PrincipalTag/ü/→": "x"}}},
			{"/Statement/0/Condition/StringEquals/aws:PrincipalTag~1ü~1→"},
		],
		"Latin-1": ["identity", {"Resource": "arn:aws:s3:::b/ü<&>\t\n\r\u007f"}, set()],
		"where nobody says so": ["resource", {"Resource": "arn:aws:s3:::b/→"}, set()],
		"in an endpoint policy": ["vpc_endpoint", {"Resource": "arn:aws:s3:::b/→"}, set()],
	}
	{path | some [_, _, path] in _found({code}, _item(policy_type, members))} == paths
}

test_a_character_in_a_name_is_at_the_key if {
	block := {"StringEquals": {"aws:PrincipalTag/→": "x"}}
	_the("OPA_IAM_UNSUPPORTED_CHARACTER", _with_condition("identity", block)).at_key == true
}
