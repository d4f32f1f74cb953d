package iam.document

import data.iam.pointer

# METADATA
# title: What is wrong with a document
# description: |
#   Each problem has a `code` (AWS's issue code where ValidatePolicy has one), the `path` of the value as a JSON Pointer,
#   a `message`, whether it is `structural`, and `at_key` where the member's name is at fault. `lint` marks what IAM takes.
problems(document, policy_type) := union({
	_of_members(document),
	_of_version(document, policy_type),
	_of_sids(document, policy_type),
	union({_of_statement(placed, policy_type, variables) | some placed in placed_statements(document)}),
}) if {
	is_object(document)
	variables := variables_count(document)
} else := {_structural("JSON_SYNTAX_ERROR", "", "a policy is a JSON object (GRAM-1)")} if policy_type

# METADATA
# title: The statements of a document with their places
# description: A statement that is not in a list has no index in its path (GRAM-3, LINT-1).
# scope: document
default placed_statements(_) := []

placed_statements(document) := placed_entries(object.get(document, "Statement", []), "/Statement")

_of_members(document) := union({
	{_at_key("INVALID_POLICY_ELEMENT", pointer.step("", name), $"a policy has no element '{name}' (GRAM-1, GRAM-2)") |
		some name, _ in document
		not name in ["Id", "Statement", "Version"]
	},
	{_structural("DATA_TYPE_MISMATCH", $"/{name}", $"{name} must be a string (GRAM-10, GRAM-14)") |
		some name, value in object.filter(document, ["Id", "Version"])
		not is_string(value)
	},
	{_structural("INVALID_VERSION", "/Version", $"'{version}' is neither 2012-10-17 nor 2008-10-17 (GRAM-10)") |
		version := document.Version
		is_string(version)
		not version in ["2008-10-17", "2012-10-17"]
	},
	{_structural("MISSING_STATEMENT", "", "the policy has no Statement (GRAM-3)") |
		not "Statement" in object.keys(document)
	},
})

# A resource control policy is written for the present language only (GRAM-10).
_of_version(document, policy_type) := {_structural(code, path, message) |
	policy_type == "resource_control"
	message := "a resource control policy needs Version 2012-10-17 (GRAM-10)"
	[code, path] := _no_version(object.get(document, "Version", null))
}

_no_version(version) := ["INVALID_VERSION", "/Version"] if version == "2008-10-17"

_no_version(version) := ["MISSING_VERSION", ""] if version == null

# Sorted, so that a document of thousands of statements costs no more than a pass.
_of_sids(document, policy_type) := {_problem_of_sid(policy_type, $"{path}/Sid", $"the Sid '{sid}' is taken (GRAM-15)") |
	sids := sort([[placed.value.Sid, i, placed.path] |
		some i, placed in placed_statements(document)
		is_string(placed.value.Sid)
		placed.value.Sid != ""
	])
	some i, [sid, _, path] in sids
	sids[i - 1][0] == sid
}

_problem_of_sid(policy_type, path, message) := _lint("UNIQUE_SIDS_RECOMMENDED", path, message) if {
	policy_types[policy_type].sids == "free"
} else := _oddity("UNIQUE_SIDS_REQUIRED", path, message)

_of_statement(placed, policy_type, variables) := _of_condition(placed.value, placed.path, variables) if {
	_is_plain_statement(placed.value, policy_type)
} else := union({
	_of_elements(placed.value, placed.path, policy_type),
	_of_principals(placed.value, placed.path, policy_type),
	_of_control(placed.value, placed.path, policy_type),
	_of_effect(placed.value, placed.path),
	_of_sid(placed.value, placed.path, policy_type),
	_of_entries(placed.value, placed.path),
	_of_resources(placed.value, placed.path, policy_type, variables),
	_of_condition(placed.value, placed.path, variables),
}) if {
	is_object(placed.value)
} else := {_structural("DATA_TYPE_MISMATCH", placed.path, "a statement must be an object (GRAM-3)")} if policy_type

# As a rule a statement is sound, and these few expressions say so: the others take three times as long.
default _is_plain_statement(_, _) := false

_is_plain_statement(statement, policy_type) if {
	policy_types[policy_type].principals == "none"
	object.keys(statement) - {"Condition", "Sid"} == {"Action", "Effect", "Resource"}
	statement.Effect in ["Allow", "Deny"]
	_are_actions(statement.Action)
	_are_plain_arns(statement.Resource)
	regex.match(`^[A-Za-z0-9]*$`, object.get(statement, "Sid", ""))
}

_of_patterns(path, statement) := {_structural("PATTERN_TOO_COMPLEX", path, "the patterns are too many or too long") |
	some expression in array.concat(
		[statement.action.pattern, statement.resource.pattern, object.get(_globbed_part(statement), "pattern", "")],
		array.concat(
			[test.pattern | some test in statement.conditions],
			[part.body | some template in _templates(statement); some part in template],
		),
	)
	_is_too_complex(expression)
}

_templates(statement) := array.concat(
	array.concat(statement.resource.templates, object.get(_globbed_part(statement), "templates", [])),
	[template | some test in statement.conditions; some template in test.templates],
)

_globbed_part(statement) := object.get(statement.resource, "globbed", {})

default _is_too_complex(_) := false

# Matching costs the expression's length times the text's, and can't be interrupted. No document that AWS takes (A.6)
# comes near.
_is_too_complex(expression) if count(expression) > 131072

# What RE2 can't compile would match nothing, which no Deny may (EVAL-8): hundreds of patterns each of which begins with
# the one before.
_is_too_complex(expression) if {
	count(expression) <= 131072
	not regex.is_valid(expression)
}

# METADATA
# title: A value's entries with their places
# description: One value counts as a list of it (GRAM-9), and has no index in its path (LINT-1).
placed_entries(value, path) := [{"path": $"{path}/{i}", "value": entry} | some i, entry in value] if is_array(value)

placed_entries(value, path) := [{"path": path, "value": value}] if not is_array(value)

_structural(code, path, message) := {"code": code, "message": message, "path": path, "structural": true}

# The name of a member is wrong, and not its value.
_at_key(code, path, message) := object.union(_structural(code, path, message), {"at_key": true})

_oddity(code, path, message) := {"code": code, "message": message, "path": path, "structural": false}

# What AWS's checks advise against and IAM takes.
_lint(code, path, message) := object.union(_oddity(code, path, message), {"lint": true})
