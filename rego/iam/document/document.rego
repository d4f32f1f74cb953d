# METADATA
# title: A policy document, lowered
# description: |
#   From IAM's JSON to the compiled form that decides: names in lower case, lists as sets, wildcards as one expression.
#   The only definition of it: the compiler calls it for stored policies, the decision for inline ones.
#
#   What a document gets wrong is in `problems`. A structural one makes the whole policy unusable; any other makes its
#   entry match nothing and leaves the rest standing (EVAL-8).
package iam.document

import data.iam.order
import data.iam.pattern

# METADATA
# title: The compiled statements of a document, and its problems
# description: |
#   `policy_type` is one of `policy_types`, for a text means different things as an identity policy and as another type
#   (A.5, C.2). There are no `statements` where a problem is structural.
lowered(document, policy_type) := {"problems": (found | too_complex), "statements": statements} if {
	found := problems(document, policy_type)
	usable := count([problem | some problem in found; problem.structural]) == 0
	variables := variables_count(document)
	placed := placed_statements(document)
	written := [_statement(entry.value, i + 1, policy_type, variables) | usable; some i, entry in placed]
	too_complex := union({_of_patterns(placed[i].path, statement) | some i, statement in written})
	statements := [statement | count(too_complex) == 0; some statement in written]
}

# METADATA
# title: What the compiler asks, the lowered form of each document of its input
# description: |
#   The input is no request but `{"documents": [{"document": …, "policy_type": …}, …]}`.
# scope: document
# entrypoint: true
lowered_documents := [lowered(item.document, item.policy_type) | some item in input.documents]

# METADATA
# title: Whether a document's version knows policy variables (GRAM-11, GRAM-12)
# scope: document
default variables_count(_) := false

variables_count(document) if document.Version == "2012-10-17"

_statement(statement, index, policy_type, variables) := object.union(_principal(statement, policy_type), {
	"action": _action(statement),
	"conditions": [_condition(operator, key, block[key], variables) |
		some operator, block in object.get(statement, "Condition", {})
		some key in order.texts(object.keys(block))
	],
	"effect": statement.Effect,
	"index": index,
	"resource": _resource(statement, policy_type, variables),
	"sid": object.get(statement, "Sid", null),
})

_action(statement) := action_part(as_list(statement[name]), negated) if {
	some [name, negated] in [["Action", false], ["NotAction", true]]
	name in object.keys(statement)
}

# METADATA
# title: A statement's actions, compiled
# description: What each is matched by, all names in lower case (ACT-2), and whether those are meant or all others.
action_part(entries, negated) := {
	"every": _any_is_everything(entries),
	"exact": {lower(entry): true | some entry in entries; not pattern.has_wildcard(entry)},
	"negated": negated,
	"pattern": pattern.anchored([pattern.body(lower(entry)) |
		some entry in entries
		pattern.has_wildcard(entry)
		is_action(entry)
	]),
	"written": entries,
}

# METADATA
# title: Whether a policy's action is well formed
# description: One that is not matches nothing, in NotAction as well (ACT-3 to ACT-7).
# scope: document
default is_action(_) := false

is_action(entry) if pattern.is_everything(entry)

is_action(entry) if regex.match(`^[^:*?\s]+:[^:\s]+$`, entry)

# METADATA
# title: One value or a list of them as a list (GRAM-9)
as_list(value) := value if is_array(value)

as_list(value) := [value] if not is_array(value)

default _is_variable(_, _) := false

_is_variable(text, true) if has_variable(text)

_any_is_everything(entries) := count([entry | some entry in entries; pattern.is_everything(entry)]) > 0
