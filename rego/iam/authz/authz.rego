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
# description: |
#   True exactly where `decision.allow` is. The expression knows the commonest form of a request by its JSON, whose members stand
#   in order: an action whose service is in lower case; common keys of the context in AWS's own spelling, which are there once,
#   with plain values; a session, or a user or role without a path; an ARN as policies are compared with it. Each character tells
#   which way it goes on, else it would take thrice as long. No text of a request has more characters than its JSON. It stands
#   here, and again in `iam.lookup`, because each rule between costs a tenth of what most answers do.
# scope: document
# entrypoint: true
allow := lookup.told(way, service, lower(name)) if {
	some service, name, principal, partition, account, parted, owner
	[[_, service, name, principal, partition, account, parted, partition, owner]] = regex.find_all_string_submatch_n(`^\{"action":"([a-z0-9-]+):([^":*?\\\s]+)","(?:context":\{(?:"aws:(?:CalledVia|CurrentTime|EpochTime|MultiFactorAuthAge|MultiFactorAuthPresent|PrincipalAccount|PrincipalArn|PrincipalIsAWSService|PrincipalOrgID|PrincipalType|RequestedRegion|ResourceAccount|SecureTransport|SourceAccount|SourceArn|SourceIdentity|SourceIp|SourceVpc|SourceVpce|TokenIssueTime|UserAgent|ViaAWSService|VpcSourceIp|userid|username)":(?:"[^"\\]*"|true|false|-?[0-9][0-9.eE+-]*|\[(?:"[^"\\]*",?)*\]),?)*\},")?principal":"(arn:(aws[a-z-]*):[a-z]+::([0-9]{12}):[a-z-]+/[^/"\\]+)(?:(/)[\w+=,.@-]{1,128})?","resource":"arn:(aws[a-z-]*):[^":*A-Z\\]*:[^":*A-Z\\]*:([^":*A-Z\\]*):[^"*\\]*"\}$`, substring(json.marshal(input), 0, 8192), 1)
	way := data.iam.index.known[parted][principal][owner]
} else := answer if {
	answer := lookup.answer
} else := evaluation.allow

# METADATA
# title: The decision with its reasons
# scope: document
# entrypoint: true
decision := told if {
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
