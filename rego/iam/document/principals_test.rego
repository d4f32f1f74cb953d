package iam.document_test

import data.iam.document

_names(written, negated, policy_type) := document.lowered(
	{"Version": "2012-10-17", "Statement": {
		"Effect": "Deny",
		"Action": "s3:*",
		"Resource": "*",
		{false: "Principal", true: "NotPrincipal"}[negated]: written,
	}},
	policy_type,
).statements[0].principal

# GRAM-9, PRIN-6: the whole compiled form, once.
test_principal_lowers_to_names_accounts_and_roles if {
	written := {
		"AWS": ["111122223333", "arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:role/ci/Builder"],
		"Service": "sns.amazonaws.com",
	}
	_names(written, true, "resource") == {
		"accounts": {"111122223333": true, "aws/444455556666": true},
		"every": false,
		"names": {
			"AWS": {
				"111122223333": true,
				"arn:aws:iam::111122223333:role/ci/Builder": true,
				"arn:aws:iam::444455556666:root": true,
			},
			"Service": {"sns.amazonaws.com": true},
		},
		"negated": true,
		"roles": {"aws/111122223333/builder": true},
		"written": written,
	}
}

# PRIN-3
test_everyone[note] if {
	some note, [written, everyone] in {
		"bare": ["*", true],
		"two asterisks": ["**", true],
		"in an object": [{"AWS": "*"}, true],
		"in a list": [{"AWS": ["111122223333", "*"]}, true],
		"of services": [{"Service": "*"}, false],
		"nobody": [{}, false],
	}
	_names(written, false, "vpc_endpoint").every == everyone
}

# PRIN-1, GRAM-31
test_types_without_principals_have_none if {
	every policy_type in ["identity", "permissions_boundary", "service_control", "session"] {
		[statement] := document.lowered(
			{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
			policy_type,
		).statements
		not statement.principal
	}
	[nobody] := document.lowered({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "resource").statements
	[nobody.principal.every, nobody.principal.names] == [false, {}]
	_names("*", false, "resource_control").every == true
}

_faults(statement, policy_type) := {[problem.code, problem.path, problem.structural] |
	members := object.union({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, statement)
	some problem in document.problems({"Version": "2012-10-17", "Statement": members}, policy_type)
	object.get(problem, "lint", false) == false
}

# A.5, PRIN-4, PRIN-5, PRIN-16, PRIN-22, GRAM-31
test_faults_of_principals[note] if {
	some note, tc in {
		"none": {
			"statement": {},
			"found": {["MISSING_PRINCIPAL", "/Statement", false]},
		},
		"both": {
			"statement": {"Principal": "*", "NotPrincipal": {"AWS": "111122223333"}},
			"found": {["UNSUPPORTED_ELEMENT_COMBINATION", "/Statement", true]},
		},
		"a text": {
			"statement": {"Principal": "111122223333"},
			"found": {["INVALID_PRINCIPAL_FORMAT", "/Statement/Principal", true]},
		},
		"a list": {
			"statement": {"Principal": ["*"]},
			"found": {["INVALID_PRINCIPAL_FORMAT", "/Statement/Principal", true]},
		},
		"null": {
			"statement": {"Principal": null},
			"found": {["DATA_TYPE_MISMATCH", "/Statement/Principal", true]},
		},
		"an unknown kind": {
			"statement": {"Principal": {"Aws": "*"}},
			"found": {["INVALID_PRINCIPAL_KEY", "/Statement/Principal/Aws", true]},
		},
		"a number": {
			"statement": {"Principal": {"AWS": [111122223333]}},
			"found": {["DATA_TYPE_MISMATCH", "/Statement/Principal/AWS/0", true]},
		},
		"a partial wildcard": {
			"statement": {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}},
			"found": {["UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "/Statement/Principal/AWS", false]},
		},
		"a variable": {
			"statement": {"Principal": {"AWS": "arn:aws:iam::111122223333:user/${aws:username}"}},
			"found": {["VARIABLE_UNSUPPORTED_IN_ELEMENT", "/Statement/Principal/AWS", false]},
		},
		"every service": {
			"statement": {"Principal": {"Service": "*"}},
			"found": {["UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "/Statement/Principal/Service", false]},
		},
		"a group": {
			"statement": {"Principal": {"AWS": "arn:aws:iam::111122223333:group/devs"}},
			"found": {["OPA_IAM_PRINCIPAL_NOT_A_PRINCIPAL", "/Statement/Principal/AWS", false]},
		},
		"all kinds": {
			"statement": {"Principal": {
				"AWS": ["*", "111122223333", "AIDAEXAMPLE1234567890", "arn:aws:sts::111122223333:federated-user/f"],
				"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
				"Federated": "accounts.google.com",
				"Service": "sns.amazonaws.com",
			}},
			"found": set(),
		},
		"Allow for all others": {
			"statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}},
			"found": {["ALLOW_WITH_NOT_PRINCIPAL", "/Statement/NotPrincipal", false]},
		},
	}
	_faults(tc.statement, "resource") == tc.found
}

# A.5, GRAM-10, GRAM-32, GRAM-33, OPEN-18: what a type asks for beyond the others.
test_faults_by_policy_type[note] if {
	some note, tc in {
		"a bare asterisk in a trust policy": {
			"type": "role_trust",
			"statement": {"Principal": "*"},
			"found": {
				["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", "/Statement/Resource", true],
				["ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "/Statement/Principal", false],
			},
		},
		"NotPrincipal in a trust policy": {
			"type": "role_trust",
			"statement": {"NotPrincipal": {"AWS": "*"}},
			"found": {
				["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", "/Statement/Resource", true],
				["ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", "/Statement/NotPrincipal", true],
			},
		},
		"NotPrincipal in an endpoint's": {
			"type": "vpc_endpoint",
			"statement": {"NotPrincipal": {"AWS": "*"}},
			"found": {["OPA_IAM_UNSUPPORTED_NOTPRINCIPAL", "/Statement/NotPrincipal", true]},
		},
		"Principal in a service control policy": {
			"type": "service_control",
			"statement": {"Principal": "*"},
			"found": {["SCP_SYNTAX_ERROR_PRINCIPAL", "/Statement/Principal", true]},
		},
		"a resource control policy": {"type": "resource_control", "statement": {"Principal": "*"}, "found": set()},
		"a resource control policy for somebody": {
			"type": "resource_control",
			"statement": {"Principal": {"AWS": "*"}},
			"found": {["RCP_SYNTAX_ERROR_PRINCIPAL", "/Statement/Principal", true]},
		},
		"a resource control policy for nobody": {
			"type": "resource_control",
			"statement": {},
			"found": {["MISSING_PRINCIPAL", "/Statement", true]},
		},
		"NotPrincipal in a resource control policy": {
			"type": "resource_control",
			"statement": {"NotPrincipal": "*"},
			"found": {["RCP_SYNTAX_ERROR_PRINCIPAL", "/Statement/NotPrincipal", true]},
		},
		"AWS's own resource control policy": {
			"type": "resource_control",
			"statement": {"Principal": "*", "Effect": "Allow", "Action": "*"},
			"found": set(),
		},
		"a resource control policy that allows": {
			"type": "resource_control",
			"statement": {"Principal": "*", "Effect": "Allow", "Action": "s3:*"},
			"found": {["RCP_SYNTAX_ERROR_ALLOW", "/Statement/Effect", false]},
		},
		"a resource control policy that denies all": {
			"type": "resource_control",
			"statement": {"Principal": "*", "Action": "*"},
			"found": {["RCP_SYNTAX_ERROR_ACTION", "/Statement/Action", false]},
		},
	}
	_faults(tc.statement, tc.type) == tc.found
}

test_resource_control_policies_need_their_version[note] if {
	statement := {"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}
	some note, [members, code] in {
		"none": [{}, "MISSING_VERSION"],
		"the old one": [{"Version": "2008-10-17"}, "INVALID_VERSION"],
		"another": [{"Version": "1"}, "INVALID_VERSION"],
	}
	document_of := object.union(members, {"Statement": statement})
	{problem.code | some problem in document.problems(document_of, "resource_control")} == {
		code,
		"RCP_SYNTAX_ERROR_NOTACTION",
	}
}
