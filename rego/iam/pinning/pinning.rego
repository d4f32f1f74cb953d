# METADATA
# title: Conditions that pin the caller
# description: |
#   Which conditions make a statement for everyone one for few, and so a policy not public, as S3 judges it (S3-3).
package iam.pinning

# METADATA
# title: Whether a test leaves a statement for everyone to a known few
# description: By its operator and its key, both in lower case, and its values as texts.
# scope: document
default pins(_, _, _) := false

pins(operator, key, values) if {
	some pin in _pinning
	pin.keys[key]
	shape := pin.operators[operator]
	count(values) > 0
	every value in values {
		regex.match(shape, value)
	}
}

pins("ipaddress", "aws:sourceip", values) if {
	count(values) > 0
	every value in values {
		_is_narrow(value)
	}
}

_fixed := `^[^*?$]+$`

_without_variables := `^[^$]+$`

_path_prefix := `^o-[^*?$/]+/[^*?$]*\*?$`

_service_name := `^[a-z0-9.*-]+\.amazonaws\.com(\.cn)?$`

_of_fixed_account := `^arn:[^:*?$]+:[^:*?$]*:[^:*?$]*:[0-9]{12}:[^$]+$`

_pinning := [
	{
		"keys": {
			"aws:principalaccount": true,
			"aws:principalorgid": true,
			"aws:sourceaccount": true,
			"aws:sourcevpc": true,
			"aws:sourcevpce": true,
			"aws:vpceaccount": true,
			"aws:vpceorgid": true,
		},
		"operators": {
			"foranyvalue:stringequals": _without_variables,
			"stringequals": _without_variables,
			"stringequalsignorecase": _without_variables,
			"stringlike": _fixed,
		},
	},
	{
		"keys": {"aws:principalarn": true},
		"operators": {"arnequals": _of_fixed_account, "arnlike": _of_fixed_account},
	},
	{
		"keys": {"aws:sourcearn": true, "aws:sourcevpcarn": true},
		"operators": {"arnequals": _of_fixed_account},
	},
	{
		"keys": {"aws:principalorgpaths": true, "aws:vpceorgpaths": true},
		"operators": {
			"foranyvalue:stringequals": _fixed,
			"foranyvalue:stringlike": _path_prefix,
			"stringequals": _fixed,
			"stringlike": _path_prefix,
		},
	},
	{
		"keys": {"aws:principalisawsservice": true},
		"operators": {"bool": `^(?i:true)$`, "stringequals": `^true$`, "stringequalsignorecase": `^(?i:true)$`},
	},
	{
		"keys": {"aws:principalservicename": true, "aws:principalservicenameslist": true},
		"operators": {
			"foranyvalue:stringequals": _service_name,
			"foranyvalue:stringlike": _service_name,
			"stringequals": _service_name,
			"stringlike": _service_name,
		},
	},
	{
		"keys": {"aws:userid": true},
		"operators": {"stringequals": _fixed, "stringlike": `^[^*?$:]+(:\*|:[^*?$]+)?$`},
	},
]

# No wider than /8, or /32 of IPv6.
default _is_narrow(_) := false

_is_narrow(block) if {
	[address, bits] := split(block, "/")
	contains(address, ".")
	regex.match(`^([89]|[12][0-9]|3[0-2])$`, bits)
}

_is_narrow(block) if {
	[address, bits] := split(block, "/")
	not contains(address, ".")
	regex.match(`^(3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-8])$`, bits)
}

_is_narrow(block) if regex.match(`^[0-9a-fA-F.:]+$`, block)
