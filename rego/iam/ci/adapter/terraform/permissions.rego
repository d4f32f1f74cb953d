package iam.ci.adapter.terraform

# A permission of Lambda's as the statement of a function's policy that it becomes.
_permission(instance) := {
	"Version": "2012-10-17",
	"Statement": [object.union(_statement(instance.values), _confinement_of(instance))],
}

_statement(values) := {
	"Action": values.action,
	"Effect": "Allow",
	"Principal": _grantee(values.principal),
	"Resource": _function(object.get(values, "function_name", "*")),
}

_grantee(principal) := "*" if principal == "*"

_grantee(principal) := {"Service": principal} if regex.match(`\.[a-z]+$`, principal)

_grantee(principal) := {"AWS": principal} if regex.match(`^([0-9]{12}$|arn:)`, principal)

_function(name) := name if startswith(name, "arn:")

_function(name) := "*" if not startswith(name, "arn:")

_confinement(values) := {"Condition": block} if {
	block := object.union_n([{operator: {key: value}} |
		some [operator, key, name] in _confining
		value := values[name]
		is_string(value)
		value != ""
	])
	block != {}
} else := {}

# What confines the call to sources that are not known yet confines it somehow.
_confinement_of(instance) := {"Condition": {"ArnLike": {"aws:SourceArn": "arn:*:*:*:*:*"}}} if {
	_is_unknown(instance, ["source_arn"])
} else := _confinement(instance.values)

_confining := [
	["ArnLike", "aws:SourceArn", "source_arn"],
	["StringEquals", "aws:SourceAccount", "source_account"],
	["StringEquals", "aws:PrincipalOrgID", "principal_org_id"],
	["StringEquals", "lambda:EventSourceToken", "event_source_token"],
	["StringEquals", "lambda:FunctionUrlAuthType", "function_url_auth_type"],
]

default _lacks_permission(_) := false

_lacks_permission(instance) if {
	some name in ["action", "principal", "principal_org_id"]
	_is_unknown(instance, [name])
}

_lacks_permission(instance) if {
	_is_unknown(instance, ["source_arn"])
	not _grantee(instance.values.principal).Service
}
