package iam.evaluation

import data.iam.request

# METADATA
# title: What AWS keeps from its customers whatever their policies allow (IAM-1, IAM-2, KMS-7)
# description: Each as a warning of the decision, with a code and a message.
# scope: document
protections contains {"code": "PROTECTED_BY_AWS", "message": protected.message, "path": "/resource"} if {
	some protected in _protected
	protected.actions[request.action]
	regex.match(protected.resource, request.normalised_resource)
}

_protected := [
	{
		"message": "nobody but AWS can change an AWS managed policy (IAM-1)",
		"resource": `^arn:[^:]*:iam::aws:policy/`,
		"actions": {
			"iam:createpolicy": true,
			"iam:createpolicyversion": true,
			"iam:deletepolicy": true,
			"iam:deletepolicyversion": true,
			"iam:setdefaultpolicyversion": true,
			"iam:tagpolicy": true,
			"iam:untagpolicy": true,
		},
	},
	{
		"message": "a role of IAM Identity Center is managed there (IAM-2)",
		"resource": `^arn:[^:]*:iam::[^:]*:role/aws-reserved/`,
		"actions": {
			"iam:attachrolepolicy": true,
			"iam:createrole": true,
			"iam:createservicelinkedrole": true,
			"iam:deleterole": true,
			"iam:deleterolepermissionsboundary": true,
			"iam:deleterolepolicy": true,
			"iam:deleteservicelinkedrole": true,
			"iam:detachrolepolicy": true,
			"iam:passrole": true,
			"iam:putrolepermissionsboundary": true,
			"iam:putrolepolicy": true,
			"iam:tagrole": true,
			"iam:untagrole": true,
			"iam:updateassumerolepolicy": true,
			"iam:updaterole": true,
			"iam:updateroledescription": true,
		},
	},
	{
		"message": "the aliases under alias/aws/ are AWS's own (KMS-7)",
		"resource": `^arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/`,
		"actions": {"kms:createalias": true, "kms:deletealias": true, "kms:updatealias": true},
	},
]
