package iam.ci.parameter_test

import data.iam.ci.hole
import data.iam.ci.parameter

_unknown := hole.text("P", "the parameter P")

# A parameter's declaration, what the settings say of it, and its value.
_cases := {
	"a default": [{"Default": "dev", "Type": "String"}, {}, "dev"],
	"a list": [{"Default": "a, b", "Type": "CommaDelimitedList"}, {}, ["a", "b"]],
	"a list that is given": [{"Type": "List<String>"}, {"P": ["a"]}, ["a"]],
	"a list that is not known": [{"Type": "List<AWS::EC2::VPC::Id>"}, {}, hole.opaque("the parameter P")],
	"a number": [{"Default": 5, "Type": "Number"}, {}, "5"],
	"a secret": [{"Default": "x", "NoEcho": true, "Type": "String"}, {}, _unknown],
	"a secret in words": [{"Default": "x", "NoEcho": "TRUE", "Type": "String"}, {}, _unknown],
	"no secret": [{"Default": "x", "NoEcho": false, "Type": "String"}, {}, "x"],
	"nothing": [{"Type": "String"}, {}, _unknown],
	"one that is given": [{"Default": "dev", "Type": "String"}, {"P": "prod"}, "prod"],
	"one that is kept": [{"Default": "/a/b", "Type": "AWS::SSM::Parameter::Value<String>"}, {}, _unknown],
	"one that is kept and given": [{"Default": "/a", "Type": "AWS::SSM::Parameter::Value<String>"}, {"P": "x"}, "x"],
}

test_values[name] if {
	some name, [declared, given, value] in _cases
	values := parameter.values with input as {"Parameters": {"P": declared}, "Resources": {}}
		with data.iam.ci.settings as {"parameters": given}
	values == {0: {"P": value}}
}

test_pseudo_parameters_without_settings if {
	pseudo := parameter.pseudo with data.iam.ci.settings as {}
	pseudo["AWS::AccountId"] == hole.text("000000000000", "the account")
	pseudo["AWS::Partition"] == "aws"
	pseudo["AWS::URLSuffix"] == "amazonaws.com"
}

test_pseudo_parameters_of_settings if {
	pseudo := parameter.pseudo with data.iam.ci.settings as {
		"account": "111122223333",
		"region": "cn-north-1",
		"stack_name": "shop",
	}
	object.remove(pseudo, ["AWS::NotificationARNs", "AWS::StackId"]) == {
		"AWS::AccountId": "111122223333",
		"AWS::Partition": "aws-cn",
		"AWS::Region": "cn-north-1",
		"AWS::StackName": "shop",
		"AWS::URLSuffix": "amazonaws.com.cn",
	}
}

test_a_partition_that_is_given if {
	pseudo := parameter.pseudo with data.iam.ci.settings as {"partition": "aws-us-gov"}
	pseudo["AWS::Partition"] == "aws-us-gov"
}

# A file's path, the name that Conftest tells, settings, and whether the template's tags are lost.
_files := [
	["", "", {}, false],
	["", "a.yaml", {}, true],
	["", "a.template", {}, true],
	["", "-", {}, true],
	["", "a.JSON", {}, false],
	["a.yml", "", {}, true],
	["a.json", "b.yaml", {}, false],
	["", "a.yaml", {"long_intrinsics": true}, false],
]

test_lost_tags[text] if {
	some case in _files
	[path, name, settings, is_lost] := case
	text := json.marshal(case)
	one := [{"contents": {"Resources": {}}, "path": path}]
	lost := parameter.without_tags with input as one
		with data.conftest as {"file": {"name": name}}
		with data.iam.ci.settings as settings
	templates := parameter.templates with input as one
		with data.conftest as {"file": {"name": name}}
		with data.iam.ci.settings as settings
	[count(lost) == 1, count(templates) == 0] == [is_lost, is_lost]
}

test_settings_are_not_needed if {
	parameter.partition == "aws"
}
