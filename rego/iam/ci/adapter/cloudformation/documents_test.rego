package iam.ci.adapter.cloudformation_test

import data.iam.ci.adapter.cloudformation

_settings := {"account": "111122223333", "region": "eu-west-1", "stack_name": "shop"}

_document := {"Statement": [{"Action": "s3:GetObject", "Effect": "Allow", "Resource": "*"}], "Version": "2012-10-17"}

_composed(statement) := {"Statement": [statement], "Version": "2012-10-17"}

# Resources, and what documents are found in them: where each is, its type, what has it, the holder, its name and value.
_found := {
	"a bucket's": [
		{
			"Bucket": {"Type": "AWS::S3::Bucket"},
			"Policy": {
				"Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": _document},
				"Type": "AWS::S3::BucketPolicy",
			},
		},
		[["/Resources/Policy/Properties/PolicyDocument", "resource", "AWS::S3::Bucket", "arn:aws:s3:::shop-Bucket-GENERATED", "Policy", _document]],
	],
	"a bus's": [
		{"P": {
			"Properties": {
				"Action": "events:PutEvents",
				"Condition": {"Key": "aws:PrincipalOrgID", "Type": "StringEquals", "Value": "o-1"},
				"Principal": "*",
				"StatementId": "x",
			},
			"Type": "AWS::Events::EventBusPolicy",
		}},
		[["/Resources/P/Properties/Statement", "resource", "AWS::Events::EventBus", "", "P", _composed({
			"Action": "events:PutEvents",
			"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
			"Effect": "Allow",
			"Principal": "*",
			"Resource": "*",
		})]],
	],
	"a bus's without a condition": [
		{"P": {
			"Properties": {"Action": "events:PutEvents", "Principal": "111122223333", "StatementId": "x"},
			"Type": "AWS::Events::EventBusPolicy",
		}},
		[["/Resources/P/Properties/Statement", "resource", "AWS::Events::EventBus", "", "P", _composed({
			"Action": "events:PutEvents",
			"Effect": "Allow",
			"Principal": {"AWS": "111122223333"},
			"Resource": "*",
		})]],
	],
	"a bus's statement": [
		{"P": {
			"Properties": {"Statement": _document.Statement[0], "StatementId": "x"},
			"Type": "AWS::Events::EventBusPolicy",
		}},
		[["/Resources/P/Properties/Statement", "resource", "AWS::Events::EventBus", "", "P", _document]],
	],
	"a control policy": [
		{"P": {
			"Properties": {
				"Content": _document,
				"Name": "Deny",
				"TargetIds": ["r-1"],
				"Type": "SERVICE_CONTROL_POLICY",
			},
			"Type": "AWS::Organizations::Policy",
		}},
		[["/Resources/P/Properties/Content", "service_control", "", "", "Deny", _document]],
	],
	"a function's": [
		{"P": {
			"Properties": {
				"Action": "lambda:InvokeFunction",
				"FunctionName": "arn:aws:lambda:eu-west-1:111122223333:function:f",
				"Principal": "s3.amazonaws.com",
				"SourceAccount": {"Ref": "AWS::AccountId"},
			},
			"Type": "AWS::Lambda::Permission",
		}},
		[["/Resources/P/Properties", "resource", "AWS::Lambda::Function", "", "P", _composed({
			"Action": "lambda:InvokeFunction",
			"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
			"Effect": "Allow",
			"Principal": {"Service": "s3.amazonaws.com"},
			"Resource": "arn:aws:lambda:eu-west-1:111122223333:function:f",
		})]],
	],
	"a function's by its name": [
		{"P": {
			"Properties": {"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": "s3.amazonaws.com"},
			"Type": "AWS::Lambda::Permission",
		}},
		[["/Resources/P/Properties", "resource", "AWS::Lambda::Function", "", "P", _composed({
			"Action": "lambda:InvokeFunction",
			"Effect": "Allow",
			"Principal": {"Service": "s3.amazonaws.com"},
			"Resource": "*",
		})]],
	],
	"a layer's": [
		{"P": {
			"Properties": {"Action": "lambda:GetLayerVersion", "LayerVersionArn": "arn:x", "Principal": "*"},
			"Type": "AWS::Lambda::LayerVersionPermission",
		}},
		[["/Resources/P/Properties", "resource", "AWS::Lambda::LayerVersion", "", "P", _composed({
			"Action": "lambda:GetLayerVersion",
			"Effect": "Allow",
			"Principal": "*",
			"Resource": "arn:x",
		})]],
	],
	"a queue's": [
		{
			"P": {
				"Properties": {"PolicyDocument": _document, "Queues": [{"Ref": "Q"}]},
				"Type": "AWS::SQS::QueuePolicy",
			},
			"Q": {"Properties": {"QueueName": "q"}, "Type": "AWS::SQS::Queue"},
		},
		[["/Resources/P/Properties/PolicyDocument", "resource", "AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", "P", _document]],
	],
	"a table's replicas": [
		{"T": {
			"Properties": {"Replicas": [{"Region": "eu-west-1"}, {"ResourcePolicy": {"PolicyDocument": _document}}], "TableName": "t"},
			"Type": "AWS::DynamoDB::GlobalTable",
		}},
		[[
			"/Resources/T/Properties/Replicas/1/ResourcePolicy/PolicyDocument", "resource", "AWS::DynamoDB::Table",
			"arn:aws:dynamodb:eu-west-1:111122223333:table/t", "T", _document,
		]],
	],
	"a topic's, of whatever name": [
		{"P": {
			"Properties": {"PolicyDocument": _document, "Topics": ["x"]},
			"Type": "AWS::SNS::TopicPolicy",
		}},
		[["/Resources/P/Properties/PolicyDocument", "resource", "AWS::SNS::Topic", "", "P", _document]],
	],
	"a topic's": [
		{"P": {
			"Properties": {"PolicyDocument": _document, "Topics": ["arn:aws:sns:eu-west-1:111122223333:t"]},
			"Type": "AWS::SNS::TopicPolicy",
		}},
		[[
			"/Resources/P/Properties/PolicyDocument", "resource", "AWS::SNS::Topic",
			"arn:aws:sns:eu-west-1:111122223333:t", "P", _document,
		]],
	],
	"an API's": [
		{"A": {
			"Properties": {"Auth": {"ResourcePolicy": {"CustomStatements": _document.Statement}}, "StageName": "s"},
			"Type": "AWS::Serverless::Api",
		}},
		[["/Resources/A/Properties/Auth/ResourcePolicy/CustomStatements", "resource", "AWS::ApiGateway::RestApi", "", "A", _document]],
	],
	"one that is a text": [
		{"P": {
			"Properties": {"PolicyDocument": json.marshal(_document), "PolicyName": "logs"},
			"Type": "AWS::Logs::ResourcePolicy",
		}},
		[["/Resources/P/Properties/PolicyDocument", "resource", "AWS::Logs::ResourcePolicy", "", "logs", _document]],
	],
	"one that is another kind of policy": [
		{"P": {
			"Properties": {"Content": {"tags": {}}, "Name": "Tags", "Type": "TAG_POLICY"},
			"Type": "AWS::Organizations::Policy",
		}},
		[],
	],
}

test_documents[name] if {
	some name, [resources, expected] in _found
	documents := cloudformation.documents with input as {"Resources": resources}
		with data.iam.ci.settings as _settings
	told := [[one.path, one.policy_type, one.resource_type, one.holder, one.policy, one.value] | some one in documents]
	told == expected
}

test_targets_of_control_policies if {
	documents := cloudformation.documents with input as {"Resources": _found["a control policy"][0]}
	[one.targets | some one in documents] == [["r-1"]]
}

test_what_is_no_json if {
	documents := cloudformation.documents with input as {"Resources": {"P": {
		"Properties": {"PolicyDocument": "{"},
		"Type": "AWS::XRay::ResourcePolicy",
	}}}
	[one.fault | some one in documents] == ["the text is no JSON"]
}

test_holes if {
	documents := cloudformation.documents with input as {
		"Parameters": {"Name": {"Type": "String"}},
		"Resources": {"P": {
			"Properties": {"PolicyDocument": _composed({
				"Action": "s3:GetObject",
				"Effect": "Allow",
				"Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Name}/*"},
			})},
			"Type": "AWS::IAM::ManagedPolicy",
		}},
	}
	[[one.value.Statement[0].Resource, one.holes] | some one in documents] == [[
		"arn:aws:s3:::Name/*",
		{"/Statement/0/Resource": {"what": ["the parameter Name"], "widest": "arn:aws:s3:::*/*"}},
	]]
}

# What the policy templates become is a policy without a fault.
test_policy_templates_are_sound if {
	parameters := {name: "x" |
		some name in [
			"BucketName", "DeliveryStreamName", "EventBusName", "FunctionName", "KeyId", "LogGroupName", "ParameterName",
			"QueueName", "SecretArn", "StateMachineName", "StreamName", "TableName", "TopicName",
		]
	}
	names := [name | some name, _ in cloudformation._templates]
	documents := cloudformation.documents with input as {"Resources": {"F": {
		"Properties": {"Policies": [{name: parameters} | some name in names]},
		"Type": "AWS::Serverless::Function",
	}}}
		with data.iam.ci.settings as _settings
	identity := [one | some one in documents; one.policy_type == "identity"]
	count(identity) == count(names)
	every one in identity {
		one.holes == {}
		not contains(json.marshal(one.value), "$")
	}
}

test_a_policy_template if {
	documents := cloudformation.documents with input as {"Resources": {"F": {
		"Properties": {"Policies": [{"SSMParameterReadPolicy": {"ParameterName": "p"}}]},
		"Type": "AWS::Serverless::Function",
	}}}
		with data.iam.ci.settings as _settings
	[one.value.Statement | some one in documents; one.policy_type == "identity"] == [[
		{"Action": ["ssm:DescribeParameters"], "Effect": "Allow", "Resource": ["*"]},
		{
			"Action": ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
			"Effect": "Allow",
			"Resource": ["arn:aws:ssm:eu-west-1:111122223333:parameter/p"],
		},
	]]
}
