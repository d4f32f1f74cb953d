# METADATA
# title: What is wrong with the policy documents themselves
# description: What `iam.lint` finds. An error refuses the change, a security warning is told; what is less is for `opa-iam lint`.
package iam.ci.check.document

import data.iam.ci.model
import data.iam.ci.state
import data.iam.lint

# METADATA
# title: What refuses the change
denied := _broken | {found |
	some id, raws in _errors
	some raw in raws
	found := _told(state.documents[id], raw, "deny")
}

# METADATA
# title: What is told of it
warned := {found |
	some id, raws in advice
	some raw in raws
	not is_exposure(raw)
	found := _told(state.documents[id], raw, "warn")
}

# METADATA
# title: The security warnings on each document, by the document's id
advice[id] := {raw | some raw in raws; raw.severity == "SECURITY_WARNING"; not _stands_in(state.documents[id], raw)} if {
	some id, item in _items
	raws := lint.findings with input as item
}

# What stands in for something that is not known is not at fault.
_stands_in(one, raw) if {
	some path, _ in one.holes
	startswith($"{raw.path}/", $"{path}/")
}

# METADATA
# title: Whether a warning is about who is let in
# scope: document
default is_exposure(_) := false

is_exposure(raw) if raw.code in [
	"ALLOW_WITH_NOT_PRINCIPAL", "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "MISSING_GITHUB_REPO_CONDITION_KEY",
	"OPA_IAM_PUBLIC_RESOURCE_POLICY",
]

# METADATA
# title: A finding of the lint as one of the gate's
# description: Takes the check, the document, the lint's finding and the verdict. What is sensitive is not shown.
told(check, document, raw, verdict) := model.finding(check, raw.code, verdict, place, _shown(document, raw.message), mend) if {
	place := object.union(object.filter(document, ["address", "file", "policy"]), {
		"path": $"{document.path}{raw.path}",
		"sid": model.sid(document, raw.path),
	})
	mend := _shown(document, raw.mend)
}

_told(document, raw, verdict) := told("document", document, raw, verdict)

_errors[id] := {raw | some raw in raws; raw.severity == "ERROR"; not _stands_in(state.documents[id], raw)} if {
	some id, item in _items
	raws := lint.faults with input as item
}

_broken := {model.finding("document", "JSON_SYNTAX_ERROR", "deny", document, message, "") |
	some document in state.documents
	not document.outside
	message := document.fault
}

_items[id] := {
	"aws_managed": false,
	"document": document.value,
	"guessed": document.guessed,
	"managed": document.managed,
	"policy_type": document.policy_type,
	"resource_type": document.resource_type,
	"selected": [],
	"settings": {"extra_services": _extra_services},
} if {
	some id, document in state.documents
	not document.outside
	not document.fault
}

default _extra_services := []

_extra_services := data.iam.ci.settings.extra_services

_shown(document, text) := text if not document.sensitive

_shown(document, _) := "the change marks it as sensitive, so that it is not shown" if document.sensitive
