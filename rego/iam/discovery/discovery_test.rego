package iam.discovery_test

import data.iam.discovery

_user := "arn:aws:iam::111122223333:user/ana"

_one := "arn:aws:sts::111122223333:assumed-role/Build/one"

_two := "arn:aws:sts::111122223333:assumed-role/Build/two"

_role := "arn:aws:iam::111122223333:role/Build"

_leaf(key) := {"key": key, "operator": "StringEquals", "values": ["x"]}

_allow(key) := {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {key: "x"}}}

_deny(key) := {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {key: "x"}}}

_to(principals, key) := object.union(_allow(key), {"Principal": principals})

_documents(statements) := [{"Statement": statement} | some statement in statements]

_required(members, policies) := requirement if {
	given := object.union(
		{
			"principal": _user,
			"action": "s3:GetObject",
			"resource": "arn:aws:s3:::b/k",
			"mode": "discovery",
			"policies": policies,
		},
		members,
	)
	requirement := discovery.requirement with input as given
}

# DISC-7: what each way to a grant rests on.
test_requirement_of_a_grant_within_the_account[note] if {
	some note, tc in {
		"an identity policy": {
			"members": {},
			"policies": {"identity": _documents([_allow("a"), _allow("b")])},
			"requirement": {"any": [_leaf("a"), _leaf("b")]},
		},
		"a boundary": {
			"members": {},
			"policies": {"identity": _documents([_allow("a")]), "permissions_boundary": _documents([_allow("b")])},
			"requirement": {"all": [_leaf("a"), _leaf("b")]},
		},
		"a resource policy past the boundary": {
			"members": {},
			"policies": {
				"resource": {"Statement": _to({"AWS": _user}, "a")},
				"permissions_boundary": _documents([_allow("b")]),
			},
			"requirement": _leaf("a"),
		},
		"a session": {
			"members": {"principal": _one},
			"policies": {"identity": _documents([_allow("a")]), "session": _documents([_allow("b")])},
			"requirement": {"all": [_leaf("a"), _leaf("b")]},
		},
	}
	_required(tc.members, tc.policies) == tc.requirement
}

# DISC-7
test_requirement_of_a_grant_to_a_session[note] if {
	some note, tc in {
		"a resource policy past the session policy": {
			"members": {"principal": _one},
			"policies": {"resource": {"Statement": _to({"AWS": _one}, "a")}, "session": _documents([_allow("b")])},
			"requirement": _leaf("a"),
		},
		"a resource policy with a session policy that caps it": {
			"members": {"principal": _one, "settings": {"session_policy_caps_direct": true}},
			"policies": {"resource": {"Statement": _to({"AWS": _one}, "a")}, "session": _documents([_allow("b")])},
			"requirement": {"all": [_leaf("a"), _leaf("b")]},
		},
		"a session's role": {
			"members": {"principal": _one},
			"policies": {"resource": {"Statement": _to({"AWS": _role}, "a")}, "session": _documents([_allow("b")])},
			"requirement": {"all": [_leaf("a"), _leaf("b")]},
		},
		"a session's role, or another session": {
			"members": {"principal": _one},
			"policies": {
				"resource": {"Statement": _to({"AWS": [_role, _two]}, "a")},
				"permissions_boundary": _documents([_allow("b")]),
			},
			"requirement": {"any": [{"all": [_leaf("a"), _leaf("b")]}, {"all": [_leaf("a"), {"session_name": "two"}]}]},
		},
	}
	_required(tc.members, tc.policies) == tc.requirement
}

# DISC-7
test_requirement_of_a_grant_without_an_account[note] if {
	some note, tc in {
		"a service": {
			"members": {"principal": "sns.amazonaws.com"},
			"policies": {"resource": {"Statement": [_to({"Service": "sns.amazonaws.com"}, "a"), _to("*", "b")]}},
			"requirement": {"any": [_leaf("a"), _leaf("b")]},
		},
		"an identity provider": {
			"members": {
				"principal": "accounts.google.com",
				"action": "sts:AssumeRoleWithWebIdentity",
				"resource": _role,
			},
			"policies": {"resource": {"Statement": [
				object.remove(_to({"Federated": "accounts.google.com"}, "a"), ["Resource"]),
				object.remove(_to({"AWS": "*"}, "b"), ["Resource"]),
			]}},
			"requirement": _leaf("a"),
		},
	}
	_required(tc.members, tc.policies) == tc.requirement
}

# DISC-7
test_requirement_of_a_grant_of_both_sides[note] if {
	some note, tc in {
		"a role that its policy opens to the account": {
			"members": {"action": "sts:AssumeRole", "resource": _role},
			"policies": {
				"identity": _documents([_allow("a")]),
				"resource": {"Statement": object.remove(_to({"AWS": "111122223333"}, "b"), ["Resource"])},
			},
			"requirement": {"all": [_leaf("a"), _leaf("b")]},
		},
		"a root user and a key": {
			"members": {
				"principal": "arn:aws:iam::111122223333:root",
				"action": "kms:Decrypt",
				"resource": "arn:aws:kms:eu-west-1:111122223333:key/k",
			},
			"policies": {"resource": {"Statement": _to({"AWS": "111122223333"}, "a")}},
			"requirement": _leaf("a"),
		},
		"another account": {
			"members": {"resource_account": "444455556666"},
			"policies": {
				"identity": _documents([_allow("a")]),
				"permissions_boundary": _documents([_allow("b")]),
				"resource": {"Statement": _to({"AWS": "111122223333"}, "c")},
			},
			"requirement": {"all": [_leaf("a"), _leaf("b"), _leaf("c")]},
		},
		"another account's root user": {
			"members": {"principal": "arn:aws:iam::111122223333:root", "resource_account": "444455556666"},
			"policies": {"resource": {"Statement": _to({"AWS": "111122223333"}, "a")}},
			"requirement": _leaf("a"),
		},
	}
	_required(tc.members, tc.policies) == tc.requirement
}

# DISC-7
test_requirement_of_guardrails_and_denials[note] if {
	allowed := [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
	some note, tc in {
		"levels": {
			"policies": {"service_control": [
				{"policies": ["FullAWSAccess"]},
				{"policies": _documents([_allow("a"), _allow("b")])},
				{"policies": _documents([_allow("c")])},
			]},
			"requirement": {"all": [{"any": [_leaf("a"), _leaf("b")]}, _leaf("c")]},
		},
		"an endpoint": {
			"policies": {"vpc_endpoint": _documents([_to("*", "a")])},
			"requirement": _leaf("a"),
		},
		"denials": {
			"policies": {
				"resource_control": [{"policies": [{
					"Version": "2012-10-17",
					"Statement": object.union(_deny("a"), {"Principal": "*"}),
				}]}],
				"permissions_boundary": _documents([[_deny("b"), allowed[0]]]),
			},
			"requirement": {"all": [_leaf("a"), _leaf("b")]},
		},
		"a denial of two conditions": {
			"policies": {"vpc_endpoint": _documents([
				object.union(_deny("a"), {
					"Principal": "*",
					"Condition": {"StringNotEquals": {"a": "x", "b": "x"}},
				}),
				{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
			])},
			"requirement": {"any": [_leaf("a"), _leaf("b")]},
		},
	}
	_required({}, object.union({"identity": _documents(allowed)}, tc.policies)) == tc.requirement
}

# DISC-10
test_no_requirement[note] if {
	some note, tc in {
		"allowed as it is": {"members": {"context": {"a": "x"}}, "policies": {"identity": _documents([_allow("a")])}},
		"a root user": {
			"members": {"principal": "arn:aws:iam::111122223333:root"},
			"policies": {"resource": {"Statement": _to({"AWS": "111122223333"}, "a")}},
		},
		"not allowed": {"members": {"known": {"a": "value"}}, "policies": {"identity": _documents([_allow("a")])}},
		"denied all the same": {
			"members": {},
			"policies": {"identity": _documents([_allow("a"), object.remove(_deny("a"), ["Condition"])])},
		},
		"an error": {"members": {"known": {"/(/": "value"}}, "policies": {"identity": _documents([_allow("a")])}},
		"no permission needed": {
			"members": {"action": "sts:GetCallerIdentity", "resource": "*"},
			"policies": {"identity": _documents([_allow("a")])},
		},
		"the ordinary mode": {
			"members": {"mode": "strict"},
			"policies": {"identity": _documents([_allow("a")])},
		},
	}
	_required(tc.members, tc.policies) == null
}

# DISC-3 to DISC-6, DISC-8
test_assumed_conditions if {
	given := {
		"principal": _one,
		"action": "s3:GetObject",
		"resource": "arn:aws:s3:::b/k",
		"mode": "discovery",
		"context": {"known": "x"},
		"policies": {
			"identity": _documents([
				[_allow("known"), object.union(_allow("b"), {"Sid": "B"})],
				object.union(_allow("c"), {"Action": "s3:PutObject"}),
			]),
			"service_control": [{"id": "root", "policies": _documents([[_deny("d"), _allow("known")]])}],
			"resource": {"Statement": [_to({"AWS": _two}, "e"), _to({"AWS": _role}, "f")]},
		},
	}
	discovery.assumed_conditions == {
		"identity": [{"conditions": [_leaf("b")], "effect": "Allow", "index": 2, "policy": "identity[0]", "sid": "B"}],
		"resource": [
			{
				"conditions": [_leaf("e"), {"session_name": "two"}],
				"effect": "Allow",
				"index": 1,
				"policy": "resource",
				"sid": null,
			},
			{"conditions": [_leaf("f")], "effect": "Allow", "index": 2, "policy": "resource", "sid": null},
		],
		"service_control": [{
			"conditions": [_leaf("d")],
			"effect": "Deny",
			"index": 1,
			"level": "root",
			"policy": "service_control[0].policies[0]",
			"sid": null,
		}],
	} with input as given
	discovery.assumed_conditions == {} with input as object.union(given, {"mode": "strict"})
}

# DISC-8: what doesn't reach the resource assumes nothing.
test_statements_about_other_resources_assume_nothing if {
	elsewhere := object.union(_allow("b"), {"Resource": "arn:aws:s3:::other/*"})
	assumed := discovery.assumed_conditions with input as {
		"principal": _user,
		"action": "s3:GetObject",
		"resource": "arn:aws:s3:::b/k",
		"mode": "discovery",
		"policies": {"identity": _documents([elsewhere, _allow("a")])},
	}
	[one.policy | some one in assumed.identity] == ["identity[1]"]
}
