# METADATA
# title: The gate, for files of whatever kind
# description: |
#   As a namespace of Conftest's, and `report` for every other client; both say the same.
package iam.ci

import data.iam.ci.gate
import data.iam.order

# METADATA
# title: The verdict and what it rests on
# description: |
#   `verdict` is `pass`, `deny`, `undecided` or `nothing-to-judge`; `findings` as `iam.ci.model` says, without the check.
# scope: document
# entrypoint: true
report := {"findings": _sorted, "verdict": _verdict}

_findings := {finding |
	some check in gate.checks
	some finding in (gate.denied(check) | gate.warned(check))
}

_sorted := [pair[1] |
	some pair in sort([[_key(finding), object.remove(finding, ["check"])] | some finding in _findings])
]

_key(finding) := [order.rank(finding[name]) | some name in ["file", "address", "path", "rule", "message"]]

_verdict := "nothing-to-judge" if {
	"NOTHING_TO_JUDGE" in _rules
} else := "deny" if {
	"deny" in _verdicts
} else := "undecided" if {
	"undecided" in _verdicts
} else := "pass"

_rules := {finding.rule | some finding in _findings}

_verdicts := {finding.verdict | some finding in _findings; finding.severity == "error"}

deny_attachment contains gate.shown(finding) if {
	some finding in gate.denied("attachment")
}

deny_coverage contains gate.shown(finding) if {
	some finding in gate.denied("coverage")
}

deny_document contains gate.shown(finding) if {
	some finding in gate.denied("document")
}

deny_escalation contains gate.shown(finding) if {
	some finding in gate.denied("escalation")
}

deny_exemption contains gate.shown(finding) if {
	some finding in gate.denied("exemption")
}

deny_exposure contains gate.shown(finding) if {
	some finding in gate.denied("exposure")
}

deny_guardrail contains gate.shown(finding) if {
	some finding in gate.denied("guardrail")
}

deny_unknown contains gate.shown(finding) if {
	some finding in gate.denied("unknown")
}

warn contains gate.shown(finding) if {
	some check in gate.checks
	some finding in gate.warned(check)
}

exception contains [check] if {
	some check in gate.checks
	gate.is_excepted(check)
}
