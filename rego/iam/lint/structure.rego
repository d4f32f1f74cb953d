package iam.lint

import data.iam.document

# METADATA
# title: Findings that can be errors
# scope: document
faults contains finding if {
	some problem in document.problems(input.document, input.policy_type)
	finding := _finding(problem.code, "ERROR", problem.path, problem.message)
}

# GRAM-34
faults contains finding if {
	input.document.Statement == []
	finding := _finding("MISSING_STATEMENT", "ERROR", "/Statement", "the policy has no statement (GRAM-3, GRAM-34)")
}

# METADATA
# title: Findings that are never errors
# scope: document
advice contains finding if {
	input.policy_type in ["identity", "permissions_boundary", "service_control", "session"]
	"Id" in object.keys(input.document)
	finding := _at_key(
		"OPA_IAM_ID_WITHOUT_MEANING", "SUGGESTION", "/Id",
		"an Id means something to some resource policies only (GRAM-14)",
	)
}
