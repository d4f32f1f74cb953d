package iam.lint_test

_passing := {
	"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
	"CREATE_SLR_WITH_NOT_RESOURCE",
	"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
	"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
	"CREATE_SLR_WITH_STAR_IN_RESOURCE",
	"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
	"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
	"PASS_ROLE_WITH_NOT_RESOURCE",
	"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
	"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
	"PASS_ROLE_WITH_STAR_IN_RESOURCE",
	"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
}

# IAM-3, IAM-4, ACT-11, RES-9: by how the action is reached and how the resources are left open.
test_passing_roles_and_creating_linked_ones[note] if {
	some note, [action, resource, codes] in {
		"by name": [
			{"Action": ["s3:*", "iam:PassRole", "IAM:CreateServiceLinkedRole"]}, {"Resource": "*"},
			{"CREATE_SLR_WITH_STAR_IN_RESOURCE": "/Action/2", "PASS_ROLE_WITH_STAR_IN_RESOURCE": "/Action/1"},
		],
		"by name, all but": [
			{"Action": ["iam:PassRole", "iam:CreateServiceLinkedRole"]}, {"NotResource": "arn:aws:iam::*:role/x"},
			{"CREATE_SLR_WITH_NOT_RESOURCE": "/Action/1", "PASS_ROLE_WITH_NOT_RESOURCE": "/Action/0"},
		],
		"by a pattern": [
			{"Action": ["ec2:*", "iam:*"]}, {"Resource": ["arn:aws:s3:::b", "*"]},
			{
				"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE": "/Action/1",
				"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE": "/Action/1",
			},
		],
		"by the asterisk, all but": [
			{"Action": "*"}, {"NotResource": "arn:aws:iam::*:role/x"},
			{
				"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE": "/Action",
				"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE": "/Action",
			},
		],
		"by leaving out another": [
			{"Action": null, "NotAction": "s3:*"}, {"Resource": "*"},
			{
				"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION": "/NotAction",
				"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION": "/NotAction",
			},
		],
		"by leaving out another, all but": [
			{"Action": null, "NotAction": ["iam:Pass*"]}, {"NotResource": "arn:aws:iam::*:role/x"},
			{"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE": "/NotAction"},
		],
		"left out": [{"Action": null, "NotAction": "iam:*"}, {"Resource": "*"}, {}],
		"of one role": [{"Action": "iam:*"}, {"Resource": "arn:aws:iam::111122223333:role/*"}, {}],
		"another action": [{"Action": ["iam:Get*", "iam:GetRole"]}, {"Resource": "*"}, {}],
	}
	members := object.union_n([{"Resource": null}, action, resource])
	found := {[code, path] | some [code, _, path] in _found(_passing, _item("identity", members))}
	found == {[code, $"/Statement/0{path}"] | some code, path in codes}
}

# IAM-3, IAM-4
test_conditions_on_the_receiver[note] if {
	some note, [members, codes] in {
		"the service it is passed to": [
			{"Condition": {"StringLike": {"iam:passedtoservice": "ec2*"}}},
			{"CREATE_SLR_WITH_STAR_IN_RESOURCE"},
		],
		"the service it is passed to, if any": [
			{"Condition": {"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}}},
			{"CREATE_SLR_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		],
		"the service it is linked to": [
			{"Condition": {"StringEquals": {"iam:AWSServiceName": ["a.amazonaws.com", "b.amazonaws.com"]}}},
			{"PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		],
		"the end of a service's name": [
			{"Condition": {"StringLike": {"iam:AWSServiceName": ["a.amazonaws.com", "*b.amazonaws.com"]}}},
			{"CREATE_SLR_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		],
		"all services": [
			{"Condition": {"StringEquals": {"iam:AWSServiceName": []}}},
			{"CREATE_SLR_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		],
		"another key": [
			{"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
			{"CREATE_SLR_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		],
		"a Deny": [{"Effect": "Deny"}, set()],
	}
	whole := object.union({"Action": ["iam:PassRole", "iam:CreateServiceLinkedRole"], "Resource": "*"}, members)
	{code | some [code, _, _] in _found(_passing, _item("identity", whole))} == codes
	_found(_passing, _item("service_control", whole)) == set()
}

test_severities_of_passing_and_creating if {
	members := {"Action": "*", "Resource": "*"}
	{severity | some [_, severity, _] in _found(_passing, _item("session", members))} == {"SECURITY_WARNING", "WARNING"}
	_the("CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", _item("session", members)).severity == "WARNING"
}
