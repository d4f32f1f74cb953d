package iam.explanation_test

import data.iam.explanation

_queue := "arn:aws:sqs:eu-west-1:111122223333:jobs-7"

_of(principal, action, resource, policies) := {
	"principal": principal,
	"action": action,
	"resource": resource,
	"policies": policies,
}

_anything(effect) := {"Effect": effect, "Action": "*", "Resource": "*"}

_identity := [{"Statement": _anything("Allow")}]

_silent := [{"Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}]

# EXP-5
test_blocked_by[note] if {
	some note, [policies, blocked_by] in {
		"nothing": [{"identity": _identity}, []],
		"no grant": [{"identity": _silent, "permissions_boundary": _silent}, []],
		"several": [
			{
				"identity": _identity,
				"permissions_boundary": _silent,
				"service_control": [{"policies": []}],
				"vpc_endpoint": [{"Statement": object.union(_anything("Deny"), {"Principal": "*"})}],
			},
			["service_control", "vpc_endpoint", "permissions_boundary"],
		],
		"an identity policy's Deny": [
			{"identity": array.concat(_identity, [{"Statement": _anything("Deny")}])},
			["identity"],
		],
		"a bypassed boundary": [
			{
				"permissions_boundary": _silent,
				"resource": {"Statement": object.union(_anything("Allow"), {"Principal": {"AWS": _user}})},
			},
			[],
		],
	}
	explanation.blocked_by == blocked_by with input as _of(_user, "sqs:SendMessage", _queue, policies)
}

# EXP-5, S3-1
test_blocked_by_public_access if {
	given := _of("*", "s3:GetObject", "arn:aws:s3:::b/k", {"resource": {"Statement": object.union(
		_anything("Allow"),
		{"Principal": "*"},
	)}})
	explanation.blocked_by == ["s3_block_public_access"] with input as object.union(
		given,
		{"settings": {"s3_block_public_access": true}},
	)
}

# EXP-6
test_implicit_denies[note] if {
	federated := "arn:aws:sts::111122223333:federated-user/f"
	key := "arn:aws:kms:us-east-1:111122223333:key/1"
	some note, [given, denies] in {
		"none where it is allowed": [_of(_user, "sqs:SendMessage", _queue, {"identity": _identity}), []],
		"no identity policy": [_of(_user, "sqs:SendMessage", _queue, {}), [{"policy_type": "identity"}]],
		"a level": [
			_of(_user, "sqs:SendMessage", _queue, {
				"identity": _identity,
				"service_control": [{"id": "r-1", "policies": ["FullAWSAccess"]}, {"id": "ou-1", "policies": []}],
			}),
			[{"level": "ou-1", "policy_type": "service_control"}],
		],
		"another account's silence": [
			_of(_user, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:q", {"identity": _identity}),
			[{"policy_type": "resource"}],
		],
		"a key's": [_of(_user, "kms:Decrypt", key, {"identity": _identity}), [{"policy_type": "resource"}]],
		"a federated session's": [
			_of(federated, "sqs:SendMessage", _queue, {"identity": _identity}),
			[{"policy_type": "session"}],
		],
	}
	explanation.implicit_denies == denies with input as given
}

# KMS-1, TRUST-8, S3-6, PRIN-11
test_missing_inputs[note] if {
	role := "arn:aws:iam::111122223333:role/r"
	federated := "arn:aws:sts::111122223333:federated-user/f"
	for_user := {"Statement": object.union(_anything("Allow"), {"Principal": {"AWS": _user}})}
	denying_user := {"Statement": object.union(_anything("Deny"), {"Principal": {"AWS": _user}})}
	some note, [given, inputs] in {
		"a trust policy": [_of(_user, "sts:AssumeRole", role, {"identity": _identity}), ["role_trust_policy"]],
		"a key policy": [_of(_user, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1", {}), ["key_policy"]],
		"a bucket's owner": [_of(_user, "s3:GetObject", "arn:aws:s3:::b/k", {"identity": _identity}), ["resource_account"]],
		"not where it makes no difference": [_of(_user, "s3:GetObject", "arn:aws:s3:::b/k", {}), []],
		"not where a Deny decides": [
			_of(_user, "s3:GetObject", "arn:aws:s3:::b/k", {"identity": [{"Statement": _anything("Deny")}]}),
			[],
		],
		"who federated": [_of(federated, "sqs:SendMessage", _queue, {"resource": for_user}), ["federating_user_arn"]],
		"not who federated, where all are granted": [
			_of(federated, "sqs:SendMessage", _queue, {"resource": {"Statement": [
				object.union(_anything("Allow"), {"Principal": {"AWS": [_user, federated]}}),
			]}}),
			[],
		],
		"who federated, for a Deny": [
			_of(federated, "sqs:SendMessage", _queue, {"resource": denying_user}),
			["federating_user_arn"],
		],
	}
	found := explanation.missing_inputs with input as given
	[missing.input | some missing in found] == inputs
}

# KMS-1
test_assumed_key_policy_is_told[assumed] if {
	some assumed, settings in {
		"AWS's default key policy (KMS-1)": {"default_key_policy": true},
		"a key policy that grants nothing (KMS-1)": {},
	}
	given := _of(_user, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1", {"identity": _identity})
	[missing] := explanation.missing_inputs with input as object.union(given, {"settings": settings})
	missing == {"assumed": assumed, "input": "key_policy"}
}

# PRIN-21, PRIN-23, VPCE-3, STS-3
test_warnings_of_principals_and_credentials[note] if {
	exempting := {"Statement": object.union(_anything("Deny"), {"NotPrincipal": {"AWS": _user}})}
	some note, [given, codes] in {
		"exempted at one level": [
			_of(_user, "sqs:SendMessage", _queue, {"resource": exempting}),
			{"NOTPRINCIPAL_INCOMPLETE"},
		],
		"exempted in vain": [
			_of(_user, "sqs:SendMessage", _queue, {"resource": exempting, "permissions_boundary": _identity}),
			{"NOTPRINCIPAL_WITH_BOUNDARY"},
		],
		"a gateway endpoint for somebody": [
			_of(_user, "s3:GetObject", "arn:aws:s3:::b/k", {"vpc_endpoint": [
				{"Statement": object.union(_anything("Allow"), {"Principal": {"AWS": _user}})},
			]}),
			{"ENDPOINT_PRINCIPAL"},
		],
		"a Deny that can't tell what it excludes": [
			_of(_user, "sqs:SendMessage", _queue, {"identity": [{"Version": "2012-10-17", "Statement": {
				"Effect": "Deny",
				"Action": "sqs:*",
				"NotResource": "arn:aws:sqs:*:*:${aws:PrincipalTag/team}",
			}}]}),
			{"UNDECIDED_NOT_RESOURCE"},
		],
		"credentials of a session": [
			_of("arn:aws:sts::111122223333:assumed-role/r/s", "sts:GetFederationToken", "*", {}),
			{"NOT_FOR_CREDENTIALS"},
		],
	}
	warnings := explanation.warnings with input as given
	{warning.code | some warning in warnings} == codes
}

# PRIN-2, EXP-1, EXP-2: a resource policy's grade, a control policy's level, and a principal that fails.
test_statements_are_told_with_grade_and_level if {
	given := _of(_user, "sqs:SendMessage", _queue, {
		"resource": {"Statement": [
			object.union(_anything("Allow"), {"Principal": {"AWS": _user}}),
			object.union(_anything("Deny"), {"Principal": {"Service": "sns.amazonaws.com"}}),
		]},
		"service_control": [{"id": "r-1", "policies": ["FullAWSAccess"]}],
	})
	explanation.matched_statements == [
		{
			"effect": "Allow", "index": 1, "level": "r-1", "policy": "FullAWSAccess",
			"policy_type": "service_control", "sid": null,
		},
		{"effect": "Allow", "grade": "direct", "index": 1, "policy": "resource", "policy_type": "resource", "sid": null},
	] with input as given
	near := explanation.near_misses with input as given
	near[0].failed == [{"element": "Principal", "given": _user, "wanted": {"Service": "sns.amazonaws.com"}}]
}
