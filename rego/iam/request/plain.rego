package iam.request

import data.iam.principal

# METADATA
# title: Whether the request consists of no more than its four main members
# description: Most do, and need neither defaults nor all of the validation.
# scope: document
default is_plain := false

is_plain if count(object.remove(input, ["action", "context", "principal", "resource"])) == 0

# METADATA
# title: Whether nothing is wrong with a plain request
# description: |
#   In few steps, and so that it is false where there is any doubt; the validation then tells what is wrong, if anything. No
#   text of a request has more characters than its JSON.
# scope: document
default is_sound := false

is_sound if {
	is_plain
	principal.kind
	is_string(input.principal)
	count(input.principal) <= _longest_text
	is_sound_action
	is_sound_resource
	is_sound_context
}

# METADATA
# title: Whether the action is one (ACT-1)
# scope: document
default is_sound_action := false

is_sound_action if {
	regex.match(`^[^:*?\s]+:[^:*?\s]+$`, input.action)
	count(input.action) <= _longest_text
}

# METADATA
# title: Whether the resource is `*`, or an ARN without a pattern in the spelling that policies are compared with (RES-7)
# scope: document
default is_sound_resource := false

is_sound_resource if resource == "*"

is_sound_resource if {
	regex.match(`^arn:[^:*A-Z]*:[^:*A-Z]*:[^:*A-Z]*:[^:*A-Z]*:[^*]*$`, input.resource)
	count(input.resource) <= _longest_text
}

# METADATA
# title: Whether every key of the context is there once, with values of the types that a value has (COND-ALL-3)
# description: No text in the context has more characters than all of its JSON, and 8192 is `_longest_text`.
# scope: document
is_sound_context if {
	object.get(input, "context", {}) == {}
} else if {
	text := json.marshal(input.context)
	regex.match(`^\{(?:"[^"\\]*":(?:"[^"\\]*"|true|false|-?[0-9][0-9.eE+-]*|\[(?:"[^"\\]*",?)*\])(?:,|\}$))*$`, text)
	count(json.unmarshal(lower(text))) == count(input.context)
	count(text) <= 8192
} else if {
	is_object(input.context)
	every value in input.context {
		_is_context_value(value)
		count([text | some text in _values(value); count(json.marshal(text)) > _longest_text]) == 0
	}
	count({lower(name) | some name, _ in input.context}) == count(input.context)
} else := false
