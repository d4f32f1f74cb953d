# METADATA
# title: Entrypoints
# description: |
#   What a client asks: `allow` for the answer alone, `decision` for the answer and why, of one request each, `batch`
#   for the decisions on many. All are always defined.
# schemas:
#   - input: schema.request
package iam.authz

import data.iam.catalogue
import data.iam.discovery
import data.iam.evaluation
import data.iam.explanation
import data.iam.lookup
import data.iam.order

# METADATA
# title: Whether IAM allows the request
# description: True exactly where `decision.allow` is.
# scope: document
# entrypoint: true
allow := answer if {
	answer := lookup.answer
} else := evaluation.allow

# METADATA
# title: The decision with its reasons
# scope: document
# entrypoint: true
decision := object.union(told, {"revision": _revision}) if {
	told := lookup.decision
} else := _explained

_explained := {
	"allow": evaluation.allow,
	"assumed_conditions": discovery.assumed_conditions,
	"blocked_by": explanation.blocked_by,
	"decision": evaluation.decision,
	"errors": order.findings(evaluation.errors),
	"foreign_context_keys": catalogue.foreign_context_keys,
	"implicit_denies": explanation.implicit_denies,
	"matched_statements": explanation.matched_statements,
	"missing_context_keys": explanation.missing_context_keys,
	"missing_inputs": explanation.missing_inputs,
	"near_misses": explanation.near_misses,
	"not_checked": catalogue.not_checked,
	"requirement": discovery.requirement,
	"revision": _revision,
	"verdicts": explanation.verdicts,
	"warnings": explanation.warnings,
}

# The policies may be loaded without having been built into a bundle.
default _revision := ""

_revision := data.iam.bundle.revision
