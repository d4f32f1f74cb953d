# METADATA
# title: What the findings come to
# description: |
#   Each check finds what refuses the change and what is merely told. An exception turns the former into the latter, and so does
#   `data.iam.ci.settings.undecided`, where it is `warn`, with what can't be decided.
package iam.ci.gate

import data.iam.ci.exemption
import data.iam.ci.file
import data.iam.ci.model

# METADATA
# title: The checks
checks := ["access", "attachment", "coverage", "document", "escalation", "exemption", "exposure", "guardrail", "unknown"]

# METADATA
# title: What refuses the change, of one check
denied(check) := {finding |
	some finding in data.iam.ci.check[check].denied
	not is_lenient(finding)
	not exemption.reason(finding)
}

# METADATA
# title: What is told, of one check
warned(check) := {finding |
	some finding in data.iam.ci.check[check].warned
	not exemption.reason(finding)
} | {told |
	_is_softened
	some finding in data.iam.ci.check[check].denied
	told := _softened(finding)
}

# METADATA
# title: Whether all that a check refuses is excepted
# scope: document
default is_excepted(_) := false

is_excepted(check) if {
	exemption.any
	some finding in data.iam.ci.check[check].denied
	not is_lenient(finding)
	denied(check) == set()
}

# METADATA
# title: Whether a finding is told only because the settings say so
# scope: document
default is_lenient(_) := false

is_lenient(finding) if {
	finding.verdict == "undecided"
	data.iam.ci.settings.undecided == "warn"
}

# METADATA
# title: A finding as Conftest shows it
shown(finding) := object.union(finding, {"msg": $"{_place(finding)}{finding.message} ({finding.rule})"})

# METADATA
# title: What a namespace of one kind of file says of files of other kinds
other_kinds(kind) := {model.finding("coverage", "OTHER_KIND_OF_FILE", "deny", {"file": one.path}, message, mend) |
	some i, one in file.files
	file.kinds[i] != kind
	message := $"this is no file of the kind {kind}"
	mend := "the namespace iam.ci judges every kind"
}

default _is_softened := false

_is_softened if exemption.any

_is_softened if data.iam.ci.settings.undecided == "warn"

# A template shows what is undefined, hence the name.
_softened(finding) := object.union(finding, {
	"message": $"{finding.message} (excepted {reason})",
	"severity": "warning",
	"verdict": "warn",
}) if {
	reason := exemption.reason(finding)
}

_softened(finding) := object.union(finding, {"severity": "warning"}) if {
	not exemption.reason(finding)
	is_lenient(finding)
}

_place(finding) := $"{finding.address}: " if finding.address != ""

_place(finding) := $"{finding.policy}: " if {
	finding.address == ""
	finding.policy != ""
}

_place(finding) := "" if [finding.address, finding.policy] == ["", ""]
