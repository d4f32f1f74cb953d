package iam.lint

import data.iam.catalogue

# GKEY-4
faults contains finding if {
	some [_, test] in tests
	not regex.match(`(?s)^[^:]+:.`, test.key)
	message := $"'{test.written}' is no condition key: those are spelt prefix:name (GKEY-4)"
	finding := _at_key("INVALID_CONDITION_KEY_FORMAT", "ERROR", test.path, message)
}

# I.1 to I.5
faults contains finding if {
	some [_, test] in tests
	regex.match(`^aws:.`, test.key)
	not _is_known(test.key)
	message := $"there is no global condition key '{test.written}' (I.1 to I.5)"
	finding := object.union(_unknown("INVALID_GLOBAL_CONDITION_KEY", test.path, message), {"at_key": true})
}

default _is_known(_) := false

_is_known(key) if catalogue.is_global_key(key)

# One whose tag is missing is told of as such.
_is_known(key) if catalogue.is_global_key($"{key}/")

_is_known(key) if catalogue.key_type(key)

_is_known("aws:arn")

# I.1
faults contains finding if {
	not _is_caller_side
	some [_, test] in tests
	test.key == "aws:arn"
	message := "aws:ARN does not work here (I.1)"
	found := _at_key("UNSUPPORTED_GLOBAL_CONDITION_KEY", "ERROR", test.path, message)
	finding := _mended(found, "aws:PrincipalArn or aws:SourceArn")
}

# I.1
advice contains finding if {
	_is_caller_side
	some [_, test] in tests
	test.key == "aws:arn"
	found := _at_key("DEPRECATED_GLOBAL_CONDITION_KEY", "WARNING", test.path, "aws:ARN is out of date (I.1)")
	finding := _mended(found, "aws:PrincipalArn")
}

default _is_caller_side := false

_is_caller_side if _is_identity

_is_caller_side if input.policy_type == "service_control"

# I.5; that of a service principal is another matter.
advice contains finding if {
	some i, statement in statements
	statement.effect == "Allow"
	some test in statement.tests
	test.key in ["aws:referer", "aws:useragent"]
	_asks_for_values(test)
	not _is_for_service(i)
	message := $"the caller sets {test.written} to whatever it likes: it guards nothing (I.5)"
	finding := _at_key("UNTRUSTWORTHY_CONDITION_KEY", "SECURITY_WARNING", test.path, message)
}

# Whether a test holds for certain values of its key only.
default _asks_for_values(_) := false

_asks_for_values(test) if {
	not test.negated
	not test.if_exists
	test.compares != "presence"
}

# I.3; no other pair is published.
advice contains finding if {
	some [statement, test] in tests
	test.key == "aws:vpcsourceip"
	test.compares != "presence"
	not _has_key(statement, ["aws:sourcevpc", "aws:sourcevpce"])
	message := "an address within a VPC says little without the VPC: any other can have it (I.3)"
	found := _at_key("MISSING_PAIRED_CONDITION_KEYS", "SECURITY_WARNING", test.path, message)
	finding := _mended(found, "aws:SourceVpc or aws:SourceVpce beside it")
}

default _has_key(_, _) := false

_has_key(statement, keys) if {
	some test in statement.tests
	test.key in keys
}

# I.3: keys that some services lack, in a statement about all of them.
advice contains finding if {
	some [statement, test] in tests
	test.key in ["aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"]
	_is_about_any_service(statement.action)
	message := $"not every service tells {test.written}, and the statement is about all of them (I.3)"
	finding := _at_key("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", "WARNING", test.path, message)
}

default _is_about_any_service(_) := false

_is_about_any_service(action) if action.negated

_is_about_any_service(action) if regex.match(`(?m)^[*]+$`, action.text)

# I.4
advice contains finding if {
	some [_, test] in tests
	_irrelevant[input.resource_type][test.key]
	message := $"{test.written} says nothing in this policy: its resource is always its own (I.4)"
	finding := _at_key("IRRELEVANT_CONDITION_KEY_IN_POLICY", "SUGGESTION", test.path, message)
}

_irrelevant := {"AWS::S3::Bucket": {"s3:resourceaccount": true}}

# COND-MISS-1: a read that asks for no attributes gets the whole item.
advice contains finding if {
	_is_for("AWS::DynamoDB::Table")
	some [statement, test] in tests
	statement.effect == "Allow"
	test.key == "dynamodb:attributes"
	test.compares == "text"
	not _selects_attributes(statement)
	message := "a read that names no attributes returns all of them (COND-MISS-1)"
	found := _at_key("DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", "SECURITY_WARNING", test.path, message)
	finding := _mended(found, `"StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}`)
}

default _is_for(_) := false

_is_for(_) if _is_identity

_is_for(resource_type) if input.resource_type == resource_type

default _selects_attributes(_) := false

_selects_attributes(statement) if {
	some test in statement.tests
	[test.key, test.base, test.values] == ["dynamodb:select", "stringequals", ["SPECIFIC_ATTRIBUTES"]]
}

# COND-MISS-1: a shorter prefix than the one named walks past the test.
advice contains finding if {
	_is_for("AWS::S3::Bucket")
	some [statement, test] in tests
	test.key == "s3:prefix"
	test.compares in ["caseless text", "text"]
	[statement.effect, test.negated] in [["Allow", true], ["Deny", false]]
	message := "who asks for a shorter prefix, or none, sees what this keeps back (COND-MISS-1)"
	finding := _at_key("S3_PREFIX_IN_NEGATIVE_CONTEXT", "SECURITY_WARNING", test.path, message)
}
