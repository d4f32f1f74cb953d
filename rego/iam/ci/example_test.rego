# What the gate's tests are made of.
package iam.ci.example_test

plan(changes) := {"format_version": "1.2", "resource_changes": changes, "terraform_version": "1.9.5"}

configured(changes, root) := object.union(plan(changes), {"configuration": {"root_module": root}})

resource(type, name, more) := object.union(
	{"address": $"{type}.{name}", "mode": "managed", "name": name, "type": type},
	more,
)

created(type, name, values, unknown) := resource(type, name, {"change": {
	"actions": ["create"],
	"after": values,
	"after_unknown": unknown,
	"before": null,
}})

updated(type, name, before, after) := resource(type, name, {"change": {
	"actions": ["update"],
	"after": after,
	"after_unknown": {},
	"before": before,
}})

policy(statements) := {"Statement": statements, "Version": "2012-10-17"}

text(statements) := json.marshal(policy(statements))

allowing(action, resource_arn) := {"Action": action, "Effect": "Allow", "Resource": resource_arn}

# A role of Lambda's with one inline policy.
role(name, statements) := created(
	"aws_iam_role", name,
	{
		"assume_role_policy": text([{
			"Action": "sts:AssumeRole",
			"Effect": "Allow",
			"Principal": {"Service": "lambda.amazonaws.com"},
		}]),
		"inline_policy": [{"name": "inline", "policy": text(statements)}],
		"name": name,
		"path": "/",
	},
	{"arn": true},
)

attached(name, values, unknown) := created("aws_iam_role_policy_attachment", name, values, unknown)

rules(findings) := {finding.rule | some finding in findings}

told(findings) := {[finding.rule, finding.address] | some finding in findings}
