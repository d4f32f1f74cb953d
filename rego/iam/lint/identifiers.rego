package iam.lint

import data.iam.pattern

# What the values of some keys look like: a fixed text of any other shape is one that the key never has. Wildcards and
# variables stand for themselves.
_shapes := {
	"aws:sourcevpc": ["INVALID_VPC_FORMAT", `^vpc-(?:[0-9A-Za-z]{8}|[0-9A-Za-z]{17})$`, "no VPC's id (I.3)"],
	"aws:sourcevpce": ["INVALID_VPCE_FORMAT", `^vpce-(?:[0-9A-Za-z]{8}|[0-9A-Za-z]{17})$`, "no VPC endpoint's id (I.3)"],
	"aws:calledvia": _service_principal,
	"aws:calledviafirst": _service_principal,
	"aws:calledvialast": _service_principal,
	"aws:principalservicename": _service_principal,
	"aws:principalservicenameslist": _service_principal,
	"iam:awsservicename": _service_principal,
	"iam:passedtoservice": _service_principal,
	"kms:viaservice": [
		"INVALID_SERVICE_PRINCIPAL_FORMAT",
		`^[a-z0-9.-]+\.[a-z]{2,}(?:-[a-z]+)+-[0-9]+\.(?:amazonaws\.com|amazon\.com|amazonaws\.com\.cn|amazonaws\.eu)$`,
		"not spelt service.region.amazonaws.com (PRIN-12)",
	],
	"s3:x-amz-server-side-encryption-aws-kms-key-id": _kms_key,
	"s3express:x-amz-server-side-encryption-aws-kms-key-id": _kms_key,
	"s3tables:kmskeyarn": _kms_key,
	"s3vectors:kmskeyarn": _kms_key,
	"secretsmanager:kmskeyarn": _kms_key,
}

_service_principal := [
	"INVALID_SERVICE_PRINCIPAL_FORMAT",
	`^[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.com|amazon\.com|amazonaws\.com\.cn|amazonaws\.eu)$`,
	"no service principal: those are spelt name.amazonaws.com (PRIN-12)",
]

_kms_key := [
	"INVALID_KMS_KEY_VALUE",
	`^arn:[a-z-]+:kms:[^:]*:[^:]*:key/.`,
	"no KMS key's ARN, which this key always holds (COND-ARN-2)",
]

faults contains finding if {
	some [_, test] in tests
	test.compares in ["arn", "caseless text", "text"]
	[code, shape, message] := _shapes[test.key]
	some i, value in test.values
	_is_fixed(value)
	not regex.match(shape, value)
	finding := _finding(code, "ERROR", value_path(test, i), $"'{value}' is {message}")
}

default _is_fixed(_) := false

_is_fixed(value) if {
	not pattern.has_wildcard(value)
	not contains(value, "${")
}

# PRIN-12
faults contains finding if {
	[code, shape, message] := _service_principal
	some principal in principals
	principal.kind == "Service"
	_is_fixed(principal.value)
	not regex.match(shape, principal.value)
	finding := _finding(code, "ERROR", principal.path, $"'{principal.value}' is {message}")
}

# I.5: a text that can't be a Region.
faults contains finding if {
	some named in _named_regions
	not regex.match(_region, named.value)
	finding := _finding("INVALID_REGION", "ERROR", named.path, $"'{named.value}' is no Region (I.5)")
}

# I.5: a Region that is merely new is no mistake.
advice contains finding if {
	some named in _named_regions
	regex.match(_region, named.value)
	not _regions[named.value]
	message := $"'{named.value}' is none of the Regions that this version knows (I.5)"
	finding := _finding("INVALID_REGION", "WARNING", named.path, message)
}

_region := `^[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}$`

_named_regions := [{"path": value_path(test, i), "value": value} |
	some [_, test] in tests
	test.key in ["aws:requestedregion", "ec2:region"]
	test.compares in ["caseless text", "text"]
	some i, value in test.values
	_is_fixed(value)
]

# Keys that hold an identifier which AWS gives out (GKEY-2): part of one says nothing.
_identifying := {
	"aws:principalaccount",
	"aws:principalorgid",
	"aws:resourceaccount",
	"aws:resourceorgid",
	"aws:sourceaccount",
	"aws:sourceorgid",
	"aws:sourcevpc",
	"aws:sourcevpce",
	"aws:vpceaccount",
	"aws:vpceorgid",
}

# GKEY-2, VPCE-4
faults contains finding if {
	some [_, test] in tests
	test.relation == "like"
	_identifying[test.key]
	some i, value in test.values
	value != "*"
	regex.match(_wildcard, value)
	message := $"'{value}' fits identifiers of others, which nobody chooses (GKEY-2)"
	finding := _finding("WILDCARD_USAGE_TOO_PERMISSIVE", "ERROR", value_path(test, i), message)
}

# GKEY-2, VPCE-4: what the caller's tags, names or tokens put in. What AWS itself says of the request is as good as an
# identifier.
advice contains finding if {
	some [_, test] in tests
	test.compares in ["arn", "caseless text", "text"]
	_identifying[test.key]
	some i, value in test.values
	contains(value, "${")
	not regex.match(`(?i)^\$\{aws:(?:principal|resource|source|vpce)(?:account|orgid)\}$`, value)
	message := $"'{value}' is what the caller makes it to be (GKEY-2)"
	finding := _finding("VARIABLE_USAGE_TOO_PERMISSIVE", "WARNING", value_path(test, i), message)
}

# VPCE-4: the part before the colon is AWS's own identifier.
advice contains finding if {
	some [_, test] in tests
	test.key == "aws:userid"
	test.compares in ["caseless text", "text"]
	some i, value in test.values
	regex.match(`^[^:]+\$\{[^}]*\}[^:]*(?::|$)|^\$\{[^}]*\}[^:]+(?::|$)`, value)
	message := "an identifier is AWS's own: no part of it is known beforehand (I.6, VPCE-4)"
	finding := _finding("VARIABLE_USAGE_TOO_PERMISSIVE", "WARNING", value_path(test, i), message)
}

# VPCE-4
advice contains finding if {
	some [_, test] in tests
	test.key == "aws:userid"
	test.relation == "like"
	some i, value in test.values
	regex.match(`^[^*?:]{0,5}[*?]`, value)
	value != "*"
	message := $"fewer than six fixed characters before the wildcard of '{value}' fit many (VPCE-4)"
	finding := _finding("WILDCARD_USAGE_TOO_PERMISSIVE", "WARNING", value_path(test, i), message)
}
