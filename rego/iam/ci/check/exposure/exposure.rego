# METADATA
# title: Who is let in from outside
# description: |
#   What the policies of resources and the trust policies of roles open to everybody, to other accounts, and to users of
#   identity providers. `data.iam.ci.settings.trusted_accounts` lists the accounts that may be let in.
package iam.ci.check.exposure

import data.iam.ci.check.document
import data.iam.ci.model
import data.iam.ci.state
import data.iam.document as documents
import data.iam.pattern

# METADATA
# title: What refuses the change
denied contains finding if {
	some id, raws in document.advice
	some raw in raws
	document.is_exposure(raw)
	not _is_subsumed(id, raw.code)
	finding := document.told("exposure", state.documents[id], raw, "deny")
}

denied contains object.union(found, {"verdict": _verdict}) if {
	some grant in _grants
	grant.type == "AWS"
	account := _account(grant.value)
	not account in (_own_accounts | {"000000000000"})
	message := $"lets in the account {_shown(grant, account)}, which is not among the trusted ones"
	mend := "add it to trusted_accounts, say which account the change is for, or take it out"
	found := _finding("CROSS_ACCOUNT_ACCESS", grant, message, mend)
}

denied contains _finding("OIDC_WITHOUT_SUBJECT", grant, message, mend) if {
	some [grant, host] in _open_providers
	message := $"lets in everybody whom {_shown(grant, host)} vouches for, whatever the subject (TRUST-4)"
	mend := "a condition on the provider's key sub"
}

denied contains _finding("SAML_WITHOUT_CONDITION", grant, message, "a condition on SAML:aud") if {
	some grant in _grants
	grant.type == "Federated"
	contains(grant.value, ":saml-provider/")
	not _confines_any(grant.statement, "saml:")
	message := "lets in whoever has any answer of the SAML provider, whomever that was meant for (TRUST-4)"
}

# METADATA
# title: Nothing is merely told
warned := set()

_open_providers contains [grant, host] if {
	some grant in _grants
	grant.type == "Federated"
	host := _provider(grant.value)
	key := $"{host}:sub"
	not _confines(grant.statement, key)
}

# What the lint tells of a provider without any condition is the same again.
default _is_subsumed(_, _) := false

_is_subsumed(id, code) if {
	code in ["MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "MISSING_GITHUB_REPO_CONDITION_KEY"]
	some [grant, _] in _open_providers
	grant.id == id
}

# Whom the Allow statements of a document name, by the type of principal.
_grants contains grant if {
	some id, one in state.documents
	one.policy_type in ["resource", "role_trust", "vpc_endpoint"]
	some placed in documents.placed_statements(one.value)
	statement := placed.value
	statement.Effect == "Allow"
	some type, values in statement.Principal
	some value in documents.as_list(values)
	grant := {"document": one, "id": id, "path": placed.path, "statement": statement, "type": type, "value": value}
}

_account(value) := value if regex.match(`^[0-9]{12}$`, value)

_account(value) := pieces[4] if {
	pieces := split(value, ":")
	regex.match(`^[0-9]{12}$`, pieces[4])
}

_provider(value) := lower(pieces[1]) if {
	pieces := split(value, ":oidc-provider/")
	count(pieces) == 2
}

# Where nobody tells which account the change is for, it may be the one that is let in.
_verdict := "deny" if count(_own_accounts) > 0

_verdict := "undecided" if count(_own_accounts) == 0

# Those that the settings trust, and those that the change is about.
_own_accounts := union({
	{account | some account in data.iam.ci.settings.trusted_accounts},
	{account | account := data.iam.ci.settings.account},
	state.accounts,
	{account |
		some principal in state.principals
		account := split(principal.arn, ":")[4]
	},
	{account |
		some one in state.documents
		account := split(one.holder, ":")[4]
		account != ""
	},
}) - {"000000000000"}

# A condition on a key confines where it holds for some values only: one that is negative, or lets a missing key pass, does not.
default _confines(_, _) := false

_confines(statement, key) if {
	some operator, block in statement.Condition
	regex.match(`^(?i)(?:foranyvalue:)?(?:string|arn)(?:equals|like|equalsignorecase)$`, operator)
	some name, values in block
	lower(name) == key
	every value in documents.as_list(values) {
		not pattern.is_everything(value)
	}
}

default _confines_any(_, _) := false

_confines_any(statement, beginning) if {
	some block in statement.Condition
	some name, _ in block
	startswith(lower(name), beginning)
	_confines(statement, lower(name))
}

_shown(grant, text) := text if not grant.document.sensitive

_shown(grant, _) := "(sensitive)" if grant.document.sensitive

_finding(rule, grant, message, mend) := model.finding("exposure", rule, "deny", place, message, mend) if {
	place := object.union(object.filter(grant.document, ["address", "file", "policy"]), {
		"path": $"{grant.document.path}{grant.path}/Principal",
		"sid": model.sid(grant.document, grant.path),
	})
}
