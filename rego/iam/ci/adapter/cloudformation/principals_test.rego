package iam.ci.adapter.cloudformation_test

import data.iam.ci.adapter.cloudformation

_managed := "arn:aws:iam::aws:policy/ReadOnlyAccess"

_trust := {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}]}

# Resources, and who has what: the ARN, the kind, where the policies are and which, whether the file has all of them.
_who := {
	"a group's member": [
		{
			"Adding": {
				"Properties": {"GroupName": {"Ref": "G"}, "Users": [{"Ref": "V"}]},
				"Type": "AWS::IAM::UserToGroupAddition",
			},
			"G": {
				"Properties": {"GroupName": "g", "ManagedPolicyArns": [_managed]},
				"Type": "AWS::IAM::Group",
			},
			"P": {
				"Properties": {"GroupName": {"Ref": "G"}, "PolicyDocument": _document, "PolicyName": "p"},
				"Type": "AWS::IAM::GroupPolicy",
			},
			"U": {"Properties": {"Groups": [{"Ref": "G"}], "UserName": "u"}, "Type": "AWS::IAM::User"},
			"V": {"Properties": {"UserName": "v"}, "Type": "AWS::IAM::User"},
		},
		[
			["arn:aws:iam::111122223333:group/g", "group", ["/Resources/G/Properties/ManagedPolicyArns/0", "/Resources/P/Properties/PolicyDocument"], true],
			["arn:aws:iam::111122223333:user/u", "user", ["/Resources/G/Properties/ManagedPolicyArns/0", "/Resources/P/Properties/PolicyDocument"], true],
			["arn:aws:iam::111122223333:user/v", "user", ["/Resources/G/Properties/ManagedPolicyArns/0", "/Resources/P/Properties/PolicyDocument"], true],
		],
	],
	"a managed policy of the template's": [
		{
			"P": {"Properties": {"PolicyDocument": _document, "Users": ["ana"]}, "Type": "AWS::IAM::ManagedPolicy"},
			"R": {
				"Properties": {"AssumeRolePolicyDocument": _trust, "ManagedPolicyArns": [{"Ref": "P"}], "RoleName": "r"},
				"Type": "AWS::IAM::Role",
			},
		},
		[
			["arn:aws:iam::111122223333:role/r", "role", ["/Resources/R/Properties/ManagedPolicyArns/0"], true],
			["arn:aws:iam::111122223333:user/ana", "user", ["/Resources/P/Properties/PolicyDocument"], false],
		],
	],
	"a role of a function": [
		{"F": {
			"Properties": {
				"Events": {"Q": {"Type": "SQS"}},
				"Policies": ["AWSLambdaRole", _managed, _document, {"KMSDecryptPolicy": {"KeyId": "k"}}],
				"Tracing": "Active",
			},
			"Type": "AWS::Serverless::Function",
		}},
		[[
			"", "role", [
				"/Resources/F/Properties/Policies", "/Resources/F/Properties/Policies", "/Resources/F/Properties/Policies",
				"/Resources/F/Properties/Policies/0", "/Resources/F/Properties/Policies/1", "/Resources/F/Properties/Policies/2",
				"/Resources/F/Properties/Policies/3",
			],
			true,
		]],
	],
	"a role of a function without policies": [
		{"F": {"Properties": {"Runtime": "python3.13"}, "Type": "AWS::Serverless::Function"}},
		[["", "role", ["/Resources/F/Properties/Policies"], true]],
	],
	"a role of a state machine": [
		{"S": {"Properties": {"Policies": "ReadOnlyAccess"}, "Type": "AWS::Serverless::StateMachine"}},
		[["", "role", ["/Resources/S/Properties/Policies"], true]],
	],
	"inline policies": [
		{
			"P": {
				"Properties": {"PolicyDocument": _document, "PolicyName": "p", "RoleName": {"Ref": "R"}},
				"Type": "AWS::IAM::RolePolicy",
			},
			"Q": {
				"Properties": {"PolicyDocument": _document, "PolicyName": "q", "Roles": [{"Ref": "R"}, "elsewhere"]},
				"Type": "AWS::IAM::Policy",
			},
			"R": {
				"Properties": {
					"PermissionsBoundary": _managed,
					"Policies": [{"PolicyDocument": _document, "PolicyName": "i"}],
					"RoleName": "r",
				},
				"Type": "AWS::IAM::Role",
			},
		},
		[
			["arn:aws:iam::111122223333:role/elsewhere", "role", ["/Resources/Q/Properties/PolicyDocument"], false],
			[
				"arn:aws:iam::111122223333:role/r", "role", [
					"/Resources/P/Properties/PolicyDocument", "/Resources/Q/Properties/PolicyDocument",
					"/Resources/R/Properties/Policies/0/PolicyDocument",
				],
				true,
			],
		],
	],
	"nobody that a function names": [
		{"F": {"Properties": {"Role": "arn:aws:iam::111122223333:role/r"}, "Type": "AWS::Serverless::Function"}},
		[],
	],
}

_told(one) := [object.get(one, "arn", ""), one.kind, sort([entry.path | some entry in one.identity]), one.whole]

test_principals[name] if {
	some name, [resources, expected] in _who
	principals := cloudformation.principals with input as {"Resources": resources}
		with data.iam.ci.settings as _settings
	sort([_told(one) | some one in principals]) == expected
}

_of(resources, settings) := [one |
	principals := cloudformation.principals with input as {"Parameters": {"Name": {"Type": "String"}}, "Resources": resources}
		with data.iam.ci.settings as settings
	some one in principals
]

test_a_function_whose_role_depends_is_judged_with_its_own if {
	role := {"Fn::If": ["Nowhere", "arn:aws:iam::111122223333:role/r", {"Ref": "AWS::NoValue"}]}
	properties := {"Policies": [_document], "Role": role}
	found := _of({"F": {"Properties": properties, "Type": "AWS::Serverless::Function"}}, _settings)
	[one.kind | some one in found] == ["role"]
}

test_boundary_and_trust if {
	resources := {"R": {
		"Properties": {"AssumeRolePolicyDocument": _trust, "PermissionsBoundary": _managed},
		"Type": "AWS::IAM::Role",
	}}
	[[one.boundary.arn, one.trust] | some one in _of(resources, {})] == [[
		_managed,
		"cloudformation 0 R AssumeRolePolicyDocument",
	]]
}

test_what_is_implied_for_a_function if {
	[one] := _of(_who["a role of a function"][0], _settings)
	one.trust == "cloudformation 0 F composed AssumeRolePolicyDocument"
	{entry.arn | some entry in one.identity} == {
		"arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
		"arn:aws:iam::aws:policy/ReadOnlyAccess",
		"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
		"arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
		"arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
	}
}

# Whether an ARN is told: an account that is not known is told by zeros, a name that is not known is not.
test_arns[text] if {
	some case in [
		[{"RoleName": "r"}, {}, ["arn:aws:iam::000000000000:role/r"]],
		[{"RoleName": _name}, _settings, [""]],
		[{}, {}, [""]],
		[{}, _settings, ["arn:aws:iam::111122223333:role/shop-R-GENERATED"]],
	]
	[properties, settings, arns] := case
	text := json.marshal(case)
	found := _of({"R": {"Properties": properties, "Type": "AWS::IAM::Role"}}, settings)
	[object.get(one, "arn", "") | some one in found] == arns
}

test_who_is_not_known_has_no_arn if {
	found := _of(
		{"P": {"Properties": {"PolicyDocument": _document, "UserName": _name}, "Type": "AWS::IAM::UserPolicy"}},
		_settings,
	)
	[[object.get(one, "arn", ""), one.kind] | some one in found] == [["", "user"]]
}
