package iam.lint

# What a role's caller passes along, and the action that lets it (TRUST-6).
_companions := {
	"aws:requesttag": "sts:TagSession",
	"aws:tagkeys": "sts:TagSession",
	"sts:sourceidentity": "sts:SetSourceIdentity",
	"sts:transitivetagkeys": "sts:TagSession",
}

# TRUST-6
faults contains finding if {
	some i, statement in statements
	statement.effect == "Allow"
	not statement.action.negated
	regex.match(`(?i)^(?:sts:assumerole[a-z]*(?:\n|$))+$`, statement.action.text)
	some test in statement.tests
	action := _companions[split(test.key, "/")[0]]
	_asks_for_values(test)
	message := $"only who may {action} sends {test.written}, and the statement does not allow it (TRUST-6)"
	found := _at_key("MISSING_ACTION_FOR_CONDITION_KEY", "ERROR", test.path, message)
	finding := _mended(found, action)
}

# IN-3; of the keys that requests for an action never have, the one that AWS was seen to report.
faults contains finding if {
	some [statement, test] in tests
	regex.match(`^[^:]*\.[^:]*:aud$`, test.key)
	tagging := [value_path(statement.action, k) |
		not statement.action.negated
		some k, value in statement.action.values
		lower(value) == "sts:tagsession"
	]
	count(tagging) > 0
	message := $"requests for sts:TagSession have no {test.written} (IN-3)"
	found := _finding("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", "ERROR", test.path, message)
	finding := _located(found, array.concat(tagging, [value_path(test, 0)]))
}
