package iam.evaluation_test

import data.iam.evaluation

_session := "arn:aws:sts::111122223333:assumed-role/Builder/job-7"

_trusted := "arn:aws:iam::111122223333:role/Target"

_key := "arn:aws:kms:us-east-1:111122223333:key/1"

_open(written) := {"Statement": {"Effect": "Allow", "Principal": written, "Action": "*", "Resource": "*"}}

_closed(written) := {"Statement": {"Effect": "Deny", "Principal": written, "Action": "*", "Resource": "*"}}

_trust(written) := {"Statement": {"Effect": "Allow", "Principal": written, "Action": "sts:*"}}

_all := [{"Statement": _statement("Allow", "*", "*")}]

_none := [{"Statement": _statement("Allow", "ec2:*", "*")}]

# SAME-1, XACC-1, EVAL-2, by what decides: callers, grades and guardrails.
test_combinations[note] if {
	some note, tc in {
		"named by the resource policy, capped by nothing": {
			"request": {"policies": {"resource": _open({"AWS": _user}), "permissions_boundary": _none}},
			"is": "allowed",
		},
		"a role named, capped by a boundary": {
			"request": {
				"principal": _session,
				"policies": {
					"resource": _open({"AWS": "arn:aws:iam::111122223333:role/Builder"}),
					"permissions_boundary": _none,
				},
			},
			"is": "implicitDeny",
		},
		"a role named": {
			"request": {
				"principal": _session,
				"policies": {"resource": _open({"AWS": "arn:aws:iam::111122223333:role/Builder"})},
			},
			"is": "allowed",
		},
		"the session named, passing its session policy": {
			"request": {"principal": _session, "policies": {"resource": _open({"AWS": _session}), "session": _none}},
			"is": "allowed",
		},
		"the session named, with the parity setting": {
			"request": {
				"principal": _session,
				"policies": {"resource": _open({"AWS": _session}), "session": _none},
				"settings": {"session_policy_caps_direct": true},
			},
			"is": "implicitDeny",
		},
		"a federated session with a session policy": {
			"request": {
				"principal": "arn:aws:sts::111122223333:federated-user/f",
				"policies": {"identity": _all, "session": _all},
			},
			"is": "allowed",
		},
		"another account, both sides": {
			"request": {"resource_account": "444455556666", "policies": {"identity": _all, "resource": _open({"AWS": "111122223333"})}},
			"is": "allowed",
		},
		"another account, one side": {
			"request": {"resource_account": "444455556666", "policies": {"resource": _open({"AWS": _user})}},
			"is": "implicitDeny",
		},
		"another account's root": {
			"request": {
				"principal": "arn:aws:iam::111122223333:root",
				"resource_account": "444455556666",
				"policies": {"resource": _open({"AWS": "111122223333"})},
			},
			"is": "allowed",
		},
		"a canonical user": {
			"request": {
				"principal": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
				"policies": {"resource": _open({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"})},
			},
			"is": "allowed",
		},
	}
	_combined(tc.request) == tc.is
}

# XACC-7, SCP-1, VPCE-1, SAME-4: callers without an identity side, and guardrails.
test_combinations_without_identity[note] if {
	some note, tc in {
		"a service": {
			"request": {"principal": "sns.amazonaws.com", "policies": {"resource": _open({"Service": "sns.amazonaws.com"})}},
			"is": "allowed",
		},
		"anonymous": {"request": {"principal": "*", "policies": {"resource": _open("*")}}, "is": "allowed"},
		"a level that allows": {
			"request": {"policies": {"identity": _all, "service_control": [{"policies": ["FullAWSAccess"]}]}},
			"is": "allowed",
		},
		"a level that doesn't": {
			"request": {"policies": {
				"identity": _all,
				"service_control": [{"policies": ["FullAWSAccess"]}, {"policies": []}],
			}},
			"is": "implicitDeny",
		},
		"two levels of one name, of which one doesn't": {
			"request": {"policies": {
				"identity": _all,
				"service_control": [{"id": "x", "policies": ["FullAWSAccess"]}, {"id": "x", "policies": []}],
			}},
			"is": "implicitDeny",
		},
		"an endpoint that allows": {
			"request": {"policies": {"identity": _all, "vpc_endpoint": [_open("*")]}},
			"is": "allowed",
		},
		"an endpoint that doesn't": {
			"request": {"policies": {"identity": _all, "vpc_endpoint": [_open({"AWS": "444455556666"})]}},
			"is": "implicitDeny",
		},
		"a Deny of the resource policy, for the account": {
			"request": {"policies": {"identity": _all, "resource": _closed({"AWS": "111122223333"})}},
			"is": "explicitDeny",
		},
	}
	_combined(tc.request) == tc.is
}

# TRUST-1 to TRUST-4, TRUST-8, KMS-1
test_combinations_of_trust_and_key_policies[note] if {
	some note, tc in {
		"a trust policy that names the account": {
			"request": {
				"action": "sts:AssumeRole", "resource": _trusted,
				"policies": {"identity": _all, "resource": _trust({"AWS": "111122223333"})},
			},
			"is": "allowed",
		},
		"a trust policy that names another": {
			"request": {
				"action": "sts:AssumeRole", "resource": _trusted,
				"policies": {"identity": _all, "resource": _trust({"AWS": "444455556666"})},
			},
			"is": "implicitDeny",
		},
		"a trust policy that nobody gave": {
			"request": {"action": "sts:AssumeRole", "resource": _trusted, "policies": {"identity": _all}},
			"is": "allowed",
		},
		"an identity provider": {
			"request": {
				"principal": "accounts.google.com",
				"action": "sts:AssumeRoleWithWebIdentity", "resource": _trusted,
				"policies": {"resource": _trust({"Federated": "accounts.google.com"})},
			},
			"is": "allowed",
		},
		"an identity provider that asks for more": {
			"request": {
				"principal": "accounts.google.com",
				"policies": {"resource": _open({"Federated": "accounts.google.com"})},
			},
			"is": "implicitDeny",
		},
		"a key with AWS's default policy": {
			"request": {
				"action": "kms:Decrypt", "resource": _key,
				"policies": {"identity": _all},
				"settings": {"default_key_policy": true},
			},
			"is": "allowed",
		},
	}
	_combined(tc.request) == tc.is
}

# STS-1 to STS-3, S3-5
test_exceptions[note] if {
	some note, tc in {
		"GetCallerIdentity despite a Deny": {
			"request": {
				"action": "sts:GetCallerIdentity", "resource": "*",
				"policies": {"identity": [{"Statement": _statement("Deny", "*", "*")}]},
			},
			"is": "allowed",
		},
		"GetSessionToken of a user": {"request": {"action": "sts:GetSessionToken", "resource": "*"}, "is": "allowed"},
		"GetSessionToken of a session": {
			"request": {"principal": _session, "action": "sts:GetSessionToken", "resource": "*", "policies": {"identity": _all}},
			"is": "implicitDeny",
		},
		"a restricted session": {
			"request": {
				"principal": _session,
				"action": "sts:GetFederationToken", "resource": "*",
				"policies": {"identity": _all},
				"settings": {"credential_restrictions": true},
			},
			"is": "implicitDeny",
		},
		"a restricted federated session": {
			"request": {
				"principal": "arn:aws:sts::111122223333:federated-user/f",
				"action": "iam:GetUser", "resource": _user,
				"policies": {"identity": _all, "session": _all},
				"settings": {"credential_restrictions": true},
			},
			"is": "implicitDeny",
		},
		"the owner's way back into a bucket": {
			"request": {
				"principal": "arn:aws:iam::111122223333:root",
				"action": "s3:PutBucketPolicy", "resource": "arn:aws:s3:::b",
				"policies": {"resource": _closed("*")},
			},
			"is": "allowed",
		},
		"a stranger's bucket policy": {
			"request": {
				"action": "s3:GetBucketPolicy", "resource": "arn:aws:s3:::b", "resource_account": "444455556666",
				"policies": {"identity": _all, "resource": _open("*")},
			},
			"is": "implicitDeny",
		},
	}
	_combined(tc.request) == tc.is
}

_combined(request) := result if {
	result := evaluation.decision with input as object.union(
		{"principal": _user, "action": "sqs:SendMessage", "resource": _queue},
		request,
	)
}

# EXP-4
test_verdicts[note] if {
	some note, [policies, type, verdict] in {
		"no policy": [{}, "resource", "notApplicable"],
		"silent": [{"resource": _open({"AWS": "444455556666"})}, "resource", "implicitDeny"],
		"for the caller": [{"resource": _open({"AWS": _user})}, "resource", "allowed"],
		"for the account": [{"resource": _open({"AWS": "111122223333"})}, "resource", "allowedForAccount"],
		"against the caller": [{"resource": _closed({"AWS": _user})}, "resource", "explicitDeny"],
		"against the account": [{"resource": _closed({"AWS": "111122223333"})}, "resource", "deniedForAccount"],
		"a level without an Allow": [
			{"service_control": [{"policies": ["FullAWSAccess"]}, {"policies": []}]},
			"service_control",
			"implicitDeny",
		],
		"levels without any": [{"service_control": [{"policies": []}]}, "service_control", "implicitDeny"],
		"an identity policy": [{"identity": _all}, "identity", "allowed"],
	}
	verdicts := evaluation.verdicts with input as {
		"principal": _user,
		"action": "sqs:SendMessage",
		"resource": _queue,
		"policies": policies,
	}
	verdicts[type] == verdict
}

# RES-43
test_pattern_is_decided_by_what_its_allows_make_of_it[note] if {
	some note, tc in {
		"covered": {"statements": [_statement("Allow", "*", "*")], "is": "allowed"},
		"a part": {"statements": [_statement("Allow", "*", "arn:aws:sqs:eu-west-1:111122223333:jobs-7")], "is": "allowed"},
		"none": {"statements": [_statement("Allow", "*", "arn:aws:sqs:eu-west-1:111122223333:other")], "is": "implicitDeny"},
		"the only part denied": {
			"statements": [
				_statement("Allow", "*", "arn:aws:sqs:eu-west-1:111122223333:jobs-7"),
				_statement("Deny", "*", "arn:aws:sqs:eu-west-1:111122223333:*7"),
			],
			"is": "explicitDeny",
		},
		"one of two parts denied": {
			"statements": [
				_statement("Allow", "*", ["arn:aws:sqs:eu-west-1:111122223333:jobs-7", "arn:aws:sqs:eu-west-1:111122223333:jobs-8"]),
				_statement("Deny", "*", "arn:aws:sqs:eu-west-1:111122223333:*7"),
			],
			"is": "allowed",
		},
	}
	_decision({"resource": "arn:aws:sqs:eu-west-1:111122223333:jobs-*"}, tc.statements) == tc.is
}

# RES-43
test_pattern_whose_parts_are_denied_in_both_ways_is_denied_implicitly if {
	part := "arn:aws:sqs:eu-west-1:111122223333:jobs-7"
	evaluation.decision == "implicitDeny" with input as {
		"principal": _user,
		"action": "sqs:SendMessage",
		"resource": "arn:aws:sqs:eu-west-1:111122223333:jobs-*",
		"policies": {
			"identity": [{"Statement": [
				_statement("Allow", "*", [part, "arn:aws:sqs:eu-west-1:111122223333:jobs-8"]),
				_statement("Deny", "*", part),
			]}],
			"permissions_boundary": [{"Statement": _statement("Allow", "*", part)}],
		},
	}
}
