# METADATA
# title: "Terraform plans and states, for Conftest"
# description: |
#   Conftest evaluates each rule alone, and can except it by its name. This namespace refuses files of other kinds.
package iam.ci.terraform

import data.iam.ci.gate

deny_coverage contains gate.shown(finding) if {
	some finding in gate.denied("coverage")
}

deny_coverage contains gate.shown(finding) if {
	some finding in gate.other_kinds("terraform")
}

deny_document contains gate.shown(finding) if {
	some finding in gate.denied("document")
}

deny_exemption contains gate.shown(finding) if {
	some finding in gate.denied("exemption")
}

deny_unknown contains gate.shown(finding) if {
	some finding in gate.denied("unknown")
}

warn_of_coverage contains gate.shown(finding) if {
	some finding in gate.warned("coverage")
}

warn_of_document contains gate.shown(finding) if {
	some finding in gate.warned("document")
}

warn_of_exemption contains gate.shown(finding) if {
	some finding in gate.warned("exemption")
}

warn_of_unknown contains gate.shown(finding) if {
	some finding in gate.warned("unknown")
}

exception contains [check] if {
	some check in gate.checks
	gate.is_excepted(check)
}
