package iam.lint_test

import data.iam.lint

_account := "arn:aws:iam::111122223333"

# PRIN-13
test_forms_of_providers[note] if {
	code := "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"
	some note, [provider, paths] in {
		"a domain": ["accounts.google.com", set()],
		"a SAML provider": [$"{_account}:saml-provider/Corp", set()],
		"an OIDC provider": [$"{_account}:oidc-provider/token.example.com/a", set()],
		"another ARN": [$"{_account}:role/x", {"/Statement/0/Principal/Federated"}],
		"a word": ["google", {"/Statement/0/Principal/Federated"}],
		"a wildcard, told elsewhere": ["*", set()],
	}
	_found({code}, _item("role_trust", {"Principal": {"Federated": provider}})) == {[code, "ERROR", path] | some path in paths}
	_found({code}, _item("resource", {"Principal": {"Federated": provider}})) == set()
}

# TRUST-4, PRIN-13
test_actions_go_with_their_principals[note] if {
	code := "MISMATCHED_ACTION_FOR_PRINCIPAL"
	saml := $"{_account}:saml-provider/Corp"
	[assume, by_saml, by_web] := ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
	some note, [principal, action, places] in {
		"an account": [{"AWS": "111122223333"}, assume, []],
		"an account by SAML": [{"AWS": "111122223333"}, by_saml, ["Action", "Principal/AWS"]],
		"an account, and by SAML": [{"AWS": "111122223333"}, [assume, by_saml], ["Action/1", "Principal/AWS"]],
		"everyone by SAML": [{"AWS": "*"}, by_saml, []],
		"Cognito": [{"Federated": ["cognito-identity.amazonaws.com"]}, assume, ["Action", "Principal/Federated/0"]],
		"Cognito by web identity": [{"Federated": "cognito-identity.amazonaws.com"}, lower(by_web), []],
		"SAML by any action": [{"Federated": saml}, [assume, "sts:*"], []],
		"SAML by web identity": [{"Federated": saml}, by_web, ["Action", "Principal/Federated"]],
		"two accounts by SAML": [
			{"AWS": ["111122223333", "444455556666"]}, by_saml,
			["Action", "Principal/AWS/0", "Principal/AWS/1"],
		],
		"both, each its own": [{"AWS": "111122223333", "Federated": saml}, [assume, by_saml], []],
	}
	_places(code, _item("role_trust", {"Principal": principal, "Action": action})) == [path |
		some place in places
		path := $"/Statement/0/{place}"
	]
	_places(code, _item("role_trust", {"Effect": "Deny", "Principal": principal, "Action": action})) == []
}

# TRUST-6
test_roles_anywhere_needs_three_actions[note] if {
	code := "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY"
	some note, [service, action, mends] in {
		"one": ["rolesanywhere.amazonaws.com", "sts:AssumeRole", {"sts:SetSourceIdentity, sts:TagSession"}],
		"two": ["rolesanywhere.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], {"sts:SetSourceIdentity"}],
		"all": ["rolesanywhere.amazonaws.com", ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], set()],
		"another service": ["lambda.amazonaws.com", "sts:AssumeRole", set()],
	}
	findings := lint.findings with input as _item("role_trust", {"Principal": {"Service": service}, "Action": action})
	{finding.mend | some finding in findings; finding.code == code; finding.path == "/Statement/0/Principal/Service"} == mends
}
