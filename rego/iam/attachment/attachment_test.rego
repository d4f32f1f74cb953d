package iam.attachment_test

import data.iam.attachment
import data.iam.document

_user := "arn:aws:iam::111122223333:user/ana"

_role := "arn:aws:iam::111122223333:role/ci/Builder"

_linked := "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO"

_reading := "arn:aws:iam::aws:policy/Reading"

# A compiled policy, told by its one resource.
_allowing(bucket) := document.indexed(document.lowered({"Statement": _allow(bucket)}, "identity").statements)

_allow(bucket) := {"Effect": "Allow", "Action": "s3:*", "Resource": $"arn:aws:s3:::{bucket}"}

_buckets(policy) := [trim_prefix(statement.resource.written[0], "arn:aws:s3:::") | some statement in policy.statements]

_policies := {
	_reading: object.union(_allowing("s3:*"), {
		"created": "2020-01-01",
		"earlier": [
			{"policy": $"{_reading}@2020-01-01", "since": "2020-01-01", "until": "2021-06-15"},
			{"policy": $"{_reading}@2021-06-15", "since": "2021-06-15", "until": "2022-01-01"},
		],
		"since": "2022-01-01",
	}),
	$"{_reading}@2020-01-01": object.union(_allowing("s3:GetObject"), {"policy_type": "superseded"}),
	$"{_reading}@2021-06-15": object.union(_allowing("s3:Get*"), {"policy_type": "superseded"}),
	"arn:aws:iam::aws:policy/Plain": _allowing("sqs:*"),
	"arn:aws:iam::aws:policy/a/Twice": _allowing("b"),
	"arn:aws:iam::aws:policy/b/Twice": _allowing("b"),
	"arn:aws:iam::aws:policy/aws-service-role/Linked": object.union(
		_allowing("sso:*"),
		{"attachable_to": "service-linked-role", "service": "sso.amazonaws.com"},
	),
	"arn:aws:iam::aws:policy/aws-service-role/Unclaimed": object.union(
		_allowing("iam:*"),
		{"attachable_to": "service-linked-role"},
	),
	$"{_user}#own": _allowing("iam:GetUser"),
}

_index := {
	"policy_names": {
		"Linked": ["arn:aws:iam::aws:policy/aws-service-role/Linked"],
		"Plain": ["arn:aws:iam::aws:policy/Plain"],
		"Reading": [_reading],
		"Twice": ["arn:aws:iam::aws:policy/a/Twice", "arn:aws:iam::aws:policy/b/Twice"],
		"Unclaimed": ["arn:aws:iam::aws:policy/aws-service-role/Unclaimed"],
	},
	"roles": {"aws/111122223333/builder": _role},
}

_account := {"principals": {
	_user: {"policies": [$"{_user}#own", _reading], "tags": {}},
	_role: {"policies": ["arn:aws:iam::aws:policy/Plain"]},
	"arn:aws:iam::111122223333:user/lost": {"policies": ["arn:aws:iam::aws:policy/Lost"]},
}}

_attached(given) := result if {
	result := {
		"errors": attachment.errors,
		"identity": [[policy.policy, _buckets(policy)] |
			some policy in object.get(attachment.by_type, "identity", [])
		],
		"warnings": attachment.warnings,
	} with input as object.union({"action": "s3:GetObject"}, given)
		with data.iam.policies as _policies
		with data.iam.index as _index
		with data.iam.account as _account
}

_request(policies) := {"principal": _user, "action": "s3:GetObject", "policies": {"identity": policies}}

# EVAL-4
test_compiled_policies_of_the_principal[note] if {
	some note, tc in {
		"a user": {"principal": _user, "identity": [[$"{_user}#own", ["iam:GetUser"]], [_reading, ["s3:*"]]]},
		"a role": {"principal": _role, "identity": [["arn:aws:iam::aws:policy/Plain", ["sqs:*"]]]},
		"a session of a role, in another case": {
			"principal": "arn:aws:sts::111122223333:assumed-role/BUILDER/job-7",
			"identity": [["arn:aws:iam::aws:policy/Plain", ["sqs:*"]]],
		},
		"a session of a user": {
			"principal": {"arn": "arn:aws:sts::111122223333:federated-user/f", "federating_user_arn": _user},
			"identity": [[$"{_user}#own", ["iam:GetUser"]], [_reading, ["s3:*"]]],
		},
		"an object": {
			"principal": {"arn": _role, "tags": {}},
			"identity": [["arn:aws:iam::aws:policy/Plain", ["sqs:*"]]],
		},
		"root": {"principal": "arn:aws:iam::111122223333:root", "identity": []},
		"anonymous": {"principal": "*", "identity": []},
	}
	_attached({"principal": tc.principal}) == {"errors": set(), "identity": tc.identity, "warnings": set()}
}

test_unknown_principal_is_a_warning[note] if {
	some note, principal in {
		"a user": "arn:aws:iam::111122223333:user/bob",
		"a role in another case": lower(_role),
		"a session of an unknown role": "arn:aws:sts::111122223333:assumed-role/Other/s",
	}
	_attached({"principal": principal}) == {"errors": set(), "identity": [], "warnings": {{
		"code": "UNKNOWN_PRINCIPAL",
		"message": $"no compiled account has {principal}: no identity policy of it is known",
		"path": "/principal",
	}}}
}

test_policies_of_the_request_replace_the_compiled_ones if {
	_attached(_request(["Plain", {"Statement": _allow("sns:*")}, _reading])).identity == [
		["arn:aws:iam::aws:policy/Plain", ["sqs:*"]],
		["identity[1]", ["sns:*"]],
		[_reading, ["s3:*"]],
	]
	_attached(_request([])).identity == []
	_attached({"principal": _user, "policies": {}}) == {"errors": set(), "identity": [], "warnings": set()}
}

test_identity_that_is_no_list_attaches_nothing[note] if {
	some note, identity in {"false": false, "null": null, "a text": "Plain", "a number": 1}
	_attached(_request(identity)) == {"errors": set(), "identity": [], "warnings": set()}
}

# EVAL-8
test_unknown_policies_are_errors[note] if {
	some note, tc in {
		"a name": {
			"request": _request(["Plain", "Nope"]),
			"message": "no compiled policy has the name or ARN Nope",
			"path": "/policies/identity/1",
		},
		"the empty text": {
			"request": _request([""]),
			"message": "no compiled policy has the name or ARN ",
			"path": "/policies/identity/0",
		},
		"a name of two policies": {
			"request": _request(["Twice"]),
			"message": concat(" ", [
				"2 policies are named Twice: give the ARN of one of",
				"arn:aws:iam::aws:policy/a/Twice, arn:aws:iam::aws:policy/b/Twice",
			]),
			"path": "/policies/identity/0",
		},
		"an attachment": {
			"request": {"principal": "arn:aws:iam::111122223333:user/lost"},
			"message": "no compiled policy has the name or ARN arn:aws:iam::aws:policy/Lost",
			"path": "/principal",
		},
	}
	_attached(tc.request).errors == {{"code": "UNKNOWN_POLICY", "message": tc.message, "path": tc.path}}
}

# MGD-3
test_service_role_policies_are_attachable_to_their_role_only[note] if {
	some note, tc in {
		"a user": {"principal": _user, "policy": "Linked", "attachable": false},
		"a role": {"principal": _role, "policy": "Linked", "attachable": false},
		"the role": {"principal": _linked, "policy": "Linked", "attachable": true},
		"the role of another service": {
			"principal": replace(_linked, "sso.amazonaws.com", "ec2.amazonaws.com"),
			"policy": "Linked",
			"attachable": false,
		},
		"the session of an unknown role, said to be service-linked": {
			"principal": {"arn": "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForSSO/s", "service_linked": true},
			"policy": "Linked",
			"attachable": true,
		},
		"the session of an unknown role": {
			"principal": "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForSSO/s",
			"policy": "Linked",
			"attachable": false,
		},
		"the role, a policy of nobody knows whom": {"principal": _linked, "policy": "Unclaimed", "attachable": false},
	}
	codes := {true: set(), false: {["POLICY_NOT_ATTACHABLE", "/policies/identity/0"]}}
	attached := _attached({"principal": tc.principal, "policies": {"identity": [tc.policy]}})
	{[error.code, error.path] | some error in attached.errors} == codes[tc.attachable]
}

test_message_names_the_service_where_it_is_known[policy] if {
	some policy, service in {"Linked": "sso.amazonaws.com", "Unclaimed": "its service"}
	[error.message | some error in _attached(_request([policy])).errors] == [concat(" ", [
		$"{policy} is a service role policy:",
		$"only the service-linked role of {service} can have it (MGD-3)",
	])]
}

# EVAL-8
test_structural_problems_are_errors_and_others_warnings if {
	odd := object.union(_allow("s3:*"), {"Resource": "x"})
	attached := _attached(_request([{"Statement": [odd]}, {"Statement": [object.remove(odd, ["Effect"])]}, {}]))
	{[error.code, error.path] | some error in attached.errors} == {
		["MISSING_EFFECT", "/policies/identity/1/Statement/0"],
		["MISSING_STATEMENT", "/policies/identity/2"],
	}
	{[warning.code, warning.path] | some warning in attached.warnings} == {
		["INVALID_ARN_PREFIX", "/policies/identity/0/Statement/0/Resource"],
		["INVALID_ARN_PREFIX", "/policies/identity/1/Statement/0/Resource"],
	}
}

# MGD-4
test_version_of_the_day_decides[day] if {
	some day, actions in {
		"2019-12-31": [],
		"2020-01-01": ["s3:GetObject"],
		"2021-06-14": ["s3:GetObject"],
		"2021-06-15": ["s3:Get*"],
		"2021-12-31": ["s3:Get*"],
		"2022-01-01": ["s3:*"],
		"2030-01-01": ["s3:*"],
	}
	_attached(object.union(_request(["Reading"]), {"as_of": day})).identity == [[_reading, actions]]
}

test_policy_of_a_later_day_is_a_warning if {
	attached := _attached(object.union(_request(["Reading"]), {"as_of": "2019-12-31"}))
	attached.warnings == {{
		"code": "POLICY_NOT_YET_CREATED",
		"message": $"{_reading} did not exist before 2020-01-01",
		"path": "/as_of",
	}}
	_attached(object.union(_request(["Reading"]), {"as_of": "2020-01-01"})).warnings == set()
}

test_policy_without_history_is_taken_as_it_is if {
	attached := _attached(object.union(_request(["Plain", {"Statement": []}]), {"as_of": "2019-12-31"}))
	attached.identity == [["arn:aws:iam::aws:policy/Plain", ["sqs:*"]], ["identity[1]", []]]
	attached.warnings == {{
		"code": "NO_HISTORY",
		"message": "arn:aws:iam::aws:policy/Plain has no recorded history: its present document was taken",
		"path": "/as_of",
	}}
}

_full := "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"

# SCP-8, RCP-2, MGD-7
test_control_policies_of_every_level if {
	given := {
		"principal": _user,
		"action": "s3:GetObject",
		"resource": "arn:aws:s3:::b/k",
		"policies": {
			"service_control": [
				{"id": "r-1", "policies": ["FullAWSAccess"]},
				{"policies": [_full, {"Statement": _allow("s3:*")}]},
			],
			"resource_control": [{"id": "r-1", "policies": []}, {"id": "ou-1", "policies": ["RCPFullAWSAccess"]}],
		},
	}
	by_type := attachment.by_type with input as given
	[[policy.level, policy.policy] | some policy in by_type.service_control] == [
		["r-1", "FullAWSAccess"],
		["level 1", "FullAWSAccess"],
		["level 1", "service_control[1].policies[1]"],
	]
	[[policy.level, policy.policy] | some policy in by_type.resource_control] == [
		["r-1", "RCPFullAWSAccess"],
		["ou-1", "RCPFullAWSAccess"],
	]
	levels := attachment.service_control_levels with input as given
	[[level.id, count(level.policies)] | some level in levels] == [["r-1", 1], ["level 1", 2]]
}

# EVAL-8: a name means nothing in a type that has no such policy, and faults are told with their place.
test_faults_are_placed[note] if {
	some note, [policies, path, code] in {
		"a managed policy at a level": [
			{"service_control": [{"policies": ["Plain"]}]},
			"/policies/service_control/0/policies/0",
			"UNKNOWN_POLICY",
		],
		"an endpoint's": [{"vpc_endpoint": ["Plain"]}, "/policies/vpc_endpoint/0", "UNKNOWN_POLICY"],
		"an unknown boundary": [{"permissions_boundary": ["Nope"]}, "/policies/permissions_boundary/0", "UNKNOWN_POLICY"],
		"a resource policy": [{"resource": {}}, "/policies/resource", "MISSING_STATEMENT"],
		"a session policy": [{"session": [{}]}, "/policies/session/0", "MISSING_STATEMENT"],
		"a control policy": [
			{"resource_control": [{"policies": ["RCPFullAWSAccess", {"Version": "2012-10-17"}]}]},
			"/policies/resource_control/0/policies/1",
			"MISSING_STATEMENT",
		],
	}
	errors := attachment.errors with input as {"principal": _role, "action": "s3:GetObject", "policies": policies}
		with data.iam.policies as _policies
		with data.iam.index as _index
	{[error.code, error.path] | some error in errors} == {[code, path]}
}

# MGD-6
test_managed_policies_serve_as_boundary_and_session_policy if {
	by_type := attachment.by_type with input as {
		"principal": _role,
		"action": "s3:GetObject",
		"policies": {"permissions_boundary": ["Plain"], "session": [_reading]},
	}
		with data.iam.policies as _policies
		with data.iam.index as _index
	{type: policies[0].policy | some type, policies in by_type} == {
		"permissions_boundary": "arn:aws:iam::aws:policy/Plain",
		"session": _reading,
	}
}

test_has_boundary[note] if {
	some note, [policies, has] in {"none": [{}, false], "one": [{"permissions_boundary": [{"Statement": []}]}, true]}
	attachment.has_boundary == has with input as {"principal": _user, "action": "s3:GetObject", "policies": policies}
}

_controls := {
	"resource": {"Statement": []},
	"resource_control": [{"policies": []}],
	"service_control": [{"policies": []}],
}

# EVAL-5, SCP-5, RCP-3, RCP-4, IAM-5, DIFF-7
test_reach[note] if {
	some note, tc in {
		"a user": {"request": {"principal": _user}, "types": {"resource", "resource_control", "service_control"}},
		"a root user": {
			"request": {"principal": "arn:aws:iam::111122223333:root"},
			"types": {"resource", "resource_control", "service_control"},
		},
		"a service": {"request": {"principal": "sns.amazonaws.com"}, "types": {"resource", "resource_control"}},
		"anonymous": {"request": {"principal": "*"}, "types": {"resource", "resource_control"}},
		"a service-linked role": {"request": {"principal": _linked}, "types": {"resource"}},
		"the management account": {
			"request": {"principal": _user, "settings": {"caller_is_management_account": true}},
			"types": {"resource"},
		},
		"a resource of another account": {
			"request": {
				"principal": _user,
				"resource_account": "444455556666",
				"settings": {"caller_is_management_account": true},
			},
			"types": {"resource", "resource_control"},
		},
		"another service": {
			"request": {"principal": _user, "action": "ec2:StartInstances", "resource": "*"},
			"types": {"resource", "service_control"},
		},
		"retiring a grant": {
			"request": {"principal": _user, "action": "kms:RetireGrant", "resource": "*"},
			"types": {"resource", "service_control"},
		},
		"an AWS managed key": {
			"request": {
				"principal": _user,
				"action": "kms:DescribeKey",
				"resource": "arn:aws:kms:us-east-1:111122223333:alias/aws/s3",
			},
			"types": {"resource", "service_control"},
		},
		"the trust policy of a service-linked role": {
			"request": {"principal": _user, "action": "sts:AssumeRole", "resource": _linked},
			"types": {"resource", "service_control"},
		},
		"an IAM operation": {
			"request": {"principal": _user, "action": "iam:GetRole", "resource": _role},
			"types": {"service_control"},
		},
	}
	given := {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "policies": _controls}
	by_type := attachment.by_type with input as object.union(given, tc.request)
	levels := [level | some level in attachment.service_control_levels] with input as object.union(given, tc.request)
	{type | some type, policies in by_type; count(policies) > 0} | {"service_control" | count(levels) > 0} == tc.types
}

# PRIN-2: principals are looked for in statements that speak of other actions as well.
test_all_statements_of_a_compiled_resource_policy if {
	name := "arn:aws:s3:::b"
	statements := [object.union(_allow("b/*"), {"Principal": "*", "Action": action}) | some action in ["s3:Get*", "s3:Put*"]]
	lowered := document.lowered({"Version": "2012-10-17", "Statement": statements}, "resource").statements
	found := attachment.resource_policy_statements with input as {
		"principal": _user,
		"action": "s3:GetObject",
		"resource": "arn:aws:s3:::b/k",
	}
		with data.iam.policies as {name: object.union(document.indexed(lowered), {"policy_type": "resource"})}
		with data.iam.account as {"principals": {}, "resources": {name: {}}}
	[statement.index | some statement in found] == [1, 2]
}
