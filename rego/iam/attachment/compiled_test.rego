package iam.attachment_compiled_test

import data.iam.attachment
import data.iam.document

_queue := "arn:aws:sqs:eu-west-1:111122223333:jobs"

_trusted := "arn:aws:iam::111122223333:role/ci/Builder"

_bucket := "arn:aws:s3:::reports"

_prefix := "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5"

_scp := $"{_prefix}/service_control_policy/p-deny"

_rcp := $"{_prefix}/resource_control_policy/p-deny"

_full_access_policy := "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"

_compiled_policies := {
	"arn:aws:iam::aws:policy/Reading": _of("identity", {}),
	"arn:aws:iam::aws:policy/Capping": _of("identity", {}),
	_queue: object.union(_of("resource", {"Principal": "*"}), {"policy_type": "resource"}),
	_bucket: object.union(_of("resource", {"Principal": "*"}), {"policy_type": "resource"}),
	_trusted: object.union(_of("role_trust", {"Principal": {"AWS": "*"}}), {"policy_type": "role_trust"}),
	_scp: object.union(_of("service_control", {}), {"policy_type": "service_control"}),
	_rcp: object.union(_of("resource_control", {"Principal": "*"}), {"policy_type": "resource_control"}),
}

_of(type, members) := document.indexed(document.lowered(
	{
		"Version": "2012-10-17",
		"Statement": object.union(members, {"Effect": "Deny", "Action": "*", "Resource": "*"}),
	},
	type,
).statements)

_compiled_account := {
	"principals": {"arn:aws:iam::111122223333:user/ana": {
		"policies": ["arn:aws:iam::aws:policy/Reading"],
		"permissions_boundary": "arn:aws:iam::aws:policy/Capping",
	}},
	"resources": {_queue: {}, _bucket: {"account": "444455556666"}},
}

_level(id, service_control, resource_control) := {
	"id": id,
	"service_control": service_control,
	"resource_control": resource_control,
}

_compiled_organization := {"accounts": {
	"111111111111": {"management": true, "levels": [_level("r-a1b2", [_scp], [_rcp])]},
	"111122223333": {
		"management": false,
		"levels": [_level("r-a1b2", [_full_access_policy], []), _level("111122223333", [_scp], [])],
	},
	"444455556666": {
		"management": false,
		"levels": [_level("r-a1b2", [_full_access_policy], []), _level("444455556666", [], [_rcp])],
	},
}}

# What is attached, by policy type: the names, and of control policies their levels.
_names(given) := names if {
	by_type := attachment.by_type with input as given
		with data.iam.policies as _compiled_policies
		with data.iam.account as _compiled_account
		with data.iam.organization as _compiled_organization
	names := {type: {name | some policy in policies; name := _name(policy)} | some type, policies in by_type}
}

_name(policy) := $"{policy.policy} {policy.level}" if policy.level

_name(policy) := policy.policy if not policy.level

_asking(members) := object.union({"principal": "arn:aws:iam::111122223333:user/ana", "action": "ec2:RunInstances"}, members)

_all_of_ana := {
	"identity": {"arn:aws:iam::aws:policy/Reading"},
	"permissions_boundary": {"arn:aws:iam::aws:policy/Capping"},
	"service_control": {"FullAWSAccess r-a1b2", $"{_scp} 111122223333"},
}

# EVAL-4, PB-1, SCP-1
test_all_that_is_compiled_for_the_caller if _names(_asking({})) == _all_of_ana

test_policies_of_the_request_replace_all_that_is_compiled_for_the_caller[note] if {
	some note, policies in {"none": {}, "another type": {"session": []}, "their own type": {"service_control": []}}
	_names(_asking({"policies": policies})) == {}
}

# The policy of the very resource, an object's of its bucket (RES-35), a role's trust policy for assuming it (TRUST-1).
test_compiled_policy_of_the_resource[note] if {
	some note, tc in {
		"a queue": {"action": "sqs:SendMessage", "resource": _queue, "names": {_queue}},
		"in another case": {"action": "sqs:SendMessage", "resource": "arn:AWS:SQS:eu-west-1:111122223333:jobs", "names": {_queue}},
		"another queue": {"action": "sqs:SendMessage", "resource": $"{_queue}2", "names": set()},
		"a bucket": {"action": "s3:ListBucket", "resource": _bucket, "names": {_bucket}},
		"an object": {"action": "s3:GetObject", "resource": $"{_bucket}/2026/a", "names": {_bucket}},
		"objects": {"action": "s3:GetObject", "resource": $"{_bucket}/*", "names": {_bucket}},
		"another bucket's object": {"action": "s3:GetObject", "resource": $"{_bucket}-2/a", "names": set()},
		"a role that is assumed": {"action": "sts:AssumeRole", "resource": _trusted, "names": {_trusted}},
		"a role that is passed": {"action": "iam:PassRole", "resource": _trusted, "names": set()},
		"a role, of another service": {"action": "ssm:StartSession", "resource": _trusted, "names": set()},
	}
	names := _names(_asking({"action": tc.action, "resource": tc.resource}))
	object.get(names, "resource", set()) == tc.names
}

test_compiled_policy_of_the_resource_stays_until_the_request_gives_one[note] if {
	some note, tc in {
		"policies of the caller": {"policies": {"identity": []}, "names": {_queue}},
		"none": {"policies": {"resource": null}, "names": set()},
		"another": {"policies": {"resource": {"Statement": []}}, "names": {"resource"}},
	}
	names := _names(_asking({"action": "sqs:SendMessage", "resource": _queue, "policies": tc.policies}))
	object.get(names, "resource", set()) == tc.names
}

# RCP-1, RCP-7
test_resource_control_policies_of_the_owner[note] if {
	some note, tc in {
		"the owner that the ARN names": {
			"request": {"resource": "arn:aws:sqs:eu-west-1:444455556666:jobs"},
			"names": {"RCPFullAWSAccess r-a1b2", "RCPFullAWSAccess 444455556666", $"{_rcp} 444455556666"},
		},
		"the owner that is compiled": {
			"request": {"action": "s3:GetObject", "resource": $"{_bucket}/a"},
			"names": {"RCPFullAWSAccess r-a1b2", "RCPFullAWSAccess 444455556666", $"{_rcp} 444455556666"},
		},
		"the owner that the request names": {
			"request": {"action": "s3:GetObject", "resource": $"{_bucket}/a", "resource_account": "111122223333"},
			"names": {"RCPFullAWSAccess r-a1b2", "RCPFullAWSAccess 111122223333"},
		},
		"no resource, the caller's": {
			"request": {"action": "sqs:ListQueues"},
			"names": {"RCPFullAWSAccess r-a1b2", "RCPFullAWSAccess 111122223333"},
		},
		"policies of the caller in the request": {
			"request": {"resource": "arn:aws:sqs:eu-west-1:444455556666:jobs", "policies": {"identity": []}},
			"names": {"RCPFullAWSAccess r-a1b2", "RCPFullAWSAccess 444455556666", $"{_rcp} 444455556666"},
		},
		"levels in the request": {"request": {"policies": {"resource_control": []}}, "names": set()},
		"an account outside the organization": {
			"request": {"resource": "arn:aws:sqs:eu-west-1:555566667777:jobs"},
			"names": set(),
		},
		"a service about another's resource": {
			"request": {"principal": "sns.amazonaws.com", "action": "sqs:ListQueues"},
			"names": set(),
		},
		"the management account's resource, RCP-3": {
			"request": {"resource": "arn:aws:sqs:eu-west-1:111111111111:jobs"},
			"names": set(),
		},
	}
	names := _names(object.union(_asking({"action": "sqs:SendMessage"}), tc.request))
	object.get(names, "resource_control", set()) == tc.names
}

# SCP-5
test_service_control_policies_of_the_callers_account[note] if {
	root := {$"{_scp} r-a1b2"}
	some note, tc in {
		"the management account": {"request": {"principal": "arn:aws:iam::111111111111:user/root"}, "names": set()},
		"the management account, said to be a member": {
			"request": {"principal": "arn:aws:iam::111111111111:user/x", "settings": {"caller_is_management_account": false}},
			"names": root,
		},
		"a member, said to be the management account": {"request": {"settings": {"caller_is_management_account": true}}, "names": set()},
		"an account outside the organization": {"request": {"principal": "arn:aws:iam::555566667777:user/x"}, "names": set()},
		"a service": {"request": {"principal": "sns.amazonaws.com"}, "names": set()},
	}
	object.get(_names(_asking(tc.request)), "service_control", set()) == tc.names
}

test_levels_of_the_callers_account_root_first if {
	levels := attachment.service_control_levels with input as _asking({})
		with data.iam.organization as _compiled_organization
	[level.id | some level in levels] == ["r-a1b2", "111122223333"]
}

# A policy that was lowered for one type is none of another (A.5, EVAL-8).
test_compiled_control_policies_are_had_by_their_arn_for_their_own_type[note] if {
	some note, tc in {
		"its own": {"policies": {"service_control": [{"policies": [_scp]}]}, "paths": set()},
		"the other": {
			"policies": {"resource_control": [{"policies": [_scp]}]},
			"paths": {"/policies/resource_control/0/policies/0"},
		},
		"an identity policy": {"policies": {"identity": [_scp]}, "paths": {"/policies/identity/0"}},
		"a resource policy as an identity policy": {"policies": {"identity": [_queue]}, "paths": {"/policies/identity/0"}},
		"an identity policy's ARN": {
			"policies": {"service_control": [{"policies": ["arn:aws:iam::aws:policy/Reading"]}]},
			"paths": {"/policies/service_control/0/policies/0"},
		},
	}
	errors := attachment.errors with input as _asking({"policies": tc.policies})
		with data.iam.policies as _compiled_policies
	{error.path | some error in errors; error.code == "UNKNOWN_POLICY"} == tc.paths
}

# EVAL-8
test_what_is_compiled_and_no_policy_is_an_error if {
	errors := attachment.errors with input as _asking({"action": "sqs:ListQueues"})
		with data.iam.policies as {}
		with data.iam.account as _compiled_account
		with data.iam.organization as _compiled_organization
	{error.path | some error in errors} == {"/principal"}
}

test_what_is_compiled_of_the_resource_and_no_policy_is_an_error_of_the_resource if {
	errors := attachment.errors with input as _asking({"action": "sqs:ListQueues", "resource": _queue, "principal": "*"})
		with data.iam.policies as {}
		with data.iam.organization as {"accounts": {"111122223333": {"levels": [_level("r-a1b2", [], [_rcp])]}}}
	{error.path | some error in errors} == {"/resource"}
}

# Told by its one resource.
_allowing(bucket) := document.indexed(document.lowered(
	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": $"arn:aws:s3:::{bucket}"}},
	"identity",
).statements)

# MGD-3: the compiler has seen to it that only a service-linked role has it, if not whose it is.
test_compiled_service_role_policy_is_no_error if {
	role := "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO"
	id := "arn:aws:iam::aws:policy/aws-service-role/Unclaimed"
	found := {"errors": attachment.errors, "buckets": _buckets(attachment.by_type.identity)} with input as _asking({"principal": role})
		with data.iam.policies as {id: object.union(_allowing("b"), {"attachable_to": "service-linked-role"})}
		with data.iam.account as {"principals": {role: {"policies": [id]}}}
	found == {"errors": set(), "buckets": ["b"]}
}

_incomplete := {
	"arn:aws:iam::aws:policy/Reading": object.union(_allowing("s3:*"), {
		"created": "2020-01-01",
		"recorded": "2021-01-01",
		"since": "2022-01-01",
		"earlier": [{"policy": "Reading@2021-01-01", "since": "2021-01-01", "until": "2022-01-01"}],
	}),
	"Reading@2021-01-01": object.union(_allowing("s3:Get*"), {"policy_type": "superseded"}),
	"arn:aws:iam::aws:policy/Capping": object.union(_allowing("sqs:*"), {
		"created": "2020-01-01",
		"recorded": "2022-01-01",
		"since": "2022-01-01",
		"earlier": [],
	}),
}

# MGD-4
test_oldest_document_stands_for_those_without_record[day] if {
	some day, tc in {
		"2019-12-31": {"identity": [], "boundary": [], "warnings": {"POLICY_NOT_YET_CREATED"}},
		"2020-06-01": {"identity": ["s3:Get*"], "boundary": ["sqs:*"], "warnings": {"NO_HISTORY"}},
		"2021-06-01": {"identity": ["s3:Get*"], "boundary": ["sqs:*"], "warnings": {"NO_HISTORY"}},
		"2022-01-01": {"identity": ["s3:*"], "boundary": ["sqs:*"], "warnings": set()},
	}
	found := {
		"identity": _buckets(attachment.by_type.identity),
		"boundary": _buckets(attachment.by_type.permissions_boundary),
		"warnings": {warning.code | some warning in attachment.warnings},
	} with input as _asking({"as_of": day})
		with data.iam.policies as _incomplete
		with data.iam.account as _compiled_account
	found == tc
}

_buckets(policies) := [trim_prefix(statement.resource.written[0], "arn:aws:s3:::") | some policy in policies; some statement in policy.statements]
