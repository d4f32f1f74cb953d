package iam.lint

import data.iam.pattern
import data.iam.pinning

# S3-2, S3-3; an endpoint's policy is for everyone who reaches the endpoint.
advice contains finding if {
	input.policy_type in ["resource", "role_trust"]
	some principal in principals
	principal.element == "Principal"
	principal.kind == "AWS"
	pattern.is_everything(principal.value)
	principal.statement.effect == "Allow"
	not _pins_caller(principal.statement)
	message := "anyone at all is allowed: no condition confines the callers to a known few (S3-2, S3-3)"
	finding := _finding("OPA_IAM_PUBLIC_RESOURCE_POLICY", "SECURITY_WARNING", principal.path, message)
}

default _pins_caller(_) := false

_pins_caller(statement) if {
	some test in statement.tests
	pinning.pins(lower(test.operator), test.key, test.values)
}

# Beyond what S3 goes by: keys of other services with the caller's account, and ArnLike, which is ArnEquals.
_pins_caller(statement) if {
	some test in statement.tests
	test.key in ["aws:sourceowner", "kms:calleraccount", "s3:dataaccesspointaccount"]
	pinning.pins(lower(test.operator), "aws:principalaccount", test.values)
}

_pins_caller(statement) if {
	some test in statement.tests
	[lower(test.operator), test.key] == ["arnlike", "aws:sourcearn"]
	pinning.pins("arnequals", "aws:sourcearn", test.values)
}

# VPCE-3: the services with gateway endpoints.
advice contains finding if {
	input.policy_type == "vpc_endpoint"
	some principal in principals
	principal.element == "Principal"
	not pattern.is_everything(principal.value)
	_is_only_about(principal.statement.action, `s3|dynamodb`)
	message := "a gateway endpoint knows no principal but '*' (VPCE-3)"
	found := _finding("OPA_IAM_ENDPOINT_PRINCIPAL", "WARNING", principal.path, message)
	finding := _mended(found, "'*', and a condition on aws:PrincipalArn")
}

# KMS-1, KMS-2
advice contains finding if {
	_is_key_policy
	count([i | some i, statement in statements; statement.effect == "Allow"; is_about(i, "kms:putkeypolicy")]) == 0
	message := "nobody may change the key policy, not even the account's root user (KMS-1, KMS-2)"
	found := _finding("OPA_IAM_KEY_POLICY_LOCKOUT", "WARNING", "", message)
	finding := _mended(found, "allow kms:PutKeyPolicy to the account or to an administrator")
}

default _is_key_policy := false

_is_key_policy if {
	input.policy_type == "resource"
	input.resource_type == "AWS::KMS::Key"
}

# A policy that speaks of nothing but KMS is a key's.
_is_key_policy if {
	input.policy_type == "resource"
	object.get(input, "resource_type", "") == ""
	count(statements) > 0
	every statement in statements {
		_is_only_about(statement.action, "kms")
	}
}

# Whether the actions are all of certain services, given as an expression.
default _is_only_about(_, _) := false

_is_only_about(action, services) if {
	not action.negated
	regex.match($`(?i)^(?:(?:{services}):[^\n]*(?:\n|$))+$`, action.text)
}
