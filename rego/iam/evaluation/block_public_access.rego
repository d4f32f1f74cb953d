package iam.evaluation

import data.iam.attachment
import data.iam.pinning
import data.iam.principal
import data.iam.request

# METADATA
# title: Whether S3 Block Public Access keeps the caller from a public bucket (S3-1)
# description: |
#   With the setting `s3_block_public_access` a bucket policy that is public serves only AWS services and the bucket owner's
#   account, non-public grants to others included.
# scope: document
default publicly_blocked := false

publicly_blocked if {
	request.settings.s3_block_public_access == true
	request.is_about_bucket
	principal.kind != "service"
	not same_account
	has_public_policy
}

# METADATA
# title: Whether the bucket's policy is public (S3-2)
# scope: document
default has_public_policy := false

has_public_policy if {
	some policy in attachment.by_type.resource
	some candidate in policy.statements
	candidate.effect == "Allow"
	_is_for_everyone(candidate.principal)
	not _is_pinned(candidate)
}

default _is_for_everyone(_) := false

_is_for_everyone(listed) if listed.every

_is_for_everyone(listed) if listed.negated

# NotPrincipal is public whatever the conditions.
default _is_pinned(_) := false

_is_pinned(candidate) if {
	not candidate.principal.negated
	some test in candidate.conditions
	pinning.pins(lower(test.written.operator), test.key, test.written.values)
}
