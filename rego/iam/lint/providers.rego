package iam.lint

# The web identity providers that a trust policy allows in, with the host by which their keys begin (GKEY-4).
_providers := [object.union(principal, {"host": host}) |
	some principal in _trusted
	principal.federation == "web identity"
	pieces := split(principal.value, ":oidc-provider/")
	host := lower(pieces[count(pieces) - 1])
]

default _is_github(_) := false

_is_github(host) if regex.match(`^token\.actions\.githubusercontent\.com(?:/|$)`, host)

# TRUST-4, GKEY-4
advice contains finding if {
	some provider in _providers
	not _is_github(provider.host)
	not _has_key_with(provider.statement, $"{provider.host}:")
	message := $"whoever has an account with {provider.host} can assume the role (TRUST-4)"
	found := _finding("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "SECURITY_WARNING", provider.path, message)
	finding := _mended(found, $"a condition on {provider.host}:aud or {provider.host}:sub")
}

# TRUST-4, GKEY-4
advice contains finding if {
	some provider in _providers
	_is_github(provider.host)
	not _has_key(provider.statement, [$"{provider.host}:sub"])
	message := "any workflow of any repository on GitHub can assume the role (TRUST-4)"
	found := _finding("MISSING_GITHUB_REPO_CONDITION_KEY", "SECURITY_WARNING", provider.path, message)
	finding := _mended(found, $"a condition on {provider.host}:sub")
}

default _has_key_with(_, _) := false

_has_key_with(statement, beginning) if {
	some test in statement.tests
	startswith(test.key, beginning)
}

# TRUST-4
advice contains finding if {
	some provider in _providers
	_is_github(provider.host)
	some test in provider.statement.tests
	test.key == $"{provider.host}:sub"
	test.base == "stringlike"
	some i, value in test.values
	_is_open(provider, value)
	severity := _severity_of_subject(value)
	message := $"'{value}' leaves open which repository and branch can assume the role (TRUST-4)"
	found := _finding("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", severity, value_path(test, i), message)
	finding := _mended(found, "repo:ORGANIZATION/REPOSITORY:ref:refs/heads/BRANCH")
}

default _is_open(_, _) := false

_is_open(_, value) if regex.match(`^(?:[^:]*[*?]|[^:]*:[^:]*[*?])`, value)

# The branch may be fixed by a key of its own.
_is_open(provider, value) if {
	regex.match(`[*?]`, value)
	not _has_fixed(provider.statement, $"{provider.host}:ref")
}

default _has_fixed(_, _) := false

_has_fixed(statement, key) if {
	some test in statement.tests
	test.key == key
	_asks_for_values(test)
	not regex.match(`[*?]`, concat("", test.values))
}

_severity_of_subject(value) := "SECURITY_WARNING" if {
	regex.match(`^(?:[^:]*[*?]|[^:]*:[^/:]*[*?])`, value)
} else := "WARNING"

# Providers whose tokens are for one audience.
_of_one_audience := `^(?:accounts\.google\.com:o?aud|(?:cognito-identity\.amazonaws|token\.actions\.githubusercontent)\.com(?:/.*)?:aud)$`

# COND-SET-3
advice contains finding if {
	input.policy_type == "role_trust"
	some [_, test] in tests
	test.set == "foranyvalue"
	regex.match(_of_one_audience, test.key)
	message := $"{test.written} has one value: leave {test.operator}'s prefix off (COND-SET-3)"
	finding := _at_key("FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", "SECURITY_WARNING", test.path, message)
}

# COND-SET-3
advice contains finding if {
	input.policy_type == "role_trust"
	some [_, test] in tests
	test.set != ""
	regex.match(`:o?aud$`, test.key)
	[test.set, regex.match(_of_one_audience, test.key)] != ["foranyvalue", true]
	message := $"is {test.written} a list? Of a single value a prefix is out of place (COND-SET-3)"
	finding := _at_key("CONFIRM_AUDIENCE_CLAIM_TYPE", "SUGGESTION", test.path, message)
}
