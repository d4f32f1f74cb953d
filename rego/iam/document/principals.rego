package iam.document

import data.iam.pattern
import data.iam.pointer

# Whom a statement names; nothing where its policy type names nobody (PRIN-1). A statement without the element that its type
# should have names nobody, and matches nobody (GRAM-31).
_principal(_, policy_type) := {} if policy_types[policy_type].principals == "none"

_principal(_, policy_type) := {"principal": _lowered_principal("*", false)} if {
	policy_types[policy_type].principals == "everyone"
}

_principal(statement, policy_type) := {"principal": _lowered_principal(written, negated)} if {
	policy_types[policy_type].principals == "element"
	[written, negated] := _named_element(statement)
}

_lowered_principal(written, negated) := {
	"accounts": {account: true | some entry in aws; account := _account(entry)},
	"every": count([entry | some entry in aws; pattern.is_everything(entry)]) > 0,
	"names": {kind: {entry: true | some entry in entries} | some kind, entries in named},
	"negated": negated,
	"roles": {_role_key(entry): true | some entry in aws; _is_role(entry)},
	"written": written,
} if {
	named := _named(written)
	aws := object.get(named, "AWS", [])
}

_named_element(statement) := [statement.Principal, false] if {
	"Principal" in object.keys(statement)
} else := [statement.NotPrincipal, true] if {
	"NotPrincipal" in object.keys(statement)
} else := [{}, false]

# A bare `*` is short for everyone (PRIN-3).
_named(written) := {"AWS": [written]} if is_string(written)

_named(written) := {kind: as_list(entries) | some kind, entries in written} if is_object(written)

# An account's id and the ARN of its root user stand for the account (PRIN-6).
_account(entry) := entry if regex.match(`^[0-9]{12}$`, entry)

_account(entry) := $"{pieces[1]}/{pieces[4]}" if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:root$`, entry)
	pieces := split(entry, ":")
}

default _is_role(_) := false

_is_role(entry) if regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:role/`, entry)

# A session's ARN has its role's name without the path, in any case (PRIN-8).
_role_key(entry) := $"{pieces[1]}/{pieces[4]}/{lower(names[count(names) - 1])}" if {
	pieces := split(entry, ":")
	names := split(pieces[5], "/")
}

_of_principals(_, _, policy_type) := set() if policy_types[policy_type].principals == "none"

_of_principals(statement, path, "resource_control") := {_structural("RCP_SYNTAX_ERROR_PRINCIPAL", place, message) |
	place := $"{path}/Principal"
	object.get(statement, "Principal", "*") != "*"
	message := "a statement of a resource control policy has the Principal '*' (A.5, RCP-5)"
} | {_structural("MISSING_PRINCIPAL", path, "the statement lacks the Principal '*' (A.5, RCP-5)") |
	count(_named_elements(statement)) == 0
}

_of_principals(statement, path, policy_type) := union({
	{_oddity("MISSING_PRINCIPAL", path, "the statement names no Principal and matches nobody (GRAM-31)") |
		count(_named_elements(statement)) == 0
	},
	{_oddity("ALLOW_WITH_NOT_PRINCIPAL", $"{path}/NotPrincipal", message) |
		statement.Effect == "Allow"
		_named_elements(statement).NotPrincipal
		message := "Allow with NotPrincipal admits everyone else, anonymous callers as well (PRIN-22)"
	},
	{_oddity("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", $"{path}/Principal", message) |
		policy_type == "role_trust"
		statement.Principal == "*"
		message := "AWS takes everyone in a trust policy only as {\"AWS\": \"*\"} (GRAM-32)"
	},
	union({_principal_faults(value, pointer.step(path, name)) | some name, value in _named_elements(statement)}),
}) if {
	policy_types[policy_type].principals == "element"
}

_named_elements(statement) := object.filter(statement, ["NotPrincipal", "Principal"])

_principal_faults(value, path) := {_structural("INVALID_PRINCIPAL_FORMAT", path, message) |
	not pattern.is_everything(value)
	message := "a principal is '*' or an object of AWS, Service, Federated and CanonicalUser (PRIN-4)"
} if {
	is_string(value)
}

_principal_faults(value, path) := union({faults |
	some kind, entries in value
	faults := _kind_faults(kind, entries, pointer.step(path, kind))
}) if {
	is_object(value)
}

_principal_faults(value, path) := {_structural("INVALID_PRINCIPAL_FORMAT", path, message)} if {
	is_array(value)
	message := "a principal is '*' or an object, no list (PRIN-4)"
}

_principal_faults(value, path) := {_structural("DATA_TYPE_MISMATCH", path, "a principal is '*' or an object (PRIN-4)")} if {
	not type_name(value) in ["array", "object", "string"]
}

_kinds := ["AWS", "CanonicalUser", "Federated", "Service"]

_kind_faults(kind, _, path) := {_at_key("INVALID_PRINCIPAL_KEY", path, message)} if {
	not kind in _kinds
	message := $"principals are of the kinds {concat(", ", _kinds)}, not '{kind}' (PRIN-4)"
}

_kind_faults(kind, entries, path) := union({faults |
	some placed in placed_entries(entries, path)
	faults := _entry_faults(kind, placed)
}) if {
	kind in _kinds
}

_entry_faults(kind, placed) := {_structural("DATA_TYPE_MISMATCH", placed.path, "a principal is a string (PRIN-4)")} if {
	not is_string(placed.value)
} else := set() if {
	_is_everyone(kind, placed.value)
} else := {_oddity("VARIABLE_UNSUPPORTED_IN_ELEMENT", placed.path, message)} if {
	has_variable(placed.value)
	message := $"'{placed.value}' matches nobody: no variable counts in a principal (GRAM-25)"
} else := {_oddity("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", placed.path, message)} if {
	pattern.has_wildcard(placed.value)
	message := $"'{placed.value}' matches nobody: a wildcard stands only for all AWS principals, alone (PRIN-5, GRAM-32)"
} else := {_oddity("OPA_IAM_PRINCIPAL_NOT_A_PRINCIPAL", placed.path, message)} if {
	kind == "AWS"
	not regex.match(_principal_text, placed.value)
	message := $"'{placed.value}' matches nobody: it is no account, user, role, session or unique id (PRIN-15, PRIN-16)"
} else := set()

default _is_everyone(_, _) := false

_is_everyone("AWS", text) if pattern.is_everything(text)

_principal_text := concat("", [
	`^([0-9]{12}|A[A-Z0-9]{15,127}|`,
	`arn:[a-z-]+:iam::[0-9]{12}:(root|user/.+|role/.+)|`,
	`arn:[a-z-]+:sts::[0-9]{12}:(assumed-role/.+/.+|federated-user/.+))$`,
])

# What a resource control policy's own rules say, none of which changes a decision (RCP-2, GRAM-33).
_of_control(statement, path, policy_type) := union({
	{_oddity("RCP_SYNTAX_ERROR_ALLOW", $"{path}/Effect", "an Allow in a resource control policy grants nothing (RCP-2)") |
		statement.Effect == "Allow"
		object.remove(statement, ["Sid"]) != {"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}
	},
	{_oddity("RCP_SYNTAX_ERROR_ACTION", placed.path, "AWS may refuse the action '*' in a resource control policy (GRAM-33)") |
		statement.Effect == "Deny"
		some placed in placed_entries(statement.Action, $"{path}/Action")
		placed.value == "*"
	},
}) if {
	policy_type == "resource_control"
} else := set()
