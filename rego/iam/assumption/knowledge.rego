package iam.assumption

import data.iam.condition
import data.iam.request

# Whether a condition's result is unknown (DISC-2): whether its key is there or, if need be, with which value; or a variable
# of its values.
default _is_unknown(_) := false

_is_unknown(test) if {
	test.compares == "presence"
	not _knows_presence(test.key)
}

_is_unknown(test) if {
	test.compares != "presence"
	not _knows_value(test.key)
}

_is_unknown(test) if {
	some template in test.templates
	some part in template
	not _knows_value(lower(part.variable))
}

default _is_configured(_) := false

_is_configured(key) if count(request.known(key)) > 0

# Who knows a value knows that the key is there. Of a key of which nothing is configured, what the request has is known, but
# may be changed (DISC-1).
default _knows_presence(_) := false

_knows_presence(key) if count(request.known(key) & {"presence", "value"}) > 0

_knows_presence(key) if {
	not _is_configured(key)
	not condition.not_present(key)
}

default _knows_value(_) := false

_knows_value(key) if "value" in request.known(key)

_knows_value(key) if {
	not _is_configured(key)
	not condition.not_present(key)
}

# A key that is known to be missing has no value to know.
_knows_value(key) if {
	_knows_presence(key)
	condition.not_present(key)
}
