package iam.lint_test

# GRAM-34
test_empty_principals[note] if {
	codes := {"EMPTY_ARRAY_PRINCIPAL", "EMPTY_OBJECT_PRINCIPAL"}
	some note, [policy_type, members, findings] in {
		"an object": [
			"resource", {"Principal": {}},
			{["EMPTY_OBJECT_PRINCIPAL", "SUGGESTION", "/Statement/0/Principal"]},
		],
		"a list": [
			"role_trust", {"Principal": {"AWS": [], "Service": "sns.amazonaws.com"}},
			{["EMPTY_ARRAY_PRINCIPAL", "SUGGESTION", "/Statement/0/Principal/AWS"]},
		],
		"where there are none": ["identity", {"Principal": {}}, set()],
		"somebody": ["resource", {"Principal": {"AWS": ["111122223333"]}}, set()],
	}
	_found(codes, _item(policy_type, members)) == findings
}

# GRAM-34, OPEN-11
test_empty_conditions[note] if {
	codes := {
		"EMPTY_ARRAY_CONDITION",
		"EMPTY_ARRAY_CONDITION_FORALLVALUES",
		"EMPTY_ARRAY_CONDITION_FORANYVALUE",
		"EMPTY_ARRAY_CONDITION_IFEXISTS",
		"EMPTY_OBJECT_CONDITION",
	}
	some note, [effect, block, findings] in {
		"no operator": ["Allow", {}, {["EMPTY_OBJECT_CONDITION", "WARNING", ""]}],
		"no operator of a Deny": ["Deny", {}, {["EMPTY_OBJECT_CONDITION", "SUGGESTION", ""]}],
		"no key": ["Allow", {"Bool": {}}, {["EMPTY_OBJECT_CONDITION", "WARNING", "/Bool"]}],
		"no value": ["Allow", {"StringLike": {"a:b": []}}, {["EMPTY_ARRAY_CONDITION", "SUGGESTION", "/StringLike/a:b"]}],
		"no value of a negation": [
			"Allow", {"StringNotLike": {"a:b": []}},
			{["EMPTY_ARRAY_CONDITION", "SECURITY_WARNING", "/StringNotLike/a:b"]},
		],
		"no value of a negation under Deny": [
			"Deny", {"StringNotLike": {"a:b": []}},
			{["EMPTY_ARRAY_CONDITION", "SUGGESTION", "/StringNotLike/a:b"]},
		],
		"ForAllValues": [
			"Allow", {"ForAllValues:StringNotLike": {"a:b": []}},
			{["EMPTY_ARRAY_CONDITION_FORALLVALUES", "SECURITY_WARNING", "/ForAllValues:StringNotLike/a:b"]},
		],
		"ForAnyValue": [
			"Allow", {"ForAnyValue:StringNotLikeIfExists": {"a:b": []}},
			{["EMPTY_ARRAY_CONDITION_FORANYVALUE", "SUGGESTION", "/ForAnyValue:StringNotLikeIfExists/a:b"]},
		],
		"IfExists": [
			"Allow", {"StringLikeIfExists": {"a:b": []}},
			{["EMPTY_ARRAY_CONDITION_IFEXISTS", "SUGGESTION", "/StringLikeIfExists/a:b"]},
		],
		"a value": ["Allow", {"StringNotLike": {"a:b": ["x"]}}, set()],
		"no condition": ["Allow", null, set()],
	}
	_found(codes, _item("identity", {"Effect": effect, "Condition": block})) == {
	[code, severity, $"/Statement/0/Condition{path}"] |
		some [code, severity, path] in findings
	}
}
