package iam.lint

# The actions by which a role is assumed: of federated principals each kind has its own (TRUST-4).
_assuming := {
	"sts:assumerole": "other",
	"sts:assumerolewithsaml": "SAML",
	"sts:assumerolewithwebidentity": "web identity",
}

# Those whom the Allow statements of a trust policy name, with the way in which they are federated.
_trusted := [object.union(principal, {"federation": _federation_of(principal)}) |
	input.policy_type == "role_trust"
	some principal in principals
	principal.element == "Principal"
	principal.statement.effect == "Allow"
	_is_fixed(principal.value)
]

_federation_of(principal) := "other" if {
	principal.kind != "Federated"
} else := "SAML" if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:saml-provider/.`, principal.value)
} else := "web identity" if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/.`, principal.value)
} else := "web identity" if {
	regex.match(`^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/.*)?$`, principal.value)
} else := "unknown"

# PRIN-13
faults contains finding if {
	some principal in _trusted
	principal.federation == "unknown"
	message := $"'{principal.value}' is neither a domain nor the ARN of a SAML or OIDC provider (PRIN-13)"
	finding := _finding("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", "ERROR", principal.path, message)
}

# TRUST-4, PRIN-13: an action and principals that do not go together, where either has no other to go with.
faults contains finding if {
	some i in {principal.index | some principal in _trusted}
	action := statements[i].action
	not action.negated
	some k, value in action.values
	others := [principal |
		some principal in _trusted
		principal.index == i
		_is_mismatched(principal, _assuming[lower(value)])
	]
	count(others) > 0
	told := concat(", ", [other.value | some other in others])
	found := _finding("MISMATCHED_ACTION_FOR_PRINCIPAL", "ERROR", "", $"'{value}' is not for {told} (TRUST-4)")
	finding := _located(found, array.concat([value_path(action, k)], [other.path | some other in others]))
}

default _is_mismatched(_, _) := false

_is_mismatched(principal, way) if {
	not principal.federation in ["unknown", way]
	_is_alone(principal, way)
}

default _is_alone(_, _) := false

_is_alone(principal, _) if {
	principal.federation != "other"
	not is_about(principal.index, _action_of[principal.federation])
}

_is_alone(principal, way) if {
	way != "other"
	count([other | some other in _trusted; other.index == principal.index; other.federation == way]) == 0
}

_action_of := {"SAML": "sts:assumerolewithsaml", "web identity": "sts:assumerolewithwebidentity"}

# TRUST-6
faults contains finding if {
	anywhere := [principal | some principal in _trusted; principal.value == "rolesanywhere.amazonaws.com"]
	missing := [action |
		some action in ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
		count([principal | some principal in anywhere; is_about(principal.index, lower(action))]) == 0
	]
	count(missing) > 0
	message := $"IAM Roles Anywhere sends tags and a source identity, and needs {concat(", ", missing)} too (TRUST-6)"
	found := _finding("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", "ERROR", anywhere[0].path, message)
	finding := _mended(found, concat(", ", missing))
}
