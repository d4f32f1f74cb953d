package iam.document

import data.iam.pointer

# METADATA
# title: The policy types that a document can be lowered as
# description: |
#   The types of the request, and the trust policy of a role, which is that role's resource policy. `principals` tells how
#   a statement names its callers: not at all, by an element, or always `*`; `resources` whether it must, can or must not
#   name resources (A.5); `sids` whether they are of letters and digits and unique, unique only, or free (GRAM-15).
policy_types := {
	"identity": {"name": "an identity policy", "principals": "none", "resources": "required", "sids": "restricted"},
	"permissions_boundary": {"name": "a permissions boundary", "principals": "none", "resources": "required", "sids": "restricted"},
	"resource": {"name": "a resource policy", "principals": "element", "resources": "optional", "sids": "free"},
	"resource_control": {"name": "a resource control policy", "principals": "everyone", "resources": "required", "sids": "unique"},
	"role_trust": {"name": "a role's trust policy", "principals": "element", "resources": "none", "sids": "restricted"},
	"service_control": {"name": "a service control policy", "principals": "none", "resources": "required", "sids": "unique"},
	"session": {"name": "a session policy", "principals": "none", "resources": "required", "sids": "restricted"},
	"vpc_endpoint": {"name": "a VPC endpoint policy", "principals": "element", "resources": "required", "sids": "free"},
}

_pairs := [["Action", "NotAction"], ["Principal", "NotPrincipal"], ["Resource", "NotResource"]]

_elements := {
	"Action", "Condition", "Effect", "NotAction", "NotPrincipal", "NotResource",
	"Principal", "Resource", "Sid",
}

_of_elements(statement, path, policy_type) := union({
	{_at_key("INVALID_POLICY_ELEMENT", pointer.step(path, name), $"a statement has no element '{name}' (GRAM-2)") |
		some name in (names - _elements)
	},
	{_at_key(code, $"{path}/{name}", $"{policy_types[policy_type].name} has no {name} (A.5)") |
		some code, elements in _forbidden[policy_type]
		some name in (names & elements)
	},
	{_structural(code, path, $"the statement has neither {one} nor {other} (GRAM-19, A.5)") |
		some [code, one, other] in _required[policy_types[policy_type].resources]
		count(names & {one, other}) == 0
	},
	{_structural("UNSUPPORTED_ELEMENT_COMBINATION", path, $"{one} and {other} exclude each other (GRAM-18)") |
		some [one, other] in _pairs
		count(names & {one, other}) == 2
	},
}) if {
	names := object.keys(statement)
}

_no_principals := {"UNSUPPORTED_PRINCIPAL": {"NotPrincipal", "Principal"}}

_forbidden := {
	"identity": _no_principals,
	"permissions_boundary": _no_principals,
	"resource": {},
	"resource_control": {"RCP_SYNTAX_ERROR_NOTACTION": {"NotAction"}, "RCP_SYNTAX_ERROR_PRINCIPAL": {"NotPrincipal"}},
	"role_trust": {
		"ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": {"NotPrincipal"},
		"ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE": {"NotResource", "Resource"},
	},
	"service_control": {"SCP_SYNTAX_ERROR_PRINCIPAL": {"NotPrincipal", "Principal"}},
	"session": _no_principals,
	"vpc_endpoint": {"OPA_IAM_UNSUPPORTED_NOTPRINCIPAL": {"NotPrincipal"}},
}

_needs_action := ["MISSING_ACTION", "Action", "NotAction"]

_required := {
	"none": [_needs_action],
	"optional": [_needs_action],
	"required": [_needs_action, ["MISSING_RESOURCE", "Resource", "NotResource"]],
}

_of_effect(statement, path) := {_structural("MISSING_EFFECT", path, "the statement has no Effect (GRAM-17)")} if {
	not "Effect" in object.keys(statement)
} else := set() if {
	statement.Effect in ["Allow", "Deny"]
} else := {_structural("DATA_TYPE_MISMATCH", $"{path}/Effect", "Effect must be a string (GRAM-17)")} if {
	not is_string(statement.Effect)
} else := {_structural("INVALID_EFFECT", $"{path}/Effect", message)} if {
	message := $"Effect must be exactly Allow or Deny, not {json.marshal(statement.Effect)} (GRAM-17)"
}

_of_sid(statement, path, policy_type) := union({
	{_structural("DATA_TYPE_MISMATCH", $"{path}/Sid", "Sid must be a string (GRAM-15)") |
		some value in object.filter(statement, ["Sid"])
		not is_string(value)
	},
	{_oddity("UNSUPPORTED_SID", $"{path}/Sid", $"'{sid}' has characters other than A-Z, a-z and 0-9 (GRAM-15)") |
		policy_types[policy_type].sids == "restricted"
		sid := statement.Sid
		is_string(sid)
		not regex.match(`^[A-Za-z0-9]*$`, sid)
	},
}) if {
	"Sid" in object.keys(statement)
} else := set()

# As a rule a list is sound, and one expression says so of all its entries.
_of_entries(statement, path) := union({
	{problem |
		some name in ["Action", "NotAction"]
		value := statement[name]
		not _are_actions(value)
		some entry in placed_entries(value, $"{path}/{name}")
		some problem in _action_problems(entry.value, entry.path)
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

default _are_actions(_) := false

_are_actions(value) if regex.match(
	`^(?:(?:\*+|[^:*?\s]+:[^:\s]+)\n)*(?:\*+|[^:*?\s]+:[^:\s]+)$`,
	concat("\n", as_list(value)),
)

_action_problems(entry, path) := {_structural("DATA_TYPE_MISMATCH", path, "an action is a string (GRAM-6)")} if {
	not is_string(entry)
} else := set() if {
	is_action(entry)
} else := {_oddity("VARIABLE_UNSUPPORTED_IN_ELEMENT", path, message)} if {
	has_variable(entry)
	message := $"'{entry}' matches no action: no variable counts in an action (GRAM-25)"
} else := {_oddity("WILDCARD_IN_SERVICE_NAME", path, message)} if {
	regex.match(`^[^:\s]+:[^:\s]+$`, entry)
	message := $"'{entry}' has a wildcard in its service and matches no action (ACT-5)"
} else := {_oddity("INVALID_ACTION", path, message)} if {
	message := $"'{entry}' is not spelt service:Name and matches no action (ACT-5 to ACT-7)"
}
