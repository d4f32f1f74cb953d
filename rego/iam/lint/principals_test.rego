package iam.lint_test

import data.iam.lint

# PRIN-13, PRIN-15
test_forms_of_principals[note] if {
	codes := {"FEDERATED_PRINCIPAL_NOT_SUPPORTED", "INVALID_ROLE_REFERENCE", "INVALID_USER_REFERENCE"}
	some note, [policy_type, principal, findings] in {
		"a provider": [
			"resource", {"Federated": ["accounts.google.com"]},
			{["FEDERATED_PRINCIPAL_NOT_SUPPORTED", "ERROR", "/Federated/0"]},
		],
		"a provider in a trust policy": ["role_trust", {"Federated": "accounts.google.com"}, set()],
		"what is left of a role": [
			"role_trust", {"AWS": ["111122223333", "AROAEXAMPLE123456789"]},
			{["INVALID_ROLE_REFERENCE", "WARNING", "/AWS/1"]},
		],
		"what is left of a user": [
			"resource", {"AWS": "AIDAEXAMPLE123456789"},
			{["INVALID_USER_REFERENCE", "WARNING", "/AWS"]},
		],
		"a canonical user": ["resource", {"CanonicalUser": "AIDAEXAMPLE123456789"}, set()],
		"everyone": ["resource", "*", set()],
	}
	_found(codes, _item(policy_type, {"Principal": principal})) == {
	[code, severity, $"/Statement/0/Principal{path}"] |
		some [code, severity, path] in findings
	}
}

# I.1, I.5
test_services_that_come_for_others[note] if {
	codes := {
		"RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
		"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
		"UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
		"UNTRUSTWORTHY_CONDITION_KEY",
	}
	service := {"Service": ["sns.amazonaws.com"]}
	some note, [policy_type, members, findings] in {
		"for anybody": [
			"resource", {"Principal": service},
			{["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "SECURITY_WARNING", "/Principal/Service/0"]},
		],
		"for anybody, to assume a role": [
			"role_trust", {"Principal": {"Service": "lambda.amazonaws.com"}},
			{["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "WARNING", "/Principal/Service"]},
		],
		"for an instance": ["role_trust", {"Principal": {"Service": "ec2.amazonaws.com"}}, set()],
		"for an account": [
			"resource", {"Principal": service, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
			set(),
		],
		"for somebody": [
			"resource", {"Principal": service, "Condition": {"Null": {"aws:SourceAccount": "false"}}},
			{["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "SECURITY_WARNING", "/Principal/Service/0"]},
		],
		"by an older key": [
			"resource", {"Principal": service, "Condition": {"StringEquals": {"aws:Referer": "111122223333"}}},
			{["RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", "SUGGESTION", "/Condition/StringEquals/aws:Referer"]},
		],
		"of an organization": [
			"resource", {
				"Principal": service,
				"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:SourceOrgID": "o-1"}},
			},
			{["UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", "ERROR", "/Condition/StringEquals/aws:PrincipalOrgID"]},
		],
		"of an organization, beside others": [
			"resource", {
				"Principal": {"Service": "sns.amazonaws.com", "AWS": "*"},
				"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:SourceOrgID": "o-1"}},
			},
			set(),
		],
		"denied": ["resource", {"Effect": "Deny", "Principal": service}, set()],
		"not a service": ["resource", {"Principal": {"AWS": "111122223333"}}, set()],
	}
	_found(codes, _item(policy_type, object.union({"Effect": "Allow"}, members))) == {
	[code, severity, $"/Statement/0{path}"] |
		some [code, severity, path] in findings
	}
}

# PRIN-21, OPEN-6
test_exemptions_at_some_levels_only[note] if {
	code := "OPA_IAM_NOTPRINCIPAL_INCOMPLETE"
	session := "arn:aws:sts::111122223333:assumed-role/Builder/ana"
	role := "arn:aws:iam::111122223333:role/ci/Builder"
	user := "arn:aws:iam::111122223333:user/ana"
	some note, [listed, levels] in {
		"a session": [[session], {"0": "role and its account"}],
		"a session and its role": [[session, role], {"0": "account", "1": "account"}],
		"a session with all above it": [[session, role, "111122223333"], {}],
		"a user": [[user, "444455556666"], {"0": "account"}],
		"a user with its account": [[user, "arn:aws:iam::111122223333:root"], {}],
		"an account": [["111122223333"], {}],
	}
	item := _item("resource", {"Principal": null, "NotPrincipal": {"AWS": listed}})
	findings := lint.findings with input as item
	{finding.path: finding.message | some finding in findings; finding.code == code} == {path: message |
		some i, missing in levels
		path := $"/Statement/0/NotPrincipal/AWS/{i}"
		message := $"the Deny may still hit '{listed[to_number(i)]}' by its {missing} (PRIN-21)"
	}
}
