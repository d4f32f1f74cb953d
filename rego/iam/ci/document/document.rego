# METADATA
# title: "Policy documents, for Conftest"
# description: |
#   Conftest evaluates each rule alone, and can except it by its name. This namespace refuses files of other kinds.
package iam.ci.document

import data.iam.ci.gate

deny_attachment contains gate.shown(finding) if {
	some finding in gate.denied("attachment")
}

deny_coverage contains gate.shown(finding) if {
	some finding in gate.denied("coverage")
}

deny_coverage contains gate.shown(finding) if {
	some finding in gate.other_kinds("document")
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
