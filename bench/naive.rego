# Rego as one writes it at first: every statement of every attached document, with AWS's JSON as it is. No principals,
# variables or operators but a few: it is here for its speed, and decides less than IAM does.
package bench.naive

default allow := false

allow if {
	some statement in _applying
	statement.Effect == "Allow"
	not _denied
}

_denied if {
	some statement in _applying
	statement.Effect == "Deny"
}

_applying contains statement if {
	some arn in data.raw.attached[input.principal]
	some statement in _list(data.raw.documents[arn].Statement)
	_about_action(statement)
	_about_resource(statement)
	_satisfied(object.get(statement, "Condition", {}))
}

_about_action(statement) if _any_matches(statement.Action, lower(input.action), true)

_about_action(statement) if {
	statement.NotAction
	not _any_matches(statement.NotAction, lower(input.action), true)
}

_about_resource(statement) if _any_matches(statement.Resource, object.get(input, "resource", "*"), false)

_any_matches(patterns, text, fold) if {
	some pattern in _list(patterns)
	glob.match(_folded(pattern, fold), null, text)
}

_folded(text, true) := lower(text)

_folded(text, false) := text

_satisfied(block) if {
	every operator, keys in block {
		every key, values in keys {
			_holds(operator, values, object.get(object.get(input, "context", {}), key, null))
		}
	}
}

_holds("StringEquals", values, given) if given in _list(values)

_holds("StringNotEquals", values, given) if not given in _list(values)

_holds("StringLike", values, given) if {
	some value in _list(values)
	glob.match(value, null, given)
}

_holds("Bool", values, given) if $"{given}" == _list(values)[0]

_list(value) := value if is_array(value)

_list(value) := [value] if not is_array(value)
