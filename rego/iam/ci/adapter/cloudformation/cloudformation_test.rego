package iam.ci.adapter.cloudformation_test

import data.iam.ci.adapter.cloudformation

_list := {"Ref": "List"}

_name := {"Ref": "Name"}

_asked := {"Parameters": {"List": {"Type": "CommaDelimitedList"}, "Name": {"Type": "String"}}}

# Templates, and where what of them is not known.
_left_to_others := {
	"a connector": [
		{"Resources": {"C": {"Type": "AWS::Serverless::Connector"}}},
		[["C", "/Resources/C", "what a connector permits"]],
	],
	"a connector within": [
		{"Resources": {"F": {"Connectors": {}, "Properties": {"Role": "r"}, "Type": "AWS::Serverless::Function"}}},
		[["F", "/Resources/F/Connectors", "what a connector permits"]],
	],
	"a loop": [
		{"Resources": {"Fn::ForEach::Names": ["Name", ["a"], {}]}},
		[["Fn::ForEach::Names", "/Resources/Fn::ForEach::Names", "what Fn::ForEach makes"]],
	],
	"a macro": [
		{"Resources": {}, "Transform": ["AWS::Serverless-2016-10-31", "Mine"]},
		[["", "/Transform", "what the transform Mine makes"]],
	],
	"a macro beside properties": [
		{"Resources": {"R": {"Properties": {"Fn::Transform": {"Name": "AWS::Include"}, "Path": "/"}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties", "what Fn::Transform makes"]],
	],
	"a macro beside resources": [
		{"Fn::Transform": {"Name": "AWS::Include"}, "Resources": {}},
		[["", "/Fn::Transform", "what Fn::Transform makes"]],
	],
	"a macro for properties": [
		{"Resources": {"R": {"Properties": {"Fn::Transform": {"Name": "AWS::Include"}}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties", "what Fn::Transform gives"]],
	],
	"a macro within": [
		{"Resources": {"Fn::Transform": {"Name": "AWS::Include"}}},
		[["Fn::Transform", "/Resources/Fn::Transform", "what Fn::Transform makes"]],
	],
	"a module": [
		{"Resources": {"M": {"Type": "My::S3::Bucket::MODULE"}}},
		[["M", "/Resources/M", "what the module My::S3::Bucket::MODULE makes"]],
	],
	"a nested stack": [
		{"Resources": {"S": {"Type": "AWS::CloudFormation::Stack"}}},
		[["S", "/Resources/S", "what a nested stack makes"]],
	],
	"a policy template": [
		{"Resources": {"F": {"Properties": {"Policies": [{"OddPolicy": {}}]}, "Type": "AWS::Serverless::Function"}}},
		[["F", "/Resources/F/Properties/Policies/0", "what the policy template OddPolicy gives"]],
	],
}

# Values that are not known.
_unknown_policies := {
	"a boundary": [
		{"Resources": {"R": {"Properties": {"PermissionsBoundary": _name}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties/PermissionsBoundary", "the parameter Name"]],
	],
	"a document": [
		{"Resources": {"P": {"Properties": {"PolicyDocument": _name}, "Type": "AWS::S3::BucketPolicy"}}},
		[["P", "/Resources/P/Properties/PolicyDocument", "the parameter Name"]],
	],
	"a list in a document": [
		{"Resources": {"P": {
			"Properties": {"PolicyDocument": {"Statement": [{"Action": _list}]}, "Roles": ["r"]},
			"Type": "AWS::IAM::Policy",
		}}},
		[["P", "/Resources/P/Properties/PolicyDocument", "the parameter List"]],
	],
	"a managed policy": [
		{"Resources": {"R": {"Properties": {"ManagedPolicyArns": [_name]}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties/ManagedPolicyArns/0", "the parameter Name"]],
	],
	"a function's policies": [
		{"Resources": {"F": {"Properties": {"Policies": _list}, "Type": "AWS::Serverless::Function"}}},
		[["F", "/Resources/F/Properties/Policies", "the parameter List"]],
	],
	"all managed policies": [
		{"Resources": {"R": {"Properties": {"ManagedPolicyArns": _list}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties/ManagedPolicyArns/0", "the parameter List"]],
	],
}

_unknown_people := {
	"a group elsewhere": [
		{"Resources": {"U": {"Properties": {"Groups": ["admins"]}, "Type": "AWS::IAM::User"}}},
		[["U", "/Resources/U", "what the group admins has"]],
	],
	"a list of groups": [
		{"Resources": {"U": {"Properties": {"Groups": _list}, "Type": "AWS::IAM::User"}}},
		[["U", "/Resources/U/Properties/Groups", "the parameter List"]],
	],
	"a list of members": [
		{"Resources": {
			"A": {"Properties": {"GroupName": "g", "Users": _list}, "Type": "AWS::IAM::UserToGroupAddition"},
			"G": {"Properties": {"GroupName": "g"}, "Type": "AWS::IAM::Group"},
		}},
		[["A", "/Resources/A/Properties/Users", "the parameter List"]],
	],
	"a member elsewhere of a group elsewhere": [
		{"Resources": {"A": {"Properties": {"GroupName": "g", "Users": ["u"]}, "Type": "AWS::IAM::UserToGroupAddition"}}},
		[["A", "/Resources/A", "what the group g has"]],
	],
	"a list of policies": [
		{"Resources": {"R": {"Properties": {"Policies": _list}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties/Policies", "the parameter List"]],
	],
	"a type of policy": [
		{"Resources": {"P": {"Properties": {"Content": {}, "Type": _name}, "Type": "AWS::Organizations::Policy"}}},
		[["P", "/Resources/P/Properties/Type", "the parameter Name"]],
	],
	"one of the policies": [
		{"Resources": {"R": {"Properties": {"Policies": [{"Fn::GetAZs": ""}]}, "Type": "AWS::IAM::Role"}}},
		[["R", "/Resources/R/Properties/Policies/0", "what Fn::GetAZs gives"]],
	],
	"what leads to a policy": [
		{"Resources": {"T": {"Properties": {"ResourcePolicy": _name}, "Type": "AWS::DynamoDB::Table"}}},
		[["T", "/Resources/T/Properties/ResourcePolicy", "the parameter Name"]],
	],
	"an inline policy": [
		{"Resources": {"R": {
			"Properties": {"Policies": [{"PolicyDocument": _name, "PolicyName": "p"}]},
			"Type": "AWS::IAM::Role",
		}}},
		[["R", "/Resources/R/Properties/Policies/0/PolicyDocument", "the parameter Name"]],
	],
	"nothing": [{"Resources": {"B": {"Properties": {"BucketName": _name}, "Type": "AWS::S3::Bucket"}}}, []],
	"of the stack itself": [
		{"Resources": {"P": {
			"Properties": {"PolicyDocument": {"Statement": [{
				"Effect": "Allow",
				"Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
			}]}},
			"Type": "AWS::S3::BucketPolicy",
		}}},
		[],
	],
	"whether there is one": [
		{
			"Conditions": {"C": {"Fn::Equals": [_name, "a"]}},
			"Resources": {"R": {"Condition": "C", "Type": "AWS::IAM::Role"}},
		},
		[["R", "/Resources/R/Condition", "the parameter Name"]],
	],
	"who gets a policy": [
		{"Resources": {"P": {
			"Properties": {"PolicyDocument": {"Statement": []}, "RoleName": _name},
			"Type": "AWS::IAM::RolePolicy",
		}}},
		[["P", "/Resources/P", "the parameter Name"]],
	],
	"who is let in": [
		{"Resources": {"P": {
			"Properties": {"PolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"AWS": _name}}}},
			"Type": "AWS::S3::BucketPolicy",
		}}},
		[["P", "/Resources/P/Properties/PolicyDocument/Statement/Principal/AWS", "the parameter Name"]],
	],
}

_unknowns(one) := sort([[unknown.address, unknown.path, unknown.what] | some unknown in unknowns]) if {
	unknowns := cloudformation.unknowns with input as object.union(_asked, one)
		with data.iam.ci.settings as {}
}

test_what_is_left_to_others[name] if {
	some name, [one, expected] in _left_to_others
	_unknowns(one) == expected
}

test_unknown_policies[name] if {
	some name, [one, expected] in _unknown_policies
	_unknowns(one) == expected
}

test_unknown_people[name] if {
	some name, [one, expected] in _unknown_people
	_unknowns(one) == expected
}

# Templates that can't be right.
_faulty := {
	"a merged mapping": [{"Resources": {"R": {"Properties": {"<<": {}}, "Type": "AWS::IAM::Role"}}}, [["INVALID_TEMPLATE", "R"]]],
	"a resource without a type": [{"Resources": {"R": {"Properties": {}}}}, [["INVALID_TEMPLATE", "R"]]],
	"a policy in a type of another language": [
		{"Resources": {"P": {"Properties": {"PolicyDocument": _document}, "Type": "AWS::IoT::Policy"}}},
		[],
	],
	"a policy in a type that is not known": [
		{"Resources": {"X": {"Properties": {"A": [{"Statement": {"Effect": "Allow"}}]}, "Type": "AWS::New::Thing"}}},
		[["POLICY_NOT_JUDGED", "X"]],
	],
	"a text in a type that is not known": [
		{"Resources": {"X": {"Properties": {"A": json.marshal(_document)}, "Type": "AWS::New::Thing"}}},
		[["POLICY_NOT_JUDGED", "X"]],
	],
	"a sound one": [{"Resources": {"R": {"Type": "AWS::IAM::Role"}}}, []],
}

test_faults[name] if {
	some name, [one, expected] in _faulty
	faults := cloudformation.faults with input as one
	[[fault.rule, fault.address] | some fault in faults] == expected
}

test_lost_tags if {
	faults := cloudformation.faults with input as {"Resources": {}}
		with data.conftest as {"file": {"name": "a.yaml"}}
	[[fault.rule, fault.verdict] | some fault in faults] == [["TAGS_LOST", "undecided"]]
}

test_nothing_tells_what_was_before if {
	cloudformation.before == {}
	cloudformation.before_principals == {}
}
