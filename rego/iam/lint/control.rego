package iam.lint

import data.iam.catalogue
import data.iam.pattern

# RCP-4, GRAM-33; of the bare asterisk the document's problems tell.
faults contains finding if {
	input.policy_type == "resource_control"
	some statement in statements
	not statement.action.negated
	some k, value in statement.action.values
	[service, _] := split(lower(value), ":")
	not pattern.has_wildcard(service)
	not catalogue.resource_control_services[service]
	message := $"resource control policies do not apply to the service '{service}' (RCP-4)"
	finding := _finding("RCP_SYNTAX_ERROR_ACTION", "ERROR", value_path(statement.action, k), message)
}

# The Deny statements of a resource control policy.
_resource_guardrails := [statement |
	input.policy_type == "resource_control"
	some statement in statements
	statement.effect == "Deny"
]

# RCP-5, RCP-6
advice contains finding if {
	some statement in _resource_guardrails
	keys := [test.path |
		some test in statement.tests
		startswith(test.key, "aws:principal")
		not test.key in ["aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"]
	]
	count(keys) > 0
	not _has_test(statement, "bool", "aws:principalisawsservice", "false")
	message := "services have no such key, so that the Deny hits them too (RCP-5, RCP-6)"
	finding := _at_keys("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", keys, message, _principal_is_service("false"))
}

# RCP-5
advice contains finding if {
	some statement in _resource_guardrails
	keys := [test.path | some test in statement.tests; test.key in _source_keys; test.compares != "presence"]
	count(keys) > 0
	not _has_test(statement, "bool", "aws:principalisawsservice", "true")
	message := "only services say for whom they come, so that the Deny hits users too (RCP-5)"
	finding := _at_keys("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", keys, message, _principal_is_service("true"))
}

# RCP-5, COND-MISS-3
advice contains finding if {
	some statement in _resource_guardrails
	keys := [test.path | some test in statement.tests; test.key in _source_keys; test.compares != "presence"]
	count(keys) > 0
	not _has_test(statement, "null", "aws:sourceaccount", "false")
	not _has_test(statement, "null", "aws:sourcearn", "false")
	message := "not every call by a service says for whom it is, and the Deny hits the others (RCP-5, COND-MISS-3)"
	mend := `"Null": {"aws:SourceAccount": "false"}`
	finding := _at_keys("RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", keys, message, mend)
}

_principal_is_service(value) := json.marshal({"BoolIfExists": {"aws:PrincipalIsAWSService": value}})

_at_keys(code, paths, message, mend) := _mended(_located(_at_key(code, "WARNING", "", message), sort(paths)), mend)

default _has_test(_, _, _, _) := false

_has_test(statement, base, key, value) if {
	some test in statement.tests
	[test.base, test.key] == [base, key]
	[lower(text) | some text in test.values] == [value]
}

# SCP-1, RCP-5
advice contains finding if {
	input.policy_type in ["resource_control", "service_control"]
	some statement in statements
	statement.effect == "Deny"
	statement.tests == []
	_is_everything(statement.action)
	_is_everything(statement.resource)
	message := "denies everything to everyone: a condition is to say whom it spares (SCP-1, RCP-5)"
	finding := _finding("OPA_IAM_GUARDRAIL_WITHOUT_EXCEPTION", "WARNING", statement.path, message)
}

default _is_everything(_) := false

_is_everything(part) if {
	not part.negated
	regex.match(`(?m)^[*]+$`, part.text)
}

# STS-1, STS-2, SCP-5
advice contains finding if {
	input.policy_type in ["resource_control", "service_control"]
	some statement in statements
	statement.effect == "Deny"
	not statement.action.negated
	some k, value in statement.action.values
	lower(value) in ["sts:getcalleridentity", "sts:getsessiontoken"]
	message := $"{value} needs no permission, and no policy can deny it (STS-1, STS-2)"
	path := value_path(statement.action, k)
	finding := _finding("OPA_IAM_GUARDRAIL_CANNOT_REACH", "SUGGESTION", path, message)
}

# SCP-5, RCP-3
advice contains finding if {
	input.policy_type in ["resource_control", "service_control"]
	some [statement, test] in tests
	statement.effect == "Deny"
	test.key == "aws:principalarn"
	_asks_for_values(test)
	some i, value in test.values
	contains(value, ":role/aws-service-role/")
	message := "guardrails do not apply to service-linked roles (SCP-5, RCP-3)"
	finding := _finding("OPA_IAM_GUARDRAIL_CANNOT_REACH", "SUGGESTION", value_path(test, i), message)
}
