package iam.lint

# What a resource policy of a named type can be about (SVC-2): a service's actions on some of its resource types.
_supported := {
	"AWS::DynamoDB::Table": {"service": "dynamodb", "types": {"index", "table"}},
	"AWS::IAM::AssumeRolePolicyDocument": {"service": "sts", "types": {"role"}},
	"AWS::S3::AccessPoint": {"service": "s3", "types": {"accesspoint", "accesspointobject"}},
	"AWS::S3::Bucket": {"service": "s3", "types": {"bucket", "object"}},
	"AWS::S3::MultiRegionAccessPoint": {
		"service": "s3",
		"types": {"accesspointobject", "multiregionaccesspoint", "object"},
	},
	"AWS::S3ObjectLambda::AccessPoint": {"service": "s3-object-lambda", "types": {"objectlambdaaccesspoint"}},
}

# SVC-2
faults contains finding if {
	supported := _supported[input.resource_type]
	some s, entries in _action_groups
	some entry in entries
	not _is_supported(supported, entry.service, entry.groups)
	message := $"by {_source}, a policy of the type {input.resource_type} has no use for this (SVC-2)"
	finding := _unknown("UNSUPPORTED_ACTION_IN_POLICY", value_path(statements[s].action, entry.place), message)
}

# SVC-2
faults contains finding if {
	supported := _supported[input.resource_type]
	some found in _arns
	not _is_supported_arn(supported, found)
	message := $"this is no resource of a policy of the type {input.resource_type} (SVC-2)"
	finding := _finding("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", "ERROR", found.path, message)
}

default _is_supported(_, _, _) := false

_is_supported(supported, service, groups) if {
	service == supported.service
	count(_types_of(service, groups) & supported.types) > 0
}

# Without the reference nothing is known of ARNs but their service.
default _is_supported_arn(_, _) := false

_is_supported_arn(supported, found) if {
	not data.iam.reference.services[supported.service].types
	_is_owner(supported.service, found.service)
}

_is_supported_arn(supported, found) if {
	some type in supported.types
	[owner, _, _, form] := data.iam.reference.services[supported.service].types[type].form
	_is_owner(owner, found.service)
	_fits(form, found.resource, _head(found.resource))
}
