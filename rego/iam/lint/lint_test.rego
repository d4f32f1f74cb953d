package iam.lint_test

import data.iam.lint

_sound := {"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}

# A document of one statement, the sound one with these members beside or instead of its own.
_with(members) := {"Version": "2012-10-17", "Statement": [object.union(_sound, members)]}

# Code, severity and path of the findings on a document.
_found(document, policy_type) := {[finding.code, finding.severity, finding.path] | some finding in findings} if {
	findings := lint.findings with input as {"document": document, "policy_type": policy_type}
}

_item(document) := {"document": document, "policy_type": "identity"}

test_findings_of_each_document_in_order if {
	documents := [_item(_with({})), _item(object.union(_with({"Effect": "allow"}), {"Id": "x"})), _item(null)]
	reports := lint.reports with input as {"documents": documents}
	errors := lint.errors with input as {"documents": documents}
	[[finding.code | some finding in found] | some found in reports] == [
		[],
		["INVALID_EFFECT", "OPA_IAM_ID_WITHOUT_MEANING"],
		["JSON_SYNTAX_ERROR"],
	]
	[[finding.code | some finding in found] | some found in errors] == [[], ["INVALID_EFFECT"], ["JSON_SYNTAX_ERROR"]]
}
