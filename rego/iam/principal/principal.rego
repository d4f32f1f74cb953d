# METADATA
# title: The calling principal
# description: |
#   What kind of principal asks, and which user or role its policies hang on. The request gives an ARN, a service
#   principal or `*`; what the ARN doesn't say (a session's role path) comes from the request's principal object or from
#   the compiled account.
# schemas:
#   - input: schema.request
#   - data.iam.account: schema.account
#   - data.iam.index: schema.index
package iam.principal

import data.iam.arn

# METADATA
# title: The principal as the request names it
id := input.principal if is_string(input.principal)

id := input.principal.arn if is_object(input.principal)

# METADATA
# title: The kind of principal
# description: Undefined for a text that names none.
kind := data.iam.index.callers[id].kind

kind := _kind if not data.iam.index.callers[id]

# What a caller most likely is goes first. None is of two kinds but for a domain, which can stand for a service and, in some
# requests, for a provider.
_kind := "role_session" if {
	regex.match(`^arn:[a-z-]+:sts::[0-9]{12}:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+$`, id)
} else := "role" if {
	_is_role_arn(id)
} else := "user" if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:user/([!-~]+/)?[\w+=,.@-]+$`, id)
} else := "root" if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:root$`, id)
} else := "federated_session" if {
	regex.match(`^arn:[a-z-]+:sts::[0-9]{12}:federated-user/[\w+=,.@-]+$`, id)
} else := "anonymous" if {
	id == "*"
} else := "identity_provider" if {
	_is_identity_provider
} else := "service" if {
	regex.match(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com|amazonaws\.com\.cn|amazon\.com)$`, id)
} else := "canonical_user" if {
	regex.match(`^[0-9a-f]{64}$`, id)
}

# Who vouches for the caller of AssumeRoleWithWebIdentity or AssumeRoleWithSAML (PRIN-13): an OIDC or SAML provider of an
# account, or a provider that AWS knows by its domain. In these calls `cognito-identity.amazonaws.com` is one too.
default _is_identity_provider := false

_is_identity_provider if regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:(oidc-provider/[!-~]+|saml-provider/[\w._-]+)$`, id)

_is_identity_provider if id in ["accounts.google.com", "graph.facebook.com", "www.amazon.com"]

_is_identity_provider if {
	startswith(lower(input.action), "sts:assumerolewith")
	regex.match(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`, id)
}

# METADATA
# title: Whether identity policies can be attached to such a principal (EVAL-5)
# scope: document
default has_identity_policies := false

has_identity_policies if kind in ["federated_session", "role", "role_session", "user"]

# METADATA
# title: The caller's account, empty for callers that belong to none (SAME-4)
# scope: document
default account := ""

account := _segments[4] if kind != "identity_provider"

# METADATA
# title: The caller's partition, empty for callers that have none
# scope: document
default partition := ""

partition := _segments[1] if kind != "identity_provider"

_segments := split(id, ":") if contains(id, "::")

# METADATA
# title: The ARN of the user or role that the identity policies hang on (EVAL-4)
# description: |
#   Undefined where the caller has none, or where nothing says which it is: a session's ARN lacks its role's path, so the
#   role comes from the request or from the compiled account.
entity := id if kind in ["role", "user"]

entity := role_arn if kind == "role_session"

entity := input.principal.federating_user_arn if kind == "federated_session"

# METADATA
# title: A role session's role
# description: What the request says holds; a role's name is unique in its account, whatever the case (PRIN-8).
role_arn := input.principal.role_arn if _role_is_given

role_arn := data.iam.index.roles[_role_key] if not _role_is_given

# METADATA
# title: The name in a role session's ARN
role_name := split(id, "/")[1] if kind == "role_session"

# METADATA
# title: The session name in the ARN of a session of the caller's role
# description: |
#   Undefined for any other text. The caller is a session of that role, or the role itself (DISC-6); the case of a role's name
#   doesn't count (PRIN-8).
session_name_in_role(text) := name if {
	kind in ["role", "role_session"]
	pieces := regex.find_all_string_submatch_n(`^arn:([^:]*):sts::([^:]*):assumed-role/([^/]*)/(.*)$`, text, 1)
	[_, named_partition, named_account, named_role, name] := pieces[0]
	[named_partition, named_account, lower(named_role)] == [partition, account, lower(_own_role_name)]
}

_own_role_name := role_name if kind == "role_session"

_own_role_name := names[count(names) - 1] if {
	kind == "role"
	names := split(id, "/")
}

# METADATA
# title: The unique id of the user or role, which the request tells or the compiled account
unique_id := input.principal.unique_id if _has_unique_id

unique_id := data.iam.account.principals[entity].unique_id if not _has_unique_id

default _has_unique_id := false

_has_unique_id if is_string(input.principal.unique_id)

# METADATA
# title: The service whose service-linked role calls (IAM-3)
# description: Empty where the role is known to be one, but not whose; undefined for every other caller.
service_link := split(entity, "/")[2] if is_service_linked(entity)

service_link := "" if {
	input.principal.service_linked == true
	not entity
}

# METADATA
# title: Whether an ARN is a service-linked role's
# scope: document
default is_service_linked(_) := false

is_service_linked(text) if regex.match(`^arn:[^:]*:iam::[0-9]{12}:role/aws-service-role/[^/]+/`, text)

# METADATA
# title: Whether the role that the request names can be the session's
# description: A session's ARN carries its role's name without the path, and the name's case doesn't count (PRIN-8).
# scope: document
default role_fits := false

role_fits if {
	kind == "role_session"
	_is_role_arn(input.principal.role_arn)
	given := arn.segments(input.principal.role_arn)
	pieces := split(given[5], "/")
	[given[1], given[4], lower(pieces[count(pieces) - 1])] == [partition, account, lower(role_name)]
}

default _is_role_arn(_) := false

_is_role_arn(text) if regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:role/([!-~]+/)?[\w+=,.@-]+$`, text)

default _role_is_given := false

_role_is_given if is_string(input.principal.role_arn)

_role_key := $"{partition}/{account}/{lower(role_name)}"
