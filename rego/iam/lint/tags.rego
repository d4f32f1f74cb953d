package iam.lint

# Tests of the resource's tags that a missing tag fails, by the statement's place.
_tag_tests[s] contains test if {
	some s, statement in statements
	some test in statement.tests
	startswith(test.key, "aws:resourcetag/")
	[test.negated, test.if_exists] == [false, false]
	test.base != "null"
	test.set != "forallvalues"
}

# COND-MISS-1, I.4; one finding for each service.
advice contains finding if {
	some s, tests in _tag_tests
	statement := statements[s]
	not statement.action.negated
	code := _tag_codes[statement.effect]
	lacking := [entry | some entry in _action_groups[s]; not _some_taggable(entry.service, entry.groups)]
	some service in _services_among(lacking)
	keys := sort({test.path | some test in tests})
	paths := array.concat([value_path(statement.action, i) | some i in _places_among(lacking, service)], keys)
	names := concat(", ", sort({test.written | some test in tests}))
	message := $"by {_source}, {service} has no {names} for this, and {code.outcome} (COND-MISS-1, I.4)"
	finding := _located(_finding(code.some, code.severity, paths[0], message), paths)
}

# COND-MISS-1, ACT-11
advice contains finding if {
	some s, tests in _tag_tests
	statement := statements[s]
	statement.action.negated
	code := _tag_codes[statement.effect]
	some test in tests
	message := $"of all that NotAction leaves, much has no '{test.written}', and {code.outcome} (ACT-11, COND-MISS-1)"
	finding := _at_key(code.negated, code.severity, test.path, message)
}

_tag_codes := {
	"Allow": {
		"negated": "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
		"outcome": "is not allowed",
		"severity": "WARNING",
		"some": "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
	},
	"Deny": {
		"negated": "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
		"outcome": "is not denied",
		"severity": "SECURITY_WARNING",
		"some": "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
	},
}

default _some_taggable(_, _) := false

_some_taggable(service, groups) if {
	some group in groups
	_is_taggable(service, group)
}

# A resource that is tagged when it is made has its new tags.
default _is_taggable(_, _) := false

_is_taggable(service, group) if _lists(service, group, {"aws:resourcetag/"})

_is_taggable(service, group) if "aws:requesttag/" in data.iam.reference.services[service].groups[group].keys
