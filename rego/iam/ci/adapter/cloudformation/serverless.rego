package iam.ci.adapter.cloudformation

import data.iam.ci.hole
import data.iam.ci.parameter

# The Serverless Application Model makes a role for each function and state machine that names none.
_serverless_types := {"AWS::Serverless::Function": "lambda.amazonaws.com", "AWS::Serverless::StateMachine": "states.amazonaws.com"}

_makes_role(resource) if {
	_serverless_types[resource.type]
	not _has_role(resource)
}

# It isn't certain to have one where all that is known is a choice.
_has_role(resource) if hole.as_text(resource.properties.Role)

_of_serverless(resource) := ({[_trust_place, ["AssumeRolePolicyDocument"], _trust_of(resource)]} | {[_identity_place, steps, value] |
	some [steps, value] in _policies_of(resource)
	is_object(value)
	not hole.is_hole(value)
	value.Statement
}) | {[_identity_place, steps, _expanded(value)] |
	some [steps, value] in _policies_of(resource)
	_is_template(value)
} if {
	_makes_role(resource)
} else := {[_place_of("AWS::ApiGateway::RestApi"), steps, value]} if {
	resource.type == "AWS::Serverless::Api"
	steps := ["Auth", "ResourcePolicy", "CustomStatements"]
	statements := object.get(resource.properties, steps, null)
	statements != null
	value := {"Version": "2012-10-17", "Statement": statements}
} else := set()

_identity_place := {"holder": "", "policy_type": "identity", "resource_type": ""}

_trust_place := {"holder": "", "policy_type": "role_trust", "resource_type": "AWS::IAM::AssumeRolePolicyDocument"}

_trust_of(resource) := object.get(resource.properties, "AssumeRolePolicyDocument", _policy({
	"Action": "sts:AssumeRole",
	"Effect": "Allow",
	"Principal": {"Service": _serverless_types[resource.type]},
}))

# What a function's Policies has: a name, an ARN, a document or a policy template, or a list of these.
_policies_of(resource) := [[["Policies", k], value] | some k, value in policies] if {
	policies := resource.properties.Policies
	is_array(policies)
} else := [[["Policies"], policies]] if {
	policies := resource.properties.Policies
} else := []

# A managed policy by its name is one of AWS's.
_named_policies(resource) := {[steps, arn] |
	some [steps, value] in _policies_of(resource)
	name := hole.as_text(value)
	arn := _policy_arn(name)
} | {[["Policies"], $"arn:{parameter.partition}:iam::aws:policy/{name}"] |
	some name in _implied(resource)
}

_policy_arn(name) := name if startswith(name, "arn:")

_policy_arn(name) := $"arn:{parameter.partition}:iam::aws:policy/{_with_path(name)}" if not startswith(name, "arn:")

_with_path(name) := $"service-role/{name}" if startswith(name, "AWSLambda")

_with_path(name) := name if not startswith(name, "AWSLambda")

# What it gives to every function, and to those that do something for which it is needed.
_implied(resource) := ({"service-role/AWSLambdaBasicExecutionRole"} | {name |
	some property, name in {
		"Tracing": "AWSXRayDaemonWriteAccess",
		"VpcConfig": "service-role/AWSLambdaVPCAccessExecutionRole",
	}
	resource.properties[property]
}) | {$"service-role/{name}" |
	some event in object.get(resource.properties, "Events", {})
	name := _of_events[event.Type]
} if {
	resource.type == "AWS::Serverless::Function"
} else := set()

_of_events := {
	"DynamoDB": "AWSLambdaDynamoDBExecutionRole",
	"Kinesis": "AWSLambdaKinesisExecutionRole",
	"MSK": "AWSLambdaMSKExecutionRole",
	"SQS": "AWSLambdaSQSQueueExecutionRole",
}

# Policies of which it can't be told what they give.
_unread_policies(resource) := {[steps, what] |
	some [steps, value] in _policies_of(resource)
	is_object(value)
	what := _unread(value)
}

_unread(value) := concat(" and ", sort(hole.missing(value))) if {
	hole.is_hole(value)
	not hole.as_text(value)
} else := $"what the policy template {name} gives" if {
	not hole.is_hole(value)
	not value.Statement
	not _is_template(value)
	name := concat(", ", object.keys(value))
}
