package iam.lint

import data.iam.document

# METADATA
# title: Findings that can be errors
# scope: document
faults contains finding if {
	some problem in document.problems(input.document, input.policy_type)
	not _is_no_matter(problem)
	located := _finding(problem.code, _severity(problem), problem.path, problem.message)
	finding := object.union(located, {"at_key": object.get(problem, "at_key", false)})
}

default _is_no_matter(_) := false

# That is asked of the reference, by all formats of ARNs.
_is_no_matter(problem) if problem.code == "INVALID_ARN_RESOURCE"

# The policies of repositories and file systems are about nothing else.
_is_no_matter(problem) if {
	problem.code == "MISSING_RESOURCE"
	problem.lint
	some statement in statements
	statement.path == problem.path
	_is_only_about(statement.action, `ecr|ecr-public|elasticfilesystem`)
}

# METADATA
# title: Findings that are never errors
# scope: document
advice contains finding if {
	some statement in statements
	statement.value.Sid == ""
	finding := _finding("EMPTY_SID_VALUE", "SUGGESTION", $"{statement.path}/Sid", "an empty Sid names nothing (GRAM-15)")
}

# How severe a problem of the document is. IAM refuses an identity policy with an empty list (GRAM-34).
_severity(problem) := "ERROR" if {
	problem.code in ["EMPTY_ARRAY_ACTION", "EMPTY_ARRAY_RESOURCE"]
	_is_identity
} else := "SUGGESTION" if {
	problem.code == "WILDCARD_IN_SERVICE_NAME"
	problem.lint
} else := object.get(_severities, problem.code, "ERROR")

_severities := {
	"ALLOW_WITH_NOT_PRINCIPAL": "SECURITY_WARNING",
	"EMPTY_ARRAY_ACTION": "SUGGESTION",
	"EMPTY_ARRAY_RESOURCE": "SUGGESTION",
	"OPA_IAM_VALUE_SHAPE": "WARNING",
	"RCP_SYNTAX_ERROR_ACTION": "WARNING",
	"UNIQUE_SIDS_RECOMMENDED": "WARNING",
}

default _is_identity := false

_is_identity if input.policy_type in ["identity", "permissions_boundary", "session"]

default _is_own_managed := false

_is_own_managed if {
	input.managed
	not input.aws_managed
}

# GRAM-3, GRAM-34
faults contains finding if {
	input.document.Statement == []
	finding := _finding("MISSING_STATEMENT", "ERROR", "/Statement", "the policy has no statement (GRAM-3, GRAM-34)")
}

# GRAM-10, GRAM-11; of a resource control policy the document's problems tell.
faults contains finding if {
	is_object(input.document)
	input.policy_type != "resource_control"
	not "Version" in object.keys(input.document)
	message := "without a Version the policy is read as of 2008-10-17, which has no variables (GRAM-11)"
	found := _finding("MISSING_VERSION", _severity_without_version, "", message)
	finding := _mended(found, `"Version": "2012-10-17"`)
}

default _severity_without_version := "WARNING"

_severity_without_version := "ERROR" if _is_own_managed

# GRAM-10
faults contains finding if {
	_is_own_managed
	input.document.Version == "2008-10-17"
	message := "a managed policy is created with Version 2012-10-17 only (GRAM-10)"
	found := _finding("OPA_IAM_MANAGED_POLICY_VERSION", "ERROR", "/Version", message)
	finding := _mended(found, "2012-10-17")
}

# GRAM-14
advice contains finding if {
	input.policy_type in ["identity", "permissions_boundary", "service_control", "session"]
	"Id" in object.keys(input.document)
	message := "an Id means something to some resource policies only (GRAM-14)"
	finding := _at_key("OPA_IAM_ID_WITHOUT_MEANING", "SUGGESTION", "/Id", message)
}

# A.5
advice contains finding if {
	input.guessed
	other := _alike[input.policy_type]
	_problems_as(input.policy_type) != _problems_as(other)
	taken := document.policy_types[input.policy_type].name
	message := $"taken for {taken}; as {document.policy_types[other].name} it has other problems (A.5)"
	found := _finding("OPA_IAM_ASSUMED_POLICY_TYPE", "SUGGESTION", "", message)
	finding := _mended(found, "say what it is with --policy-type")
}

# What a document may be beside what its content makes it look like.
_alike := {"identity": "service_control", "resource": "resource_control", "role_trust": "resource"}

_problems_as(policy_type) := {[problem.code, problem.path] |
	some problem in document.problems(input.document, policy_type)
}

# EVAL-8; only a long document can be so.
advice contains finding if {
	count(_text) > 8192
	some problem in document.lowered(input.document, input.policy_type).problems
	problem.code == "PATTERN_TOO_COMPLEX"
	message := $"{problem.message}, so that the policy can't be decided (EVAL-8)"
	finding := _finding("OPA_IAM_NOT_EVALUATED", "WARNING", problem.path, message)
}
