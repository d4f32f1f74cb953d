package iam.lint

import data.iam.pattern

# PRIN-13
faults contains finding if {
	input.policy_type in ["resource", "vpc_endpoint"]
	some principal in principals
	principal.kind == "Federated"
	message := "federated principals are for trust policies only (PRIN-13)"
	finding := _finding("FEDERATED_PRINCIPAL_NOT_SUPPORTED", "ERROR", principal.path, message)
}

# PRIN-15
advice contains finding if {
	some principal in principals
	principal.kind == "AWS"
	[code, what] := _references[substring(principal.value, 0, 4)]
	regex.match(`^A[A-Z0-9]{15,127}$`, principal.value)
	message := $"'{principal.value}' is the id of a {what}: what IAM leaves of one that was deleted (PRIN-15)"
	finding := _finding(code, "WARNING", principal.path, message)
}

_references := {"AIDA": ["INVALID_USER_REFERENCE", "user"], "AROA": ["INVALID_ROLE_REFERENCE", "role"]}

# The services that a statement of a resource or trust policy allows in, by its place in `statements`.
_allowed_services[i] contains principal if {
	_names_principals
	some principal in principals
	principal.element == "Principal"
	principal.kind == "Service"
	principal.statement.effect == "Allow"
	i := principal.index
}

default _is_for_service(_) := false

_is_for_service(i) if _allowed_services[i]

# The keys by which a service says for whom it calls (I.5).
_source_keys := ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"]

# Services of which calls never have them: instances' credentials, and delivery of a load balancer's logs.
_without_source := {
	"ec2.amazonaws.com",
	"ec2.amazonaws.com.cn",
	"logdelivery.elasticloadbalancing.amazonaws.com",
}

# The services of a statement that nothing confines to the caller's own resources.
_unconfined[i] := paths if {
	some i, services in _allowed_services
	count([test | some test in statements[i].tests; test.key in _source_keys; test.compares != "presence"]) == 0
	paths := [path |
		some path in sort([principal.path | some principal in services; not _without_source[principal.value]])
	]
	count(paths) > 0
}

# I.5; AWS does not say whether it means trust policies.
advice contains finding if {
	some i, paths in _unconfined
	not _has_key(statements[i], ["aws:referer"])
	severity := object.get({"role_trust": "WARNING"}, input.policy_type, "SECURITY_WARNING")
	message := "the service may come on anybody's behalf (I.5)"
	found := _located(_finding("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", severity, "", message), paths)
	finding := _mended(found, "a condition on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths")
}

# I.5
advice contains finding if {
	some i, _ in _unconfined
	some test in statements[i].tests
	test.key == "aws:referer"
	message := $"{test.written} was for services before they said for whom they come (I.5)"
	found := _at_key("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", "SUGGESTION", test.path, message)
	finding := _mended(found, "aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths")
}

# I.1: a service is of no organization.
faults contains finding if {
	some i, services in _allowed_services
	count(services) == count([principal | some principal in principals; principal.index == i])
	some test in statements[i].tests
	test.key in ["aws:principalorgid", "aws:principalorgpaths"]
	_asks_for_values(test)
	message := $"calls by services never have {test.written} (I.1)"
	found := _at_key("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", "ERROR", test.path, message)
	finding := _mended(found, "aws:SourceOrgID or aws:SourceOrgPaths")
}

# PRIN-21, OPEN-6
advice contains finding if {
	input.policy_type == "resource"
	some principal in principals
	principal.element == "NotPrincipal"
	principal.kind == "AWS"
	principal.statement.effect == "Deny"
	missing := _missing_levels(principal)
	count(missing) > 0
	message := $"the Deny may still hit '{principal.value}' by its {concat(" and its ", missing)} (PRIN-21)"
	found := _finding("OPA_IAM_NOTPRINCIPAL_INCOMPLETE", "WARNING", principal.path, message)
	finding := _mended(found, $"exempt its {concat(" and its ", missing)} as well")
}

# What a principal stands for beside its own name, as far as the list does not exempt it.
_missing_levels(principal) := [level |
	[[_, account, kind, name]] := regex.find_all_string_submatch_n(
		`^arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):(user|role|assumed-role)/(.+)$`,
		principal.value, 1,
	)
	exempt := [other.value | some other in principals; other.index == principal.index; other.kind == "AWS"]
	some [level, expression] in _levels(account, kind, name)
	not _has_match(expression, exempt)
]

_levels(account, kind, name) := array.concat(
	[["role", $"^arn:[a-z-]+:iam::{account}:role/(?:.*/)?{role}$"] |
		kind == "assumed-role"
		role := pattern.literal(split(name, "/")[0])
	],
	[["account", $"^(?:{account}|arn:[a-z-]+:iam::{account}:root)$"]],
)

default _has_match(_, _) := false

_has_match(expression, texts) if {
	some text in texts
	regex.match(expression, text)
}
