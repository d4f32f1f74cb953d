package iam.lint_test

# S3-2, S3-3
test_statements_for_everyone[note] if {
	code := "OPA_IAM_PUBLIC_RESOURCE_POLICY"
	some note, [members, paths] in {
		"everyone": [{"Principal": "*"}, {"/Principal"}],
		"everyone in a list": [{"Principal": {"AWS": ["111122223333", "*"]}}, {"/Principal/AWS/1"}],
		"everyone of an organization": [{"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, set()],
		"everyone who says so": [{"Condition": {"StringEquals": {"aws:UserAgent": "x"}}}, {"/Principal"}],
		"everyone from a topic": [
			{"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:*"}}},
			set(),
		],
		"everyone from any topic": [{"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}}, {"/Principal"}],
		"everyone of an account": [{"Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}, set()],
		"everyone denied": [{"Effect": "Deny"}, set()],
		"an account": [{"Principal": {"AWS": "111122223333"}}, set()],
		"everyone but an account": [{"Principal": null, "NotPrincipal": {"AWS": "111122223333"}}, set()],
	}
	whole := object.union({"Effect": "Allow"}, members)
	_found({code}, _item("resource", whole)) == {[code, "SECURITY_WARNING", $"/Statement/0{path}"] | some path in paths}
	_found({code}, _item("vpc_endpoint", whole)) == set()
}

# VPCE-3
test_principals_of_gateway_endpoints[note] if {
	code := "OPA_IAM_ENDPOINT_PRINCIPAL"
	some note, [action, principal, paths] in {
		"an account": ["s3:*", {"AWS": "111122223333"}, {"/Statement/0/Principal/AWS"}],
		"everyone": [["s3:GetObject", "dynamodb:*"], "*", set()],
		"an account at another endpoint": [["s3:*", "kms:*"], {"AWS": "111122223333"}, set()],
	}
	members := {"Action": action, "Principal": principal}
	_found({code}, _item("vpc_endpoint", members)) == {[code, "WARNING", path] | some path in paths}
	_found({code}, _item("vpc_endpoint", object.union(members, {"Action": null, "NotAction": action}))) == set()
	_found({code}, _item("resource", members)) == set()
}

# KMS-1, KMS-2
test_keys_that_nobody_governs[note] if {
	code := "OPA_IAM_KEY_POLICY_LOCKOUT"
	some note, [resource_type, members, paths] in {
		"use only": ["AWS::KMS::Key", {"Action": ["kms:Decrypt"]}, {""}],
		"use only, by its actions": ["", {"Action": ["kms:Decrypt", "kms:Encrypt"]}, {""}],
		"everything": ["AWS::KMS::Key", {"Action": "*"}, set()],
		"administration": ["", {"Action": "kms:*"}, set()],
		"administration denied": ["AWS::KMS::Key", {"Effect": "Deny", "Action": "kms:*"}, {""}],
		"another resource": ["AWS::S3::Bucket", {"Action": "kms:Decrypt"}, set()],
		"another service": ["", {"Action": ["kms:Decrypt", "s3:*"]}, set()],
	}
	item := _item("resource", object.union({"Effect": "Allow"}, members))
	_found({code}, object.union(item, {"resource_type": resource_type})) == {[code, "WARNING", path] | some path in paths}
}

test_a_policy_without_statements_is_no_key_policy if {
	_found({"OPA_IAM_KEY_POLICY_LOCKOUT"}, {"document": {"Statement": ["x"]}, "policy_type": "resource"}) == set()
}
