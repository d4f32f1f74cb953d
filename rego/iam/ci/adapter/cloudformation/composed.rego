package iam.ci.adapter.cloudformation

# Resources that say what a policy says, but not as a policy: each with what the table of types would say, where it is, and
# the policy that it becomes.
_composed(resource) := {[_place_of("AWS::Lambda::Function"), [], _policy(_permission(resource.properties))]} if {
	resource.type == "AWS::Lambda::Permission"
} else := {[_place_of("AWS::Lambda::LayerVersion"), [], _policy(_layer(resource.properties))]} if {
	resource.type == "AWS::Lambda::LayerVersionPermission"
} else := {[_place_of("AWS::Events::EventBus"), ["Statement"], _policy(_bus(resource.properties))]} if {
	resource.type == "AWS::Events::EventBusPolicy"
} else := {[_control_place(resource.properties.Type), ["Content"], resource.properties.Content]} if {
	resource.type == "AWS::Organizations::Policy"
	_control_place(resource.properties.Type)
} else := _of_serverless(resource)

_place_of(resource_type) := {"holder": "", "policy_type": "resource", "resource_type": resource_type}

_control_place(type) := {"holder": "", "policy_type": _control_types[type], "resource_type": ""}

_control_types := {"RESOURCE_CONTROL_POLICY": "resource_control", "SERVICE_CONTROL_POLICY": "service_control"}

_policy(statement) := {"Version": "2012-10-17", "Statement": [statement]}

_permission(properties) := object.union(_confinement(properties, _confining), {
	"Action": properties.Action,
	"Effect": "Allow",
	"Principal": _grantee(properties.Principal),
	"Resource": _function(object.get(properties, "FunctionName", "*")),
})

_confining := [
	["ArnLike", "aws:SourceArn", "SourceArn"],
	["StringEquals", "aws:SourceAccount", "SourceAccount"],
	["StringEquals", "aws:PrincipalOrgID", "PrincipalOrgID"],
	["StringEquals", "lambda:EventSourceToken", "EventSourceToken"],
	["StringEquals", "lambda:FunctionUrlAuthType", "FunctionUrlAuthType"],
	["Bool", "lambda:InvokedViaFunctionUrl", "InvokedViaFunctionUrl"],
]

_layer(properties) := object.union(_confinement(properties, [["StringEquals", "aws:PrincipalOrgID", "OrganizationId"]]), {
	"Action": properties.Action,
	"Effect": "Allow",
	"Principal": _grantee(properties.Principal),
	"Resource": properties.LayerVersionArn,
})

_bus(properties) := properties.Statement if {
	properties.Statement
} else := object.union(_bus_condition(properties), {
	"Action": properties.Action,
	"Effect": "Allow",
	"Principal": _grantee(properties.Principal),
	"Resource": "*",
})

_bus_condition(properties) := {"Condition": {type: {key: value}}} if {
	{"Key": key, "Type": type, "Value": value} := properties.Condition
} else := {}

_confinement(properties, rows) := {"Condition": block} if {
	block := object.union_n([{operator: {key: properties[name]}} | some [operator, key, name] in rows; properties[name]])
	block != {}
} else := {}

_grantee(principal) := "*" if {
	principal == "*"
} else := {"Service": principal} if {
	is_string(principal)
	not startswith(principal, "arn:")
	regex.match(`\.[a-z]+$`, principal)
} else := {"AWS": principal}

_function(name) := name if {
	is_string(name)
	startswith(name, "arn:")
} else := "*"
