package iam.lint_test

_github := "token.actions.githubusercontent.com"

_from(provider, block) := _item("role_trust", {
	"Principal": {"Federated": provider},
	"Action": "sts:AssumeRoleWithWebIdentity",
	"Condition": block,
})

_from_github(block) := _from("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", block)

# TRUST-4, GKEY-4
test_providers_without_their_keys[note] if {
	codes := {"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "MISSING_GITHUB_REPO_CONDITION_KEY"}
	some note, [item, found] in {
		"none": [
			_from("accounts.google.com", {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
			{"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"},
		],
		"one": [_from("accounts.google.com", {"StringEquals": {"accounts.google.com:aud": "x"}}), set()],
		"one of a provider with a path": [
			_from(
				"arn:aws:iam::111122223333:oidc-provider/oidc.example.com/Id",
				{"StringEquals": {"oidc.example.com/id:sub": "x"}},
			),
			set(),
		],
		"GitHub's audience only": [
			_from_github({"StringEquals": {$"{_github}:aud": "sts.amazonaws.com"}}),
			{"MISSING_GITHUB_REPO_CONDITION_KEY"},
		],
		"GitHub's subject": [_from_github({"StringEquals": {$"{_github}:sub": "x"}}), set()],
		"SAML": [_from("arn:aws:iam::111122223333:saml-provider/Corp", null), set()],
	}
	_found(codes, item) == {[code, "SECURITY_WARNING", "/Statement/0/Principal/Federated"] | some code in found}
}

# TRUST-4
test_subjects_that_leave_much_open[note] if {
	code := "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED"
	some note, [block, findings] in {
		"a branch": [{"StringLike": {":sub": "repo:org/app:ref:refs/heads/main"}}, set()],
		"any branch": [{"StringLike": {":sub": ["repo:org/app:*"]}}, {["WARNING", "/0"]}],
		"any branch, of which another key tells": [
			{"StringLike": {":sub": "repo:org/app:*"}, "StringEquals": {":ref": "refs/heads/main"}},
			set(),
		],
		"any branch, of which another key tells little": [
			{"StringLike": {":sub": "repo:org/app:*", ":ref": "refs/heads/*"}},
			{["WARNING", ""]},
		],
		"any repository": [{"StringLike": {":sub": "repo:org/*"}}, {["WARNING", ""]}],
		"any organization": [{"StringLike": {":sub": "repo:*"}}, {["SECURITY_WARNING", ""]}],
		"anybody": [{"StringLike": {":sub": "*", ":ref": "refs/heads/main"}}, {["SECURITY_WARNING", ""]}],
		"without wildcards": [{"StringEquals": {":sub": "repo:org/*"}}, set()],
	}
	written := {operator: {key: value | some name, value in keys; key := $"{_github}{name}"} | some operator, keys in block}
	_found({code}, _from_github(written)) == {
	[code, severity, $"/Statement/0/Condition/StringLike/{_github}:sub{path}"] |
		some [severity, path] in findings
	}
}

# COND-SET-3
test_set_operators_on_audiences[note] if {
	codes := {"CONFIRM_AUDIENCE_CLAIM_TYPE", "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE"}
	some note, [operator, key, found] in {
		"any of one": [
			"ForAnyValue:StringEquals", "accounts.google.com:oaud",
			{["FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", "SECURITY_WARNING"]},
		],
		"all of one": ["ForAllValues:StringEquals", $"{_github}:aud", {["CONFIRM_AUDIENCE_CLAIM_TYPE", "SUGGESTION"]}],
		"any of who knows": [
			"ForAnyValue:StringEquals", "token.example.com:aud",
			{["CONFIRM_AUDIENCE_CLAIM_TYPE", "SUGGESTION"]},
		],
		"one": ["StringEquals", $"{_github}:aud", set()],
		"another key": ["ForAnyValue:StringEquals", "token.example.com:amr", set()],
	}
	path := $"/Statement/0/Condition/{operator}/{key}"
	block := {operator: {key: "x"}}
	_found(codes, _with_condition("role_trust", block)) == {[code, severity, path] | some [code, severity] in found}
	_found(codes, _with_condition("resource", block)) == set()
}
