package iam.ci.check.exposure_test

import data.iam.ci.check.exposure
import data.iam.ci.example_test as example

_oidc := "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com"

_saml := "arn:aws:iam::111122223333:saml-provider/corp"

_trust(principal, condition) := {"Statement": [object.union(
	{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principal, "Sid": "In"},
	{"Condition": condition},
)]}

# GKEY-4, TRUST-4
test_who_is_let_in[note] if {
	some note, tc in {
		"everybody": {"principal": {"AWS": "*"}, "condition": {}, "found": {"OPA_IAM_PUBLIC_RESOURCE_POLICY"}},
		"everybody of an organization": {
			"principal": {"AWS": "*"},
			"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
			"found": set(),
		},
		"another account": {"principal": {"AWS": "222222222222"}, "condition": {}, "found": {"CROSS_ACCOUNT_ACCESS"}},
		"another account's role": {"principal": {"AWS": ["arn:aws:iam::222222222222:role/r"]}, "condition": {}, "found": {"CROSS_ACCOUNT_ACCESS"}},
		"a trusted account": {"principal": {"AWS": "arn:aws:iam::333333333333:root"}, "condition": {}, "found": set()},
		"a service": {"principal": {"Service": "ec2.amazonaws.com"}, "condition": {}, "found": set()},
		"users of a provider": {"principal": {"Federated": _oidc}, "condition": {}, "found": {"OIDC_WITHOUT_SUBJECT"}},
		"an application of a provider": {
			"principal": {"Federated": _oidc},
			"condition": {"StringEquals": {"gitlab.example.com:aud": "x"}},
			"found": {"OIDC_WITHOUT_SUBJECT"},
		},
		"one subject": {
			"principal": {"Federated": _oidc},
			"condition": {"StringLike": {"gitlab.example.com:sub": "project_path:a/b:*"}},
			"found": set(),
		},
		"any subject": {
			"principal": {"Federated": _oidc},
			"condition": {"StringLike": {"gitlab.example.com:sub": ["a", "*"]}},
			"found": {"OIDC_WITHOUT_SUBJECT"},
		},
		"all subjects but one": {
			"principal": {"Federated": _oidc},
			"condition": {"StringNotEquals": {"gitlab.example.com:sub": "a"}},
			"found": {"OIDC_WITHOUT_SUBJECT"},
		},
		"a subject if there is one": {
			"principal": {"Federated": _oidc},
			"condition": {"StringEqualsIfExists": {"gitlab.example.com:sub": "a"}},
			"found": {"OIDC_WITHOUT_SUBJECT"},
		},
		"any workflow on GitHub": {
			"principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
			"condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
			"found": {"OIDC_WITHOUT_SUBJECT"},
		},
		"whomever a domain knows": {
			"principal": {"Federated": "accounts.google.com"},
			"condition": {},
			"found": {"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"},
		},
		"any answer of a SAML provider": {"principal": {"Federated": _saml}, "condition": {}, "found": {"SAML_WITHOUT_CONDITION"}},
		"answers meant for AWS": {
			"principal": {"Federated": _saml},
			"condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
			"found": set(),
		},
	}
	found := exposure.denied with input as _trust(tc.principal, tc.condition)
		with data.iam.ci.settings as {"policy_type": "role_trust", "trusted_accounts": ["333333333333"]}
	example.rules(found) == tc.found
}

test_place_of_a_finding if {
	found := exposure.denied with input as _trust({"AWS": "222222222222"}, {})
	[[one.path, one.sid] | some one in found] == [["/Statement/0/Principal", "In"]]
	count(exposure.warned) == 0
}

# The account that a key is in, whoever tells of it.
test_accounts_of_the_change_are_no_others[note] if {
	some note, tc in {
		"of a principal": {
			"more": [example.created("aws_iam_user", "u", {"arn": "arn:aws:iam::222222222222:user/u", "name": "u"}, {})],
			"settings": {},
			"found": set(),
		},
		"of a resource with a policy": {
			"more": [example.created("aws_sqs_queue", "q", {"arn": "arn:aws:sqs:eu-west-1:222222222222:q", "policy": example.text([])}, {})],
			"settings": {},
			"found": set(),
		},
		"said": {"more": [], "settings": {"account": "222222222222"}, "found": set()},
		"another": {"more": [], "settings": {"account": "111122223333"}, "found": {["CROSS_ACCOUNT_ACCESS", "deny"]}},
		"nobody's": {"more": [], "settings": {}, "found": {["CROSS_ACCOUNT_ACCESS", "undecided"]}},
	}
	statement := {"Action": "kms:*", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"}, "Resource": "*"}
	key := example.created("aws_kms_key", "k", {"policy": example.text([statement])}, {"arn": true})
	found := exposure.denied with input as example.plan(array.concat(tc.more, [key])) with data.iam.ci.settings as tc.settings
	{[one.rule, one.verdict] | some one in found} == tc.found
}

test_account_of_the_credentials_is_no_other if {
	statement := {"Action": "kms:*", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"}, "Resource": "*"}
	key := example.created("aws_kms_key", "k", {"policy": example.text([statement])}, {"arn": true})
	caller := {"mode": "data", "type": "aws_caller_identity", "values": {"account_id": "222222222222"}}
	plan := object.union(example.plan([key]), {"prior_state": {"values": {"root_module": {"resources": [caller]}}}})
	exposure.denied == set() with input as plan
}

test_sensitive_principals_are_not_shown if {
	values := {"policy": example.text([{"Action": "sqs:*", "Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Resource": "*"}])}
	change := example.created("aws_sqs_queue_policy", "q", values, {})
	plan := example.plan([object.union(change, {"change": {"after_sensitive": {"policy": true}}})])
	found := exposure.denied with input as plan
	example.rules(found) == {"CROSS_ACCOUNT_ACCESS"}
	not contains(json.marshal(found), "222222222222")
}
