package iam.evaluation

import data.iam.arn
import data.iam.attachment
import data.iam.principal
import data.iam.request

# METADATA
# title: Whether somebody grants, guardrails and denials apart (F.3, F.4)
# scope: document
default granted := false

granted if granted_directly

granted if granted_without_account

granted if granted_through_entity

granted if granted_by_identity

granted if granted_to_root

granted if {
	crosses_accounts
	granted_across_accounts
}

# METADATA
# title: Whether both accounts would grant, were the resource another account's (XACC-1)
# scope: document
default granted_across_accounts := false

granted_across_accounts if {
	count(grades) > 0
	_has_grant_of_own_account
}

# METADATA
# title: Whether the resource policy grants the caller itself, or everyone, within the account (SAME-1)
# scope: document
default granted_directly := false

granted_directly if {
	same_account
	some grade in ["direct", "wildcard"]
	grades[grade]
}

# METADATA
# title: Whether the resource policy grants the session's role or user (SAME-1)
# scope: document
default granted_through_entity := false

granted_through_entity if {
	same_account
	some grade in ["role", "user"]
	grades[grade]
	_has_session_policies
}

# METADATA
# title: Whether an identity policy grants within the account (SAME-1, KMS-2, TRUST-2)
# scope: document
default granted_by_identity := false

granted_by_identity if {
	same_account
	_applies("identity", "Allow")
	_has_session_policies
	_resource_trusts_account
}

# METADATA
# title: Whether caller and resource are of one account
# description: |
#   A resource whose owner nobody tells is taken for the caller's own. AWS's own resources are for everyone. Services and
#   anonymous callers belong to no account (SAME-4).
# scope: document
default same_account := false

same_account if {
	principal.account != ""
	_same_partition
	request.resource_account in ["", "aws", principal.account]
}

# METADATA
# title: Whether a caller with an account asks about another account's resource (XACC-1)
# scope: document
default crosses_accounts := false

crosses_accounts if {
	principal.account != ""
	_same_partition
	not request.resource_account in ["", "aws", principal.account]
}

# A canonical user id stands for an account that no ARN tells.
crosses_accounts if principal.kind == "canonical_user"

# METADATA
# title: Whether a resource is of the caller's partition (XACC-8)
# description: True of resources that name none.
# scope: document
default _same_partition := false

_same_partition if request.resource == "*"

_same_partition if {
	named := arn.segments(request.normalised_resource)[1]
	some accepted in [principal.partition, "*"]
	named == accepted
}

# METADATA
# title: Whether the resource policy grants a caller that has no identity side (XACC-7)
# scope: document
default granted_without_account := false

granted_without_account if {
	principal.kind in ["anonymous", "service"]
	some grade in ["direct", "wildcard"]
	grades[grade]
}

# Who comes through an identity provider is let in by the Federated entry that names it, and by no other (TRUST-4).
granted_without_account if {
	principal.kind == "identity_provider"
	grades.direct
}

# METADATA
# title: Whether an account's root user needs no more
# description: It needs no policy within the account (ROOT-1), save for keys and trust policies (ROOT-2).
# scope: document
default granted_to_root := false

granted_to_root if {
	principal.kind == "root"
	same_account
	_resource_trusts_account
}

# What the caller's own account must say to a request that leaves it: an identity policy's Allow (XACC-3), which a root
# user doesn't need (ROOT-3).
default _has_grant_of_own_account := false

_has_grant_of_own_account if {
	_applies("identity", "Allow")
	_has_session_policies
}

_has_grant_of_own_account if principal.kind in ["canonical_user", "root"]

# A federated session has nothing from its user without a session policy (SESS-4).
default _has_session_policies := false

_has_session_policies if principal.kind != "federated_session"

_has_session_policies if attachment.by_type.session

# Keys and roles are closed to their own account until their policy names it (KMS-2, TRUST-2). Where nobody gave a role's
# trust policy, identity policies decide (TRUST-8).
default _resource_trusts_account := false

_resource_trusts_account if {
	not request.is_about_key
	not request.is_role_assumption
}

_resource_trusts_account if grades.account

_resource_trusts_account if {
	request.is_role_assumption
	not attachment.by_type.resource
	principal.kind != "root"
}

_resource_trusts_account if {
	request.is_about_key
	not attachment.by_type.resource
	request.settings.default_key_policy == true
}
