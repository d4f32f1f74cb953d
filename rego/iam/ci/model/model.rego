# METADATA
# title: What is judged, and how it is told
# description: |
#   Every kind of file has an adapter, the package `iam.ci.adapter.KIND`, which yields what the file has, in rules that
#   are always defined:
#
#   - `documents`: the policy documents after the change, an object by id. The id is any text that no other document has; the
#     same document before the change has the same one. A document is an object of
#     `file` (its `path`), `address` (the resource's full one; empty for a file that is a policy), `path` (a JSON Pointer to it
#     in the file), `policy` (the name or ARN under which it is told), `policy_type` (one of `iam.document.policy_types`),
#     `resource_type` (AWS's name of the type of the resource that has it, or empty), `managed`, `sensitive` (whether
#     nothing in it may be shown), `guessed` (whether its type was told by its content), and one of
#     `value` (the document itself) and `fault` (why there is none, though it is known). Further, where they are known:
#     `holes` (what is not known of the value, which has stand-ins there: by JSON Pointer, `what`, and `widest`, a pattern that
#     fits whatever may come to stand there), `arn` (of a managed policy), `holder` (the ARN of the resource that has it), `targets` (the ids of the roots,
#     units and accounts that a control policy is attached to), `outside` (a document that counts, and is not judged).
#   - `before`: the documents before the change, alike; empty where the file doesn't tell.
#   - `principals`: who has identity policies after the change, an object by id: `file`, `address`, `path`, `kind` (`role`,
#     `user` or `group`), `arn` (absent while it is unknown), `identity` (a list of entries), `boundary` (an entry, or absent),
#     `trust` (the id of its trust policy, or absent), `whole` (whether the file has all of its policies). An entry has
#     `address` and `path` of what attaches it and one of `document` (an id), `arn` and `unknown` (what is not known yet).
#   - `before_principals`: the same before the change.
#   - `compared`: the set of the files that tell what was before the change; may be absent.
#   - `accounts`: the set of the accounts that the file is known to be about; may be absent.
#   - `unknowns`: a set of `file`, `address`, `path`, `what`: what is known only when the change is made, or is
#     written in a way that can't be judged.
#   - `faults`: a set of findings that only the adapter can make, see `finding`.
#
#   What follows is the same for all kinds: `iam.ci.state` joins what the adapters yield, the packages `iam.ci.check.…` find,
#   `iam.ci.gate` decides what a finding comes to.
package iam.ci.model

# METADATA
# title: A finding
# description: |
#   Takes the check that makes it, its rule, its verdict (`deny`, `undecided` or `warn`), where it is (`file`, `address`,
#   `policy`, `path`, each empty where absent), its message, and how to mend it.
finding(check, rule, verdict, place, message, mend) := {
	"address": object.get(place, "address", ""),
	"check": check,
	"file": object.get(place, "file", ""),
	"mend": mend,
	"message": message,
	"path": object.get(place, "path", ""),
	"policy": object.get(place, "policy", ""),
	"rule": rule,
	"severity": {"deny": "error", "undecided": "error", "warn": "warning"}[verdict],
	"sid": object.get(place, "sid", ""),
	"verdict": verdict,
}

# METADATA
# title: A policy document from JSON text
# description: An object of `value`, or of `fault` where the text is no JSON.
parsed(text) := {"value": value} if {
	value := json.unmarshal(text)
} else := {"fault": "the text is no JSON"}

# METADATA
# title: The Sid of the statement at a place in a document
# description: Empty where the place is in no statement, or the statement has none that may be shown.
sid(document, path) := found if {
	not document.sensitive
	[[_, place]] := regex.find_all_string_submatch_n(`^/Statement(?:/([0-9]+))?`, path, 1)
	found := _sid(document.value.Statement, place)
	is_string(found)
} else := ""

_sid(statements, "") := statements.Sid

_sid(statements, place) := statements[to_number(place)].Sid if place != ""
