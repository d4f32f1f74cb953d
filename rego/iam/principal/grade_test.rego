package iam.principal_test

import data.iam.document
import data.iam.principal

_listed(written) := document.lowered(
	{"Statement": {"Effect": "Deny", "Action": "*", "NotPrincipal": written}},
	"resource",
).statements[0].principal

_account := "111122223333"

_user := "arn:aws:iam::111122223333:user/ana"

_federated := "arn:aws:sts::111122223333:federated-user/f"

_canonical := "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"

# PRIN-2 to PRIN-18
test_grades[note] if {
	some note, [caller, written, grade] in {
		"the user": [_user, {"AWS": _user}, "direct"],
		"the user with another path": [_user, {"AWS": "arn:aws:iam::111122223333:user/x/ana"}, "none"],
		"the user in another case": [_user, {"AWS": "arn:aws:iam::111122223333:user/Ana"}, "none"],
		"the user's unique id": [{"arn": _user, "unique_id": "AIDAEXAMPLE1234567890"}, {"AWS": "AIDAEXAMPLE1234567890"}, "direct"],
		"an unknown unique id": [_user, {"AWS": "AIDAEXAMPLE1234567890"}, "none"],
		"everyone": [_user, {"AWS": "*"}, "wildcard"],
		"the user before everyone": [_user, {"AWS": ["*", _user]}, "direct"],
		"everyone before the account": [_user, {"AWS": [_account, "*"]}, "wildcard"],
		"the account": [_user, {"AWS": _account}, "account"],
		"the account's root": [_user, {"AWS": "arn:aws:iam::111122223333:root"}, "account"],
		"that root in another partition": [_user, {"AWS": "arn:aws-cn:iam::111122223333:root"}, "none"],
		"another account": [_user, {"AWS": "444455556666"}, "none"],
		"the root user": ["arn:aws:iam::111122223333:root", {"AWS": _account}, "direct"],
		"the session": [_session, {"AWS": _session}, "direct"],
		"another session": [_session, {"AWS": "arn:aws:sts::111122223333:assumed-role/Builder/x"}, "none"],
		"the session's role": [_session, {"AWS": _role}, "role"],
		"the role's name in another case": [_session, {"AWS": "arn:aws:iam::111122223333:role/BUILDER"}, "role"],
		"a role with another name": [_session, {"AWS": "arn:aws:iam::111122223333:role/Builder/x"}, "none"],
		"the role with its path": [{"arn": _session, "role_arn": _role}, {"AWS": _role}, "role"],
		"a role with another path": [{"arn": _session, "role_arn": _role}, {"AWS": "arn:aws:iam::111122223333:role/Builder"}, "none"],
		"the role's unique id": [{"arn": _session, "unique_id": "AROAEXAMPLE1234567890"}, {"AWS": "AROAEXAMPLE1234567890"}, "role"],
		"a plain role": [_role, {"AWS": _role}, "role"],
		"the federated session": [_federated, {"AWS": _federated}, "direct"],
		"its user": [{"arn": _federated, "federating_user_arn": _user}, {"AWS": _user}, "user"],
		"its user, unknown": [_federated, {"AWS": _user}, "none"],
		"a service": ["sns.amazonaws.com", {"Service": "sns.amazonaws.com"}, "direct"],
		"another service": ["sns.amazonaws.com", {"Service": "sqs.amazonaws.com"}, "none"],
		"a service among AWS": ["sns.amazonaws.com", {"AWS": "sns.amazonaws.com"}, "none"],
		"an identity provider": ["accounts.google.com", {"Federated": "accounts.google.com"}, "direct"],
		"an account's canonical id": [_canonical, {"CanonicalUser": _canonical}, "account"],
		"anonymous": ["*", {"AWS": "*"}, "wildcard"],
		"anonymous, an account": ["*", {"AWS": _account}, "none"],
		"nobody": [_user, {}, "none"],
	}
	principal.grade(_listed(written)) == grade with input as {"principal": caller}
}

# PRIN-21
test_listed_at_every_level[note] if {
	some note, [caller, entries, listed] in {
		"user and account": [_user, {"AWS": [_user, _account]}, true],
		"user alone": [_user, {"AWS": _user}, false],
		"account alone": [_user, {"AWS": _account}, false],
		"session, role and account": [_session, {"AWS": [_session, _role, _account]}, true],
		"session and account": [_session, {"AWS": [_session, _account]}, false],
		"role and account": [_session, {"AWS": [_role, _account]}, false],
		"a plain role and account": [_role, {"AWS": [_role, _account]}, true],
		"federated session, user and account": [
			{"arn": _federated, "federating_user_arn": _user},
			{"AWS": [_federated, _user, _account]},
			true,
		],
		"federated session and account": [_federated, {"AWS": [_federated, _account]}, false],
		"a service": ["sns.amazonaws.com", {"Service": "sns.amazonaws.com"}, true],
		"everyone": [_user, {"AWS": "*"}, true],
	}
	principal.is_listed_at_every_level(_listed(entries)) == listed with input as {"principal": caller}
}

# PRIN-13, TRUST-4, PRIN-14
test_further_kinds[note] if {
	some note, [id, action, kind, account] in {
		"Google": ["accounts.google.com", "sts:AssumeRoleWithWebIdentity", "identity_provider", ""],
		"Cognito": ["cognito-identity.amazonaws.com", "sts:AssumeRoleWithWebIdentity", "identity_provider", ""],
		"Cognito as a service": ["cognito-identity.amazonaws.com", "lambda:InvokeFunction", "service", ""],
		"SAML": ["arn:aws:iam::111122223333:saml-provider/corp", "sts:AssumeRoleWithSAML", "identity_provider", ""],
		"OIDC": ["arn:aws:iam::111122223333:oidc-provider/a.example/x", "sts:TagSession", "identity_provider", ""],
		"canonical": [_canonical, "s3:GetObject", "canonical_user", ""],
		"user": [_user, "s3:GetObject", "user", "111122223333"],
	}
	[principal.kind, principal.account] == [kind, account] with input as {"principal": id, "action": action}
}
