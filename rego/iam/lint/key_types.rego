package iam.lint

import data.iam.catalogue

# Every test of a Condition block, with the effect of its statement, by key.
_keyed_tests[test.key] contains {"effect": statement.effect, "statement": s, "test": test} if {
	some s, statement in statements
	some test in statement.tests
}

# The type of each key; of an unknown one there is none.
_key_types[key] := type if {
	some key, _ in _keyed_tests
	type := catalogue.key_type(key)
}

_unknown_keys := {key | some key, _ in _keyed_tests} - {key | some key, _ in _key_types}

# IN-3, GKEY-4
faults contains finding if {
	catalogue.is_loaded
	some key in _unknown_keys
	service := _prefix(key)
	data.iam.reference.services[service].names
	some found in _keyed_tests[key]
	message := $"{_source} has no condition key '{found.test.written}' (IN-3)"
	finding := _key_finding("INVALID_SERVICE_CONDITION_KEY", found.test, message)
}

# GKEY-4
faults contains finding if {
	catalogue.is_loaded
	some key in _unknown_keys
	service := _prefix(key)
	not _has_keys(service)
	some found in _keyed_tests[key]
	message := $"{_source} has no service '{service}' (GKEY-4)"
	finding := _key_finding("INVALID_SERVICE", found.test, message)
}

# I.4, I.5
faults contains finding if {
	some key in {key | some key, _ in _keyed_tests}
	_is_family(key)
	some found in _keyed_tests[key]
	message := $"'{found.test.written}' stands for many keys, by tag: write the tag after a slash (I.4, I.5)"
	mend := $"{trim_suffix(found.test.written, "/")}/TAG"
	finding := _mended(_at_key("MISSING_TAG_KEY_IN_CONDITION", "ERROR", found.test.path, message), mend)
}

# COND-SET-1, COND-SET-2
faults contains finding if {
	some key, type in _key_types
	startswith(type, "ArrayOf")
	some found in _keyed_tests[key]
	found.test.set == ""
	found.test.base != "null"
	message := $"'{found.test.written}' has several values: without a set operator nothing matches (COND-SET-2)"
	mend := $"ForAnyValue:{found.test.operator}"
	finding := _mended(_key_finding("MISSING_QUALIFIER", found.test, message), mend)
}

# COND-STR-2
advice contains finding if {
	some key, type in _key_types
	some found in _keyed_tests[key]
	not _compares(found.test.compares, trim_prefix(type, "ArrayOf"), key)
	message := $"{found.test.operator} does not suit '{found.test.written}', a key of type {type} (COND-STR-2)"
	finding := _at_key("TYPE_MISMATCH", "WARNING", found.test.path, message)
}

# COND-SET-3, COND-SET-4
advice contains finding if {
	some key, type in _key_types
	not startswith(type, "ArrayOf")
	some found in _keyed_tests[key]
	found.test.set == "forallvalues"
	found.test.base != "null"
	severity := {"Deny": "WARNING"}
	message := $"'{found.test.written}' has one value, and ForAllValues holds where it is missing (COND-SET-3, COND-SET-4)"
	code := "FORALLVALUES_WITH_SINGLE_VALUED_KEY"
	finding := _at_key(code, object.get(severity, found.effect, "SECURITY_WARNING"), found.test.path, message)
}

# COND-ARN-1
advice contains finding if {
	some key, type in _key_types
	type in ["ARN", "ArrayOfARN"]
	some found in _keyed_tests[key]
	found.test.base in ["stringlike", "stringnotlike"]
	message := $"wildcards of {found.test.operator} cross the colons of '{found.test.written}', ArnLike's do not (COND-ARN-1)"
	mend := replace(replace(found.test.operator, "StringLike", "ArnLike"), "StringNotLike", "ArnNotLike")
	code := "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"
	finding := _mended(_at_key(code, "SECURITY_WARNING", found.test.path, message), mend)
}

_key_finding(code, test, message) := object.union(_unknown(code, test.path, message), {"at_key": true})

# The service that a key is of. Identity providers' keys begin with the name of a host, which has a dot.
_prefix(key) := prefix if {
	[prefix, _] := split(key, ":")
	not contains(prefix, ".")
	prefix != "aws"
	not _is_family(key)
}

_prefix(key) := pieces[0] if {
	pieces := split(key, ":")
	count(pieces) > 2
	not contains(pieces[0], ".")
	pieces[0] != "aws"
}

default _has_keys(_) := false

_has_keys(prefix) if _is_service(prefix)

_has_keys(prefix) if prefix in data.iam.reference.key_prefixes

# Whether a key is the name of many, with nothing after the slash or without a slash.
default _is_family(_) := false

_is_family(key) if {
	endswith(key, "/")
	catalogue.key_type(key)
}

_is_family(key) if {
	not contains(key, "/")
	not catalogue.key_type(key)
	catalogue.key_type($"{key}/")
}

# Which types of keys the operators are made for. Of truth values, numbers and the like there is more than one spelling,
# so that comparing them as texts is none of these.
default _compares(_, _, _) := false

_compares(compares, type, _) if _suited[compares][type]

_compares(_, _, "aws:epochtime")

_suited := {
	"address": {"IPAddress"},
	"arn": {"ARN", "String"},
	"binary": {"Binary", "String"},
	"boolean": {"Bool"},
	"caseless text": {"ARN", "String"},
	"date": {"Date"},
	"number": {"Numeric"},
	"presence": {"ARN", "Binary", "Bool", "Date", "IPAddress", "Numeric", "String"},
	"text": {"ARN", "Binary", "String"},
}
