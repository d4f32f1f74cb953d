package iam.document

import data.iam.pointer

# METADATA
# title: The policy types that a document can be lowered as
# description: |
#   The types of the request, and the trust policy of a role, which is that role's resource policy. `principals` tells how
#   a statement names its callers: not at all, by an element, or always `*`; `resources` whether it must, can or must not
#   name resources (A.5).
policy_types := {
	"identity": {"name": "an identity policy", "principals": "none", "resources": "required"},
	"permissions_boundary": {"name": "a permissions boundary", "principals": "none", "resources": "required"},
	"resource": {"name": "a resource policy", "principals": "element", "resources": "optional"},
	"resource_control": {"name": "a resource control policy", "principals": "everyone", "resources": "required"},
	"role_trust": {"name": "a role's trust policy", "principals": "element", "resources": "none"},
	"service_control": {"name": "a service control policy", "principals": "none", "resources": "required"},
	"session": {"name": "a session policy", "principals": "none", "resources": "required"},
	"vpc_endpoint": {"name": "a VPC endpoint policy", "principals": "element", "resources": "required"},
}

_pairs := [["Action", "NotAction"], ["Principal", "NotPrincipal"], ["Resource", "NotResource"]]

_elements := [
	"Action", "Condition", "Effect", "NotAction", "NotPrincipal", "NotResource",
	"Principal", "Resource", "Sid",
]

_of_elements(statement, path, policy_type) := union({
	{_structural("INVALID_POLICY_ELEMENT", pointer.step(path, name), $"a statement has no element '{name}' (GRAM-2)") |
		some name, _ in statement
		not name in _elements
	},
	{_structural(code, pointer.step(path, name), $"{policy_types[policy_type].name} has no {name} (A.5)") |
		some code, names in _forbidden(policy_type)
		some name in names
		some found, _ in statement
		found == name
	},
	{_structural(code, path, $"the statement has neither {one} nor {other} (GRAM-19, A.5)") |
		some code, [one, other] in _required(policy_type)
		count(object.filter(statement, [one, other])) == 0
	},
	{_structural("UNSUPPORTED_ELEMENT_COMBINATION", path, $"{one} and {other} exclude each other (GRAM-18)") |
		some [one, other] in _pairs
		count(object.filter(statement, [one, other])) == 2
	},
})

_forbidden(policy_type) := object.union_n([
	{"UNSUPPORTED_PRINCIPAL": ["NotPrincipal", "Principal"] |
		policy_types[policy_type].principals == "none"
	},
	{"RCP_SYNTAX_ERROR_PRINCIPAL": ["NotPrincipal"] | policy_type == "resource_control"},
	{"RCP_SYNTAX_ERROR_NOTACTION": ["NotAction"] | policy_type == "resource_control"},
	{"ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": ["NotPrincipal"] | policy_type == "role_trust"},
	{"UNSUPPORTED_NOTPRINCIPAL": ["NotPrincipal"] | policy_type == "vpc_endpoint"},
	{"HAS_PROHIBITED_RESOURCE": ["NotResource", "Resource"] | policy_types[policy_type].resources == "none"},
])

_required(policy_type) := object.union(
	{"MISSING_ACTION": ["Action", "NotAction"]},
	{"MISSING_RESOURCE": ["Resource", "NotResource"] | policy_types[policy_type].resources == "required"},
)

_of_effect(statement, path) := {_structural("MISSING_EFFECT", path, "the statement has no Effect (GRAM-17)")} if {
	not "Effect" in object.keys(statement)
}

_of_effect(statement, path) := {_structural("INVALID_EFFECT", $"{path}/Effect", message) |
	effect := statement.Effect
	not effect in ["Allow", "Deny"]
	message := $"Effect must be exactly Allow or Deny, not {json.marshal(effect)} (GRAM-17)"
} if {
	"Effect" in object.keys(statement)
}

_of_sid(statement, path) := union({
	{_structural("DATA_TYPE_MISMATCH", $"{path}/Sid", "Sid must be a string (GRAM-15)") |
		some value in object.filter(statement, ["Sid"])
		not is_string(value)
	},
	{_oddity("UNSUPPORTED_SID", $"{path}/Sid", $"'{sid}' has characters other than A-Z, a-z and 0-9 (GRAM-15)") |
		sid := statement.Sid
		is_string(sid)
		not regex.match(`^[A-Za-z0-9]*$`, sid)
	},
})

_of_entries(statement, path) := union({
	{_structural("DATA_TYPE_MISMATCH", placed.path, $"{name} takes strings (GRAM-6)") |
		some name, value in object.filter(statement, ["Action", "NotAction", "NotResource", "Resource"])
		some placed in placed_entries(value, $"{path}/{name}")
		not is_string(placed.value)
	},
	{_lint(code, $"{path}/{name}", message) |
		some name, [code, message] in _empty_lists
		statement[name] == []
	},
})

_empty_lists := {
	"Action": ["EMPTY_ARRAY_ACTION", "an empty Action matches nothing (GRAM-34)"],
	"NotAction": ["OPA_IAM_EMPTY_NOT_LIST", "an empty NotAction matches everything (GRAM-34)"],
	"NotResource": ["OPA_IAM_EMPTY_NOT_LIST", "an empty NotResource matches everything (GRAM-34)"],
	"Resource": ["EMPTY_ARRAY_RESOURCE", "an empty Resource matches nothing (GRAM-34)"],
}

_of_actions(statement, path) := {_oddity("INVALID_ACTION", placed.path, message) |
	some name, value in object.filter(statement, ["Action", "NotAction"])
	some placed in placed_entries(value, $"{path}/{name}")
	is_string(placed.value)
	not is_action(placed.value)
	message := $"'{placed.value}' is not spelt service:Name and matches no action (ACT-5 to ACT-7)"
}
