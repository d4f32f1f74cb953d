# METADATA
# title: Findings on policy documents
# description: |
#   What is wrong with a policy document, what endangers and what merely deserves another look, by AWS's own checks and some
#   more. The input of all rules but the entrypoints is one document: `document`, its `policy_type` (one of
#   `document.policy_types`), `resource_type` (an AWS type or empty), whether it is known to be a managed policy (`managed`) of
#   AWS's (`aws_managed`), whether the type was `guessed`, `settings.extra_services`, and the codes that are `selected` beside
#   those that always count.
# schemas:
#   - data.iam.reference: schema.reference
package iam.lint

import data.iam.order

# METADATA
# title: What the entrypoint `reports` tells of each document
# description: |
#   The input is `{"documents": [document…]}`. A list for each, sorted.
# scope: document
# entrypoint: true
reports := [found |
	some item in input.documents
	found := _report with input as item
]

# METADATA
# title: What is wrong with each document
# description: |
#   The input is that of `reports`. Only findings of the severity ERROR, at the cost of the checks that can give one.
# scope: document
# entrypoint: true
errors := [found |
	some item in input.documents
	found := _errors with input as item
]

# METADATA
# title: All findings on the document
# scope: document
findings := faults | advice

_report := order.findings(findings)

_errors := order.findings({found | some found in faults; found.severity == "ERROR"})

# METADATA
# title: Whether a check that is off by default was selected
# scope: document
default is_selected(_) := false

is_selected(code) if code in input.selected
