package iam.attachment

import data.iam.catalogue
import data.iam.principal
import data.iam.request

# Which types reach the caller or the resource (EVAL-5). What only some callers can have, the request's validation has seen
# to.
_reaches["permissions_boundary"] := true

_reaches["session"] := true

_reaches["vpc_endpoint"] := true

# IAM's own resources have no policies: a role's trust policy is for assuming it (IAM-5).
_reaches["resource"] if not startswith(request.action, "iam:")

# The members of an organization, save for service-linked roles and all of the management account (SCP-5).
_reaches["service_control"] if {
	principal.kind in ["federated_session", "role", "role_session", "root", "user"]
	not _is_service_linked
	not _is_of_management_account
}

# Whoever calls, in the services that have them, but for AWS's own roles and keys, one operation, and the management
# account's resources (RCP-1, RCP-3, RCP-4).
_reaches["resource_control"] if {
	catalogue.supports_resource_control
	not _is_service_linked
	not _is_in_management_account
	request.action != "kms:retiregrant"
	not _is_of_aws
}

default _is_service_linked := false

_is_service_linked if principal.service_link

default _is_of_management_account := false

_is_of_management_account if {
	compiled := _is_management_account(principal.account)
	object.get(request.settings, "caller_is_management_account", compiled) == true
}

default _is_in_management_account := false

_is_in_management_account if {
	_is_of_management_account
	request.resource_account in ["", principal.account]
}

_is_in_management_account if _is_management_account(request.resource_account)

# AWS managed keys by their aliases, and the trust policies of service-linked roles.
default _is_of_aws := false

_is_of_aws if regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/`, request.normalised_resource)

_is_of_aws if {
	request.is_role_assumption
	regex.match(`^arn:[^:]*:iam::[^:]*:role/aws-service-role/`, request.normalised_resource)
}
