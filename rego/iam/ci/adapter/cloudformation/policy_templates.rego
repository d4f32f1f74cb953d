package iam.ci.adapter.cloudformation

import data.iam.ci.hole
import data.iam.ci.intrinsic.function
import data.iam.ci.parameter

# Policy templates of the Serverless Application Model that are told here: the actions, and the resources, in which `${…}` are
# the template's parameters. Others can't be judged.
_templates := {
	"AWSSecretsManagerGetSecretValuePolicy": [["secretsmanager:GetSecretValue"], ["${SecretArn}"]],
	"CloudWatchPutMetricPolicy": [["cloudwatch:PutMetricData"], ["*"]],
	"EventBridgePutEventsPolicy": [["events:PutEvents"], [_at("events", "event-bus/${EventBusName}")]],
	"KMSDecryptPolicy": [["kms:Decrypt"], [_at("kms", "key/${KeyId}")]],
	"KMSEncryptPolicy": [["kms:Encrypt"], [_at("kms", "key/${KeyId}")]],
	"LambdaInvokePolicy": [["lambda:InvokeFunction"], [_at("lambda", "function:${FunctionName}*")]],
	"SNSPublishMessagePolicy": [["sns:Publish"], [_at("sns", "${TopicName}")]],
	"SQSPollerPolicy": [
		[
			"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage",
		],
		[_at("sqs", "${QueueName}")],
	],
	"SQSSendMessagePolicy": [["sqs:SendMessage*"], [_at("sqs", "${QueueName}")]],
	"StepFunctionsExecutionPolicy": [["states:StartExecution"], [_at("states", "stateMachine:${StateMachineName}")]],
}

_at(service, rest) := $"arn:$\{AWS::Partition}:{service}:$\{AWS::Region}:$\{AWS::AccountId}:{rest}"

default _is_template(_) := false

_is_template(value) if {
	is_object(value)
	not hole.is_hole(value)
	some name, _ in value
	_templates[name]
}

_expanded(value) := _policy({"Action": actions, "Effect": "Allow", "Resource": resources}) if {
	some name, parameters in value
	[actions, forms] := _templates[name]
	resources := [function.sub([form, parameters], {"attributes": {}, "refs": parameter.pseudo}) | some form in forms]
}
