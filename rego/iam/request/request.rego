# METADATA
# title: The request
# description: |
#   The request in the form that the rules below work on, and what is wrong with it. A request with any error is denied
#   before a policy is looked at (EVAL-8).
# schemas:
#   - input: schema.request
#   - data.iam.account: schema.account
#   - data.iam.settings: schema.settings
package iam.request

import data.iam.arn
import data.iam.pattern

# METADATA
# title: The action in lower case (ACT-2)
action := lower(input.action)

# METADATA
# title: The resource that the request is about, as it is given
# scope: document
default resource := "*"

resource := input.resource

# METADATA
# title: The resource in the spelling that policies are compared with (RES-7)
# description: A short ARN is filled up with `*` (RES-13).
# scope: document
default normalised_resource := "*"

normalised_resource := input.resource if {
	is_sound_resource
} else := arn.normalised(arn.expanded(input.resource)) if startswith(input.resource, "arn:")

# METADATA
# title: The one resource that the request names; undefined where it asks about a pattern or about `*`
single_resource := normalised_resource if not contains(normalised_resource, "*")

# METADATA
# title: The account that owns the resource, empty where nobody says
# description: |
#   The request's word goes before the ARN's, and what is compiled comes last, for ARNs that carry none (S3-6). A pattern
#   about every account names none.
# scope: document
default resource_account := ""

resource_account := input.resource_account if {
	is_string(input.resource_account)
} else := account if {
	is_sound_resource
	account := split(input.resource, ":")[4]
	account != ""
} else := account if {
	account := arn.account(normalised_resource)
	not pattern.is_everything(account)
	account != ""
} else := data.iam.account.resources[policy_holder].account

# METADATA
# title: The ARN whose resource policy is the resource's; an object has that of its bucket (RES-35)
policy_holder := split(normalised_resource, "/")[0] if is_about_bucket

policy_holder := normalised_resource if not is_about_bucket

# METADATA
# title: The day whose managed policies decide; undefined for today
as_of := input.as_of

# METADATA
# title: The switches of the evaluation
# description: The request's word goes before that of bundle.yaml; what neither names is off.
settings := object.union(_bundle_settings, object.get(input, "settings", {}))

default _bundle_settings := {}

_bundle_settings := data.iam.settings

# METADATA
# title: Whether the request is about assuming a role
# description: Its resource policy is then the role's trust policy (F.5); the companions count as well (TRUST-6).
# scope: document
default is_role_assumption := false

is_role_assumption if {
	regex.match(`^sts:(assumerole.*|setcontext|setsourceidentity|tagsession)$`, action)
	regex.match(`^arn:[^:]*:iam::[^:]*:role/`, normalised_resource)
}

# METADATA
# title: Whether the request is about a KMS key, which has a key policy of its own (KMS-1)
# scope: document
default is_about_key := false

is_about_key if {
	startswith(action, "kms:")
	regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/`, normalised_resource)
}

# METADATA
# title: Whether the request is about a bucket or an object, whose ARN names no account (RES-35)
# scope: document
default is_about_bucket := false

is_about_bucket if regex.match(`^arn:[^:]*:s3:::`, normalised_resource)
