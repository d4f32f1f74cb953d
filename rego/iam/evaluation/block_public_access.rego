package iam.evaluation

import data.iam.attachment
import data.iam.principal
import data.iam.request

# METADATA
# title: Whether S3 Block Public Access keeps the caller from a public bucket (S3-1)
# description: |
#   With the setting `s3_block_public_access` a bucket policy that is public serves only AWS services and the bucket owner's
#   account, non-public grants to others included.
# scope: document
default publicly_blocked := false

publicly_blocked if {
	request.settings.s3_block_public_access == true
	request.is_about_bucket
	principal.kind != "service"
	not same_account
	has_public_policy
}

# METADATA
# title: Whether the bucket's policy is public (S3-2)
# scope: document
default has_public_policy := false

has_public_policy if {
	some candidate in attachment.resource_policy_statements
	candidate.effect == "Allow"
	_is_for_everyone(candidate.principal)
	not _is_pinned(candidate)
}

default _is_for_everyone(_) := false

_is_for_everyone(listed) if listed.every

_is_for_everyone(listed) if listed.negated

# NotPrincipal is public whatever the conditions.
default _is_pinned(_) := false

_is_pinned(candidate) if {
	not candidate.principal.negated
	some test in candidate.conditions
	_pins(lower(test.written.operator), test.key, test.written.values)
}

# The table S3-3: which operator and values of which key leave a statement for everyone to a known few.
default _pins(_, _, _) := false

_pins(operator, key, values) if {
	some pin in _pinning
	pin.keys[key]
	shape := pin.operators[operator]
	count(values) > 0
	every value in values {
		regex.match(shape, value)
	}
}

_pins("ipaddress", "aws:sourceip", values) if {
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
