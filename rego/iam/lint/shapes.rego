package iam.lint

import data.iam.document
import data.iam.pattern

# What the values of some keys look like (I.1 to I.5): an expression and its words.
_account := {"is": "an account, 12 digits", "like": `^[0-9]{12}$`}

_organization := {"is": "an organization, 'o-' and its id", "like": `^o-[a-z0-9]{10,32}$`}

_unit := {
	"is": "a path of units, 'o-…/r-…/ou-…/' with a slash at its end",
	"like": `^o-[a-z0-9]{10,32}/(?:r-[a-z0-9]{4,32}/(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*)?$`,
}

_value_shapes := {
	"aws:principalaccount": {"is": "an account, 12 digits, or 'anonymous'", "like": `^(?:[0-9]{12}|anonymous)$`},
	"aws:principalorgid": _organization,
	"aws:principalorgpaths": _unit,
	"aws:resourceaccount": _account,
	"aws:resourceorgid": _organization,
	"aws:resourceorgpaths": _unit,
	"aws:sourceaccount": _account,
	"aws:sourceorgid": _organization,
	"aws:sourceorgpaths": _unit,
	"aws:vpceaccount": _account,
	"aws:vpceorgid": _organization,
	"aws:vpceorgpaths": _unit,
	"kms:calleraccount": _account,
	"s3:dataaccesspointaccount": _account,
	"s3:resourceaccount": _account,
}

# I.1 to I.5
advice contains finding if {
	some key, shape in _value_shapes
	some found in _keyed_tests[key]
	found.test.compares in ["caseless text", "text"]
	some i, text in found.test.values
	not document.has_variable(text)
	not _is_open_text(found.test, text)
	not regex.match(shape.like, text)
	message := $"'{text}' is no value of '{found.test.written}', which is {shape.is} (I.1 to I.5)"
	finding := _finding("OPA_IAM_VALUE_SHAPE", "WARNING", value_path(found.test, i), message)
}

# COND-ARN-2: of an ARN operator's values `document.problems` tells.
advice contains finding if {
	some key, type in _key_types
	type in ["ARN", "ArrayOfARN"]
	some found in _keyed_tests[key]
	found.test.compares in ["caseless text", "text"]
	some i, text in found.test.values
	not document.has_variable(text)
	not _agree(_sure_head(found.test, text), "arn:")
	message := $"'{text}' is no ARN, and '{found.test.written}' is one (I.1 to I.5)"
	finding := _finding("OPA_IAM_VALUE_SHAPE", "WARNING", value_path(found.test, i), message)
}

# I.1: of a session the key has the role.
advice contains finding if {
	some found in _keyed_tests["aws:principalarn"]
	some i, text in found.test.values
	regex.match(`^arn:[^:]*:sts:[^:]*:[^:]*:assumed-role/`, text)
	message := $"'{text}' is a session; '{found.test.written}' is then its role (I.1)"
	finding := _finding("OPA_IAM_VALUE_SHAPE", "WARNING", value_path(found.test, i), message)
}

# Where wildcards count, of a text only what is before the first is sure.
_sure_head(test, text) := _head(text) if test.relation == "like"

_sure_head(test, text) := text if test.relation != "like"

default _is_open_text(_, _) := false

_is_open_text(test, text) if {
	test.relation == "like"
	pattern.has_wildcard(text)
}
