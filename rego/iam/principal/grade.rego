package iam.principal

# METADATA
# title: How a statement's principals match the caller (PRIN-2)
# description: |
#   The strongest grade of what a compiled Principal or NotPrincipal element lists: `direct`, `wildcard`, `role`, `user`,
#   `account` or `none`.
# scope: document
default grade(_) := "none"

grade(listed) := "direct" if {
	_is_named(listed)
} else := "wildcard" if {
	listed.every
} else := "role" if {
	_role_is_named(listed)
} else := "user" if {
	kind == "federated_session"
	listed.names.AWS[entity]
} else := "account" if {
	_account_is_named(listed)
}

# METADATA
# title: Whether a statement exempts the caller at every level
# description: |
#   What AWS's documentation asks of a Deny with NotPrincipal: the session, its role and the account are all listed; of a
#   user, the user and the account (PRIN-21).
# scope: document
default is_listed_at_every_level(_) := false

is_listed_at_every_level(listed) if listed.every

is_listed_at_every_level(listed) if {
	_is_named(listed)
	kind in ["anonymous", "canonical_user", "identity_provider", "root", "service"]
}

is_listed_at_every_level(listed) if {
	_account_is_named(listed)
	_is_named(listed)
	kind == "user"
}

is_listed_at_every_level(listed) if {
	_account_is_named(listed)
	_role_is_named(listed)
	_session_is_named(listed)
}

is_listed_at_every_level(listed) if {
	_account_is_named(listed)
	_is_named(listed)
	kind == "federated_session"
	listed.names.AWS[entity]
}

# A user or session by its ARN, a service or an identity provider by its name; a root user is its account (PRIN-6 to
# PRIN-13). A unique id matches who has it, and no ARN (PRIN-15).
default _is_named(_) := false

_is_named(listed) if {
	kind in ["federated_session", "role_session", "user"]
	listed.names.AWS[id]
}

_is_named(listed) if {
	kind == "user"
	listed.names.AWS[unique_id]
}

_is_named(listed) if {
	kind == "service"
	listed.names.Service[id]
}

_is_named(listed) if {
	kind == "identity_provider"
	listed.names.Federated[id]
}

_is_named(listed) if {
	kind == "root"
	_account_is_named(listed)
}

# A plain role stands for its sessions (PRIN-10).
default _session_is_named(_) := false

_session_is_named(_) if kind == "role"

_session_is_named(listed) if {
	kind == "role_session"
	_is_named(listed)
}

# A session's role by its whole ARN where that is known, else by its name: a session's ARN lacks the path (PRIN-8).
default _role_is_named(_) := false

_role_is_named(listed) if {
	kind in ["role", "role_session"]
	listed.names.AWS[entity]
}

_role_is_named(listed) if {
	kind == "role_session"
	not role_arn
	listed.roles[_role_key]
}

_role_is_named(listed) if {
	kind in ["role", "role_session"]
	listed.names.AWS[unique_id]
}

# An account id, or the ARN of the account's root user (PRIN-6); S3's canonical user id denotes an account (OPEN-20).
default _account_is_named(_) := false

_account_is_named(listed) if listed.accounts[account]

_account_is_named(listed) if {
	in_partition := $"{partition}/{account}"
	listed.accounts[in_partition]
}

_account_is_named(listed) if {
	kind == "canonical_user"
	listed.names.CanonicalUser[id]
}
