package iam.lint

import data.iam.catalogue
import data.iam.condition
import data.iam.document

# Global keys that every request has (section I); any other may be missing.
_ever_present := {
	"aws:currenttime",
	"aws:epochtime",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalisawsservice",
	"aws:principaltype",
	"aws:requestedregion",
	"aws:resourceaccount",
	"aws:securetransport",
	"aws:useragent",
	"aws:userid",
	"aws:viaawsservice",
}

default _may_be_missing(_) := false

_may_be_missing(key) if {
	catalogue.is_global_key(key)
	not _ever_present[key]
}

# What the table E.2 says of a missing key, by the test alone (COND-MISS-1, COND-MISS-2). Null asks for just that.
default _holds_when_missing(_) := false

_holds_when_missing(test) if {
	test.base != "null"
	test.if_exists
}

_holds_when_missing(test) if {
	test.base != "null"
	test.set == "forallvalues"
}

_holds_when_missing(test) if {
	[test.negated, test.set] == [true, ""]
}

# Whether one of the tests is Null for a key, with this value: "false" demands it, "true" forbids it.
default _has_null(_, _, _) := false

_has_null(tests, key, value) if {
	some test in tests
	test.key == key
	[test.base, test.set] == ["null", ""]
	{lower(text) | some text in test.values} == {value}
}

# COND-MISS-1, COND-MISS-3, I.1 to I.5
advice contains finding if {
	some statement in statements
	statement.effect == "Deny"
	some test in statement.tests
	test.base != "null"
	not _holds_when_missing(test)
	_may_be_missing(test.key)
	not _has_null(statement.tests, test.key, "false")
	message := $"a request without '{test.written}' is not denied here (COND-MISS-1)"
	found := _at_key("OPA_IAM_DENY_FAILS_OPEN", "WARNING", test.path, message)
	finding := _mended(found, _if_exists(test))
}

default _if_exists(_) := ""

_if_exists(test) := $"{test.operator}IfExists" if test.set == ""

# COND-MISS-1
advice contains finding if {
	some statement in statements
	statement.effect == "Allow"
	count(statement.tests) > 0
	every test in statement.tests {
		_holds_when_missing(test)
		test.set != "forallvalues"
		not _ever_present[test.key]
	}
	paths := sort([test.path | some test in statement.tests])
	message := "a request without the keys that are tested is allowed (COND-MISS-1)"
	found := object.union(_finding("OPA_IAM_ALLOW_ON_MISSING_KEY", "WARNING", paths[0], message), {"at_key": true})
	finding := _located(found, paths)
}

# COND-SET-4; no tags at all are what a rule about a request's tags can let pass.
advice contains finding if {
	some statement in statements
	statement.effect == "Allow"
	some test in statement.tests
	test.set == "forallvalues"
	test.base != "null"
	not endswith(test.key, "tagkeys")
	catalogue.is_multivalued(test.key)
	not _has_null(statement.tests, test.key, "false")
	message := $"a request without '{test.written}' is allowed: beside ForAllValues, ask for the key by Null (COND-SET-4)"
	finding := _mended(
		_at_key("OPA_IAM_FORALLVALUES_WITH_ALLOW", "WARNING", test.path, message),
		$"\"Null\": \{\"{test.written}\": \"false\"}",
	)
}

# OPEN-9, COND-ARN-2
advice contains finding if {
	some statement in statements
	statement.effect == "Deny"
	some test in statement.tests
	test.negated
	test.compares in ["address", "arn", "date", "number"]
	some i, text in test.values
	not document.has_variable(text)
	not condition.wanted(test.compares, text)
	message := $"beside '{text}', which can't be read, the test never holds and nothing is denied (OPEN-9)"
	finding := _finding("OPA_IAM_INVALID_VALUE_FAILS_OPEN", "SECURITY_WARNING", value_path(test, i), message)
}
