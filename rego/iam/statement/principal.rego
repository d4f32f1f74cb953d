package iam.statement

import data.iam.assumption
import data.iam.attachment
import data.iam.principal
import data.iam.request

# METADATA
# title: Whether the principal part matches
# description: True where the policy type has none (PRIN-1).
# scope: document
default matches_principal(_) := false

matches_principal(statement) if not statement.principal

matches_principal(statement) if grade(statement) != "none"

# METADATA
# title: The grade by which a statement's principal part matches the caller (PRIN-2)
# description: |
#   NotPrincipal matches everyone whom no entry matches by whatever grade, and counts as `wildcard` (PRIN-20). Undefined
#   where the policy type has no principal part.
grade(statement) := principal.grade(statement.principal) if {
	not statement.principal.negated
	not _rests_on_session_name(statement)
}

# Another session of the role that the Allow names would be named itself (DISC-6).
grade(statement) := "direct" if {
	not statement.principal.negated
	_rests_on_session_name(statement)
}

grade(statement) := "none" if {
	statement.principal.negated
	is_exempt(statement)
}

grade(statement) := "wildcard" if {
	statement.principal.negated
	not is_exempt(statement)
}

default _rests_on_session_name(_) := false

_rests_on_session_name(statement) if {
	input.mode == "discovery"
	principal.grade(statement.principal) == "none"
	count(assumption.session_names(statement)) > 0
}

# METADATA
# title: Whether a NotPrincipal exempts the caller
# description: |
#   Who has a permissions boundary is never exempted from a Deny (PRIN-23), save by `*` (PRIN-24); with the setting
#   `strict_notprincipal` a Deny exempts only who is listed at every level (OPEN-6).
# scope: document
default is_exempt(_) := false

is_exempt(statement) if statement.principal.every

is_exempt(statement) if {
	statement.effect == "Allow"
	principal.grade(statement.principal) != "none"
}

is_exempt(statement) if {
	statement.effect == "Deny"
	principal.grade(statement.principal) != "none"
	not attachment.has_boundary
	not _is_strict
}

is_exempt(statement) if {
	statement.effect == "Deny"
	principal.is_listed_at_every_level(statement.principal)
	not attachment.has_boundary
	_is_strict
}

default _is_strict := false

_is_strict if request.settings.strict_notprincipal == true
