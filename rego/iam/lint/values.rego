package iam.lint

# GRAM-22
faults contains finding if {
	some [statement, test] in tests
	test.listed
	types := {type_name(value) | some value in statement.value.Condition[test.operator][test.written]}
	count(types & {"boolean", "number", "string"}) > 1
	message := $"the values of {test.written} are of different JSON types (GRAM-22)"
	finding := _finding("INVALID_CONDITION_DATA_TYPE", "ERROR", test.path, message)
}

# COND-BOOL-2
faults contains finding if {
	some [_, test] in tests
	test.base == "bool"
	count(test.values) > 1
	message := "Bool takes one value: with both it always holds (COND-BOOL-2)"
	finding := _finding("INVALID_CONDITION_MULTIPLE_BOOLEAN", "ERROR", test.path, message)
}

# A wildcard, not within a variable or an escape.
_wildcard := `^(?:\$\{[^}]*\}|[^*?$]|\$[^{*?])*\$?[*?]`

# E.5
advice contains finding if {
	some [statement, test] in tests
	test.compares in ["caseless text", "text"]
	test.relation == "equal"
	regex.match(`[*?]`, concat("", test.values))
	some i, value in test.values
	regex.match(_wildcard, value)
	severity := object.get({"Deny": "SECURITY_WARNING"}, statement.effect, "WARNING")
	message := $"{test.operator} takes '{value}' for text: the wildcard matches itself alone (E.5)"
	found := _finding("WILDCARD_WITHOUT_LIKE_OPERATOR", severity, value_path(test, i), message)
	finding := _mended(found, {false: "StringLike", true: "StringNotLike"}[test.negated])
}

# COND-NULL-2
advice contains finding if {
	some [_, test] in tests
	test.values == ["*"]
	[test.base, test.set, test.if_exists] == ["stringlike", "", false]
	message := $"holds whenever the request has {test.written} (COND-NULL-2)"
	found := _finding("EQUIVALENT_TO_NULL_FALSE", "SUGGESTION", value_path(test, 0), message)
	finding := _mended(found, _null(test, "false"))
}

# COND-NULL-2, COND-MISS-1
advice contains finding if {
	some [_, test] in tests
	test.values == ["*"]
	[test.base, test.set, test.if_exists] == ["stringnotlike", "", false]
	message := $"holds only where the request lacks {test.written} (COND-MISS-1)"
	found := _finding("EQUIVALENT_TO_NULL_TRUE", "SUGGESTION", value_path(test, 0), message)
	finding := _mended(found, _null(test, "true"))
}

_null(test, value) := json.marshal({"Null": {test.written: value}})

# COND-NULL-4
advice contains finding if {
	some [_, test] in tests
	test.base == "null"
	test.set != ""
	constant := {"forallvalues": "always", "foranyvalue": "never"}[test.set]
	message := $"{test.operator} {constant} holds, whatever the request (COND-NULL-4)"
	finding := _finding("NULL_WITH_QUALIFIER", "WARNING", test.path, message)
}

# COND-DATE-1, COND-DATE-2
advice contains finding if {
	some [_, test] in tests
	test.compares == "date"
	some i, value in test.values
	regex.match(`^[0-9]+(?:\.[0-9]+)?$`, value)
	message := $"'{value}' is a date in seconds since 1970: write it as ISO 8601 does (COND-DATE-1)"
	finding := _finding("INVALID_DATE_VALUE", "WARNING", value_path(test, i), message)
}

# COND-BIN-1
advice contains finding if {
	some [_, test] in tests
	test.compares == "binary"
	some i, value in test.values
	not contains(value, "${")
	not regex.match(`^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$`, value)
	finding := _finding("TYPE_MISMATCH_STRING", "WARNING", value_path(test, i), $"'{value}' is no base64 (COND-BIN-1)")
}
