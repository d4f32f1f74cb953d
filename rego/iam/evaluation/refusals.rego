package iam.evaluation

import data.iam.principal
import data.iam.request

# METADATA
# title: What AWS refuses whatever the policies say
# description: Each as a warning of the decision, with a code and a message.
# scope: document
refusals contains {"code": "PROTECTED_BY_AWS", "message": protected.message, "path": "/resource"} if {
	some protected in _protected
	protected.actions[request.action]
	regex.match(protected.resource, request.normalised_resource)
}

refusals contains {"code": "OTHER_PARTITION", "message": message, "path": "/resource"} if {
	principal.partition != ""
	not _same_partition
	message := $"nobody of the partition {principal.partition} has access to another partition (XACC-8)"
}

refusals contains {"code": "NOT_FOR_CREDENTIALS", "message": message, "path": "/action"} if {
	message := _refused_to_caller
}

refusals contains {"code": "NOT_FOR_CREDENTIALS", "message": message, "path": "/action"} if {
	request.settings.credential_restrictions == true
	some message in restrictions
}

# METADATA
# title: What the caller's kind of credentials can't do (STS-3)
# description: Refused with the setting `credential_restrictions`, else told as a warning.
# scope: document
restrictions contains "a role session calls neither GetFederationToken nor GetSessionToken (STS-3)" if {
	principal.kind == "role_session"
	request.action in ["sts:getfederationtoken", "sts:getsessiontoken"]
}

restrictions contains "a federated session calls no IAM operation, and of STS only GetCallerIdentity (STS-3)" if {
	principal.kind == "federated_session"
	regex.match(`^(iam|sts):`, request.action)
	request.action != "sts:getcalleridentity"
}

# METADATA
# title: Whether the request needs no permission, and no policy counts (STS-1, STS-2)
# scope: document
default needs_no_permission := false

needs_no_permission if {
	request.action == "sts:getcalleridentity"
	not principal.kind in ["anonymous", "identity_provider"]
}

needs_no_permission if {
	request.action == "sts:getsessiontoken"
	principal.kind in ["root", "user"]
}

_refused_to_caller := "only users and the root user call GetSessionToken (STS-2)" if {
	request.action == "sts:getsessiontoken"
	not principal.kind in ["root", "user"]
}

_refused_to_caller := "the root user can't assume a role (ROOT-2)" if {
	startswith(request.action, "sts:assumerole")
	principal.kind == "root"
}

_refused_to_caller := "an identity provider vouches only for AssumeRoleWithWebIdentity and AssumeRoleWithSAML (TRUST-4)" if {
	principal.kind == "identity_provider"
	not _is_federated_operation
}

_refused_to_caller := "only the owner's account reads and changes a bucket's policy (S3-5)" if {
	_is_bucket_policy_operation
	not same_account
}

default _is_federated_operation := false

_is_federated_operation if {
	request.action in [
		"sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:setcontext", "sts:setsourceidentity",
		"sts:tagsession",
	]
}

default _is_bucket_policy_operation := false

_is_bucket_policy_operation if {
	request.is_about_bucket
	request.action in ["s3:deletebucketpolicy", "s3:getbucketpolicy", "s3:putbucketpolicy"]
}

# METADATA
# title: Whether AWS keeps the request's action on a resource for itself (IAM-1 to IAM-3, KMS-7)
# description: Takes the resource's normalised ARN.
# scope: document
default is_kept(_) := false

is_kept(resource) if {
	regex.match(`:(?:policy|role/aws-[^/]*|alias/aws)/`, resource) # few are
	some protected in _protected
	protected.actions[request.action]
	regex.match(protected.resource, resource)
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
		"message": "a service-linked role's permissions and trust are its service's (IAM-3)",
		"resource": `^arn:[^:]*:iam::[^:]*:role/aws-service-role/`,
		"actions": {
			"iam:attachrolepolicy": true,
			"iam:deleterolepermissionsboundary": true,
			"iam:deleterolepolicy": true,
			"iam:detachrolepolicy": true,
			"iam:putrolepermissionsboundary": true,
			"iam:putrolepolicy": true,
			"iam:updateassumerolepolicy": true,
		},
	},
	{
		"message": "the aliases under alias/aws/ are AWS's own (KMS-7)",
		"resource": `^arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/`,
		"actions": {"kms:createalias": true, "kms:deletealias": true, "kms:updatealias": true},
	},
]
