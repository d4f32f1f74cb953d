package iam.lint_test

import data.iam.lint

# A document of one statement, a sound one of the policy type with these members beside or instead of its own; null takes
# one away.
_document(policy_type, members) := {"Version": "2012-10-17", "Statement": [statement]} if {
	whole := object.union(object.remove(_sound(policy_type), object.keys(members)), members)
	statement := {name: value | some name, value in whole; value != null}
}

_sound(policy_type) := {
	"Sid": "A",
	"Effect": "Allow",
	"Action": "s3:GetObject",
	"Resource": "arn:aws:s3:::b/*",
} if {
	policy_type in ["identity", "permissions_boundary", "service_control", "session"]
}

_sound(policy_type) := {
	"Sid": "A",
	"Effect": "Deny",
	"Principal": "*",
	"Action": "s3:GetObject",
	"Resource": "arn:aws:s3:::b/*",
} if {
	policy_type in ["resource", "resource_control", "vpc_endpoint"]
}

_sound("role_trust") := {
	"Sid": "A",
	"Effect": "Allow",
	"Principal": {"AWS": "arn:aws:iam::111122223333:root"},
	"Action": "sts:AssumeRole",
}

_item(policy_type, members) := {"document": _document(policy_type, members), "policy_type": policy_type}

_with_condition(policy_type, block) := _item(policy_type, {"Condition": block})

# Code, severity and path of the findings with some codes on an item.
_found(codes, item) := {[finding.code, finding.severity, finding.path] |
	some finding in findings
	finding.code in codes
} if {
	findings := lint.findings with input as item
}

_the(code, item) := finding if {
	findings := lint.findings with input as item
	[finding] := [finding | some finding in findings; finding.code == code]
}

test_findings_of_each_document_in_order if {
	sound := _item("identity", {})
	other := object.union(_item("identity", {"Effect": "allow"}), {"document": {"Id": "x"}})
	documents := [sound, other, {"document": null, "policy_type": "identity"}]
	reports := lint.reports with input as {"documents": documents}
	errors := lint.errors with input as {"documents": documents}
	[[finding.code | some finding in found] | some found in reports] == [
		[],
		["INVALID_EFFECT", "OPA_IAM_ID_WITHOUT_MEANING"],
		["JSON_SYNTAX_ERROR"],
	]
	[[finding.code | some finding in found] | some found in errors] == [[], ["INVALID_EFFECT"], ["JSON_SYNTAX_ERROR"]]
}

# LINT-1, LINT-2: the whole finding, once.
test_a_finding_has_its_places_and_a_mend if {
	members := {"Action": ["s3:GetObject", "iam:PassRole"], "Resource": ["*"]}
	_the("PASS_ROLE_WITH_STAR_IN_RESOURCE", _item("identity", members)) == {
		"at_key": false,
		"code": "PASS_ROLE_WITH_STAR_IN_RESOURCE",
		"locations": ["/Statement/0/Action/1", "/Statement/0/Resource/0"],
		"mend": "",
		"message": "passes any role to any service: name the roles, or the service by iam:PassedToService (IAM-4)",
		"path": "/Statement/0/Action/1",
		"severity": "SECURITY_WARNING",
	}
}

# LINT-6
test_no_document_is_too_odd[note] if {
	some note, document in {
		"a list": [],
		"a text for Statement": {"Statement": "x"},
		"a text as statement": {"Statement": ["x", null, []]},
		"odd elements": {"Statement": {
			"Action": {},
			"Condition": {"Bool": [], "StringEquals": {"k": [{}, null]}, "StringLike": {"k": {}}, "X": {"k": 1}},
			"Effect": [],
			"Principal": {"AWS": {}, "Service": 1},
			"Resource": [1, "*"],
			"Sid": 1,
		}},
		"both of each pair": {"Statement": {
			"Action": "iam:*",
			"NotAction": "*",
			"NotPrincipal": "*",
			"NotResource": "*",
			"Principal": "*",
			"Resource": "*",
		}},
		"odd members": {"Version": 1, "Id": null, "Statement": {"Condition": [], "NotPrincipal": []}},
	}
	every policy_type in ["identity", "resource", "resource_control", "role_trust", "service_control", "vpc_endpoint"] {
		item := {"document": document, "policy_type": policy_type, "selected": ["OPA_IAM_PRIVILEGE_ESCALATION"]}
		reports := lint.reports with input as {"documents": [item]}
		count(reports[0]) > 0
	}
}

# All places of a finding, none where there is no such finding.
_places(code, item) := [place |
	findings := lint.findings with input as item
	some finding in findings
	finding.code == code
	some place in finding.locations
]

# LINT-5: what is wrong in two ways is told in the way that says most.
test_a_cause_is_told_once[note] if {
	some note, [item, code] in {
		"an action with a variable": [_item("identity", {"Action": "s3:${aws:username}"}), "VARIABLE_UNSUPPORTED_IN_ELEMENT"],
		"a Sid with a variable": [_item("identity", {"Sid": "${aws:username}"}), "UNSUPPORTED_SID"],
		"a managed policy without Version": [
			object.union(_item("identity", {}), {"document": {"Version": "2008-10-17"}, "managed": true}),
			"OPA_IAM_MANAGED_POLICY_VERSION",
		],
		"a variable for a number": [
			_with_condition("identity", {"NumericEquals": {"s3:max-keys": "${aws:username}"}}),
			"INVALID_VARIABLE_FOR_OPERATOR",
		],
		"a wildcard where an id belongs": [
			_with_condition("identity", {"StringEquals": {"aws:SourceVpc": "vpc-*"}}),
			"WILDCARD_WITHOUT_LIKE_OPERATOR",
		],
	}
	findings := lint.findings with input as item
	{finding.code | some finding in findings} == {code}
}
