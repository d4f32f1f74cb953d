package iam.ci.template_test

import data.iam.ci.hole
import data.iam.ci.template

_settings := {"account": "111122223333", "region": "eu-west-1", "stack_name": "shop"}

_role(properties) := {"Properties": properties, "Type": "AWS::IAM::Role"}

_properties(value) := found if {
	found := template.properties[0] with input as value
		with data.iam.ci.settings as _settings
}

test_properties_are_evaluated if {
	properties := _properties({
		"Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
		"Parameters": {"Env": {"Default": "dev", "Type": "String"}},
		"Resources": {
			"Bucket": {"Properties": {"BucketName": {"Fn::Sub": "data-${Env}"}}, "Type": "AWS::S3::Bucket"},
			"Other": {"Type": "AWS::EC2::Instance"},
			"Role": _role({
				"Bucket": {"Fn::GetAtt": ["Bucket", "Arn"]},
				"Condition": {"Fn::If": ["IsProd", "yes", "no"]},
				"Other": {"Ref": "Other"},
				"Queue": {"Ref": "Queue"},
				"Self": {"Fn::Sub": "${AWS::StackName}"},
			}),
		},
	})
	properties == {"Role": {
		"Bucket": "arn:aws:s3:::data-dev",
		"Condition": "no",
		"Other": hole.text("Other", "what a Ref to Other gives"),
		"Queue": hole.opaque("what Ref gives"),
		"Self": "shop",
	}}
}

test_imports_are_settings if {
	found := template.properties[0] with input as {"Resources": {"Role": _role({"Shared": {"Fn::ImportValue": "shared"}})}}
		with data.iam.ci.settings as object.union(_settings, {"imports": {"shared": "arn:aws:s3:::shared"}})
	found == {"Role": {"Shared": "arn:aws:s3:::shared"}}
}

test_what_resources_are_called if {
	identities := template.identities[0] with input as {"Resources": {
		"Mine": {"Properties": {"Path": "/a/", "RoleName": "mine"}, "Type": "AWS::IAM::Role"},
		"Topic": {"Type": "AWS::SNS::Topic"},
	}}
		with data.iam.ci.settings as _settings
	topic := "arn:aws:sns:eu-west-1:111122223333:shop-Topic-GENERATED"
	identities == {
		"attributes": {
			"Mine": {"Arn": "arn:aws:iam::111122223333:role/a/mine"},
			"Topic": {"Arn": topic, "TopicName": "shop-Topic-GENERATED"},
		},
		"refs": {"Mine": "mine", "Topic": topic},
	}
}

test_a_name_that_is_made_up_is_not_known if {
	refs := template.identities[0].refs with input as {"Resources": {"Mine": _role({})}}
		with data.iam.ci.settings as {}
	refs.Mine[hole.name] == {
		"text": "STACK-Mine-GENERATED",
		"what": ["a name that CloudFormation makes up", "the stack's name"],
		"widest": "*-Mine-*",
	}
}

_conditions := {
	"Chained": {"Condition": "Other"},
	"No": {"Fn::Equals": ["a", "b"]},
	"Other": {"Fn::Not": [{"Condition": "No"}]},
	"Unknown": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "x"]},
}

test_conditions if {
	conditions := template.conditions[0] with input as {"Conditions": _conditions, "Resources": {}}
		with data.iam.ci.settings as {}
	conditions == {"Chained": true, "No": false, "Other": true, "Unknown": hole.opaque("the stack's name")}
}

# A resource's condition, and whether the resource is made; nothing where it isn't.
test_made[text] if {
	some case in [
		[null, {"R": true}],
		["Chained", {"R": true}],
		["No", {}],
		["Unknown", {"R": hole.opaque("the stack's name")}],
		["Nowhere", {"R": hole.opaque("whether Nowhere, a condition that is not there, holds")}],
		[1, {}],
	]
	[condition, made] := case
	text := json.marshal(condition)
	found := template.made with input as {
		"Conditions": _conditions,
		"Resources": {"R": object.union(_role({}), {"Condition": condition})},
	}
		with data.iam.ci.settings as {}
	object.get(found, 0, {}) == made
}

test_transforms[text] if {
	some case in [
		[{}, []],
		[{"Transform": "AWS::Serverless-2016-10-31"}, ["AWS::Serverless-2016-10-31"]],
		[{"Transform": ["Mine", {"Name": "AWS::Include"}]}, ["Mine", "AWS::Include"]],
		[{"Transform": {"Fn::Transform": 1}}, [`{"Fn::Transform":1}`]],
	]
	[one, names] := case
	text := json.marshal(case)
	found := template.transforms with input as object.union(one, {"Resources": {}})
	found == {0: names}
}

test_what_all_functions_have if {
	properties := _properties({
		"Globals": {"Function": {"PermissionsBoundary": "arn:aws:iam::111122223333:policy/b", "Timeout": 3}},
		"Resources": {
			"F": {"Properties": {"Role": "r"}, "Type": "AWS::Serverless::Function"},
			"R": _role({}),
		},
	})
	properties == {"F": {"PermissionsBoundary": "arn:aws:iam::111122223333:policy/b", "Role": "r"}, "R": {}}
}
