package iam.ci.check.attachment_test

import data.iam.ci.check.attachment
import data.iam.ci.example_test as example

_plan(arn) := example.plan([example.attached("a", {"policy_arn": arn, "role": "web"}, {})])

_aws(name) := $"arn:aws:iam::aws:policy/{name}"

_compiled := {_aws(name): {"actions": {}, "statements": {}} | some name in ["AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess"]}

test_policies_of_service_linked_roles_are_refused[note] if {
	some note, tc in {
		"by its path": {"arn": _aws("aws-service-role/AWSIncidentManagerServiceRolePolicy"), "policies": {}},
		"by its facts": {"arn": _aws("B"), "policies": {_aws("B"): {"attachable_to": "service-linked-role", "actions": {}, "statements": {}}}},
	}
	found := attachment.denied with input as _plan(tc.arn) with data.iam.policies as tc.policies
	[[one.rule, one.address, one.policy, one.path] | some one in found] == [[
		"POLICY_NOT_ATTACHABLE", "aws_iam_role_policy_attachment.a", tc.arn, "/resource_changes/0/change/after",
	]]
}

test_service_linked_roles_can_have_them if {
	arn := _aws("aws-service-role/AWSIncidentManagerServiceRolePolicy")
	path := "/aws-service-role/ssm-incidents.amazonaws.com/"
	plan := example.plan([
		example.created("aws_iam_role", "r", {"name": "web", "path": path}, {"arn": true}),
		example.attached("a", {"policy_arn": arn, "role": "web"}, {}),
	])
	example.rules(attachment.denied) == set() with input as plan with data.iam.policies as {arn: {"actions": {}, "statements": {}}}
}

test_policies_that_are_not_known[note] if {
	some note, tc in {
		"of AWS, compiled": {"arn": _aws("Nonsense"), "policies": _compiled, "found": {["NO_SUCH_MANAGED_POLICY", "deny"]}},
		"of AWS, not compiled": {"arn": _aws("Nonsense"), "policies": {}, "found": {["POLICY_NOT_KNOWN", "undecided"]}},
		"of the account": {"arn": "arn:aws:iam::111122223333:policy/x", "policies": _compiled, "found": {["POLICY_NOT_KNOWN", "undecided"]}},
		"known": {"arn": _aws("ReadOnlyAccess"), "policies": _compiled, "found": set()},
	}
	{[one.rule, one.verdict] | some one in attachment.denied} == tc.found with input as _plan(tc.arn)
		with data.iam.policies as tc.policies
}

test_boundaries_are_policies_too if {
	values := {"name": "u", "permissions_boundary": _aws("aws-service-role/X")}
	plan := example.plan([example.created("aws_iam_user", "u", values, {"arn": true})])
	example.told(attachment.denied) == {["POLICY_NOT_ATTACHABLE", "aws_iam_user.u"]} with input as plan
}

test_deprecated_policies_are_told if {
	arn := _aws("service-role/AmazonEC2RoleforSSM")
	found := attachment.warned with input as _plan(arn) with data.iam.policies as {arn: {"actions": {}, "statements": {}}}
	[[one.rule, one.verdict, one.mend] | some one in found] == [[
		"DEPRECATED_MANAGED_POLICY", "warn", "use AmazonSSMManagedInstanceCore",
	]]
	attachment.warned == set() with input as _plan(_aws("AdministratorAccess"))
}
