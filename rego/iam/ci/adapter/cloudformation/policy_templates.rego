package iam.ci.adapter.cloudformation

import data.iam.ci.hole
import data.iam.ci.intrinsic.function
import data.iam.ci.parameter

# What policy templates of the Serverless Application Model allow, by AWS's list of them: for each, statements of actions and
# resources, in which `${…}` are the template's parameters. Others can't be judged. An action on a batch is IAM's action on one.
_templates := {
	"AWSSecretsManagerGetSecretValuePolicy": [["secretsmanager", ["GetSecretValue"], ["${SecretArn}"]]],
	"CloudWatchPutMetricPolicy": [["cloudwatch", ["PutMetricData"], ["*"]]],
	"CodePipelineLambdaExecutionPolicy": [["codepipeline", ["PutJobFailureResult", "PutJobSuccessResult"], ["*"]]],
	"DynamoDBCrudPolicy": [["dynamodb", array.concat(_table_reads, _table_writes), _table]],
	"DynamoDBReadPolicy": [["dynamodb", _table_reads, _table]],
	"DynamoDBReconfigurePolicy": [["dynamodb", ["UpdateTable"], [_table[0]]]],
	"DynamoDBWritePolicy": [["dynamodb", ["BatchWriteItem", "PutItem", "UpdateItem"], _table]],
	"EC2DescribePolicy": [["ec2", ["DescribeInstances", "DescribeRegions"], ["*"]]],
	"EventBridgePutEventsPolicy": [["events", ["PutEvents"], [_at("events", "event-bus/${EventBusName}")]]],
	"FilterLogEventsPolicy": [["logs", ["FilterLogEvents"], [_at("logs", "log-group:${LogGroupName}:log-stream:*")]]],
	"FirehoseWritePolicy": [["firehose", ["PutRecord", "PutRecordBatch"], [_at("firehose", "deliverystream/${DeliveryStreamName}")]]],
	"KMSDecryptPolicy": [["kms", ["Decrypt"], [_at("kms", "key/${KeyId}")]]],
	"KMSEncryptPolicy": [["kms", ["Encrypt"], [_at("kms", "key/${KeyId}")]]],
	"KinesisStreamReadPolicy": [
		["kinesis", ["DescribeLimits", "ListStreams"], [_at("kinesis", "stream/*")]],
		[
			"kinesis", ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator"],
			[_at("kinesis", "stream/${StreamName}")],
		],
	],
	"LambdaInvokePolicy": [["lambda", ["InvokeFunction"], [_at("lambda", "function:${FunctionName}*")]]],
	"S3CrudPolicy": [["s3", array.concat(_bucket_reads, ["DeleteObject", "PutLifecycleConfiguration", "PutObject", "PutObjectAcl"]), _bucket]],
	"S3FullAccessPolicy": [
		["s3", _object_actions, [_bucket[1]]],
		["s3", ["GetBucketLocation", "GetLifecycleConfiguration", "ListBucket", "PutLifecycleConfiguration"], [_bucket[0]]],
	],
	"S3ReadPolicy": [["s3", _bucket_reads, _bucket]],
	"S3WritePolicy": [["s3", ["PutLifecycleConfiguration", "PutObject", "PutObjectAcl"], _bucket]],
	"SNSPublishMessagePolicy": [["sns", ["Publish"], [_at("sns", "${TopicName}")]]],
	"SQSPollerPolicy": [[
		"sqs", ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"],
		[_at("sqs", "${QueueName}")],
	]],
	"SQSSendMessagePolicy": [["sqs", ["SendMessage*"], [_at("sqs", "${QueueName}")]]],
	"SSMParameterReadPolicy": [
		["ssm", ["DescribeParameters"], ["*"]],
		["ssm", ["GetParameter", "GetParameters", "GetParametersByPath"], [_at("ssm", "parameter/${ParameterName}")]],
	],
	"StepFunctionsExecutionPolicy": [["states", ["StartExecution"], [_at("states", "stateMachine:${StateMachineName}")]]],
	"VPCAccessPolicy": [[
		"ec2",
		["CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces", "DetachNetworkInterface"],
		["*"],
	]],
}

_at(service, rest) := $"arn:$\{AWS::Partition}:{service}:$\{AWS::Region}:$\{AWS::AccountId}:{rest}"

_bucket := ["arn:${AWS::Partition}:s3:::${BucketName}", "arn:${AWS::Partition}:s3:::${BucketName}/*"]

_bucket_reads := ["GetBucketLocation", "GetLifecycleConfiguration", "GetObject", "GetObjectVersion", "ListBucket"]

_object_actions := array.concat(["GetObjectAcl", "GetObjectVersion", "PutObjectAcl"], [action |
	some verb in ["Delete", "Get", "Put"]
	some rest in ["Object", "ObjectTagging", "ObjectVersionTagging"]
	action := $"{verb}{rest}"
])

_table := [_at("dynamodb", "table/${TableName}"), _at("dynamodb", "table/${TableName}/index/*")]

_table_reads := ["BatchGetItem", "DescribeTable", "GetItem", "Query", "Scan"]

_table_writes := ["BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"]

default _is_template(_) := false

_is_template(value) if {
	is_object(value)
	not hole.is_hole(value)
	some name, _ in value
	_templates[name]
}

_expanded(value) := {"Version": "2012-10-17", "Statement": statements} if {
	some name, parameters in value
	statements := [_allowing(service, actions, forms, parameters) | some [service, actions, forms] in _templates[name]]
}

_allowing(service, actions, forms, parameters) := {
	"Action": [$"{service}:{action}" | some action in actions],
	"Effect": "Allow",
	"Resource": [function.sub([form, parameters], {"attributes": {}, "refs": parameter.pseudo}) | some form in forms],
}
