# METADATA
# title: Rights that lead to all rights
# description: |
#   Decided over all policies that a principal has after the change. What it may do in any case refuses the
#   change; what it may do only under conditions that the gate can't know is told.
package iam.ci.check.escalation

import data.iam.ci.model
import data.iam.ci.reach
import data.iam.ci.world

# METADATA
# title: What refuses the change
denied contains _finding("FULL_ADMIN", "deny", subject, message) if {
	some id in _admins
	subject := world.subjects.after[id]
	message := "may do everything, IAM's own actions included"
}

denied contains _finding("PRIVILEGE_ESCALATION", "deny", subject, message) if {
	some id, ways in _open.strict
	subject := world.subjects.after[id]
	count(ways) > 0
	message := $"can give itself more rights: by {_told(ways)}"
}

# METADATA
# title: What is told
warned contains _finding("CONDITIONAL_PRIVILEGE_ESCALATION", "warn", subject, message) if {
	some id, ways in _open.discovery
	subject := world.subjects.after[id]
	further := ways - _open.strict[id]
	count(further) > 0
	message := $"can, under conditions, give itself more rights: by {_told(further)}"
}

# Whoever may do what no policy names, and change policies besides.
_admins contains id if {
	some id, subject in world.subjects.after
	every action in ["opa-iam:AnythingElse", "iam:CreatePolicyVersion", "iam:PutRolePolicy"] {
		reach.may_name("after", subject.keys, action)
		world.allows("after", reach.request("after", id, {"action": action, "resource": "*"}))
	}
}

_open[mode][id] := {name |
	some name, steps in _candidates[id]
	every step in steps {
		_is_open(id, step, mode)
	}
} if {
	some mode in ["discovery", "strict"]
	some id, _ in _candidates
}

_candidates[id] := {name: steps |
	some name, steps in ways
	every step in steps {
		reach.may_name("after", subject.keys, step.action)
	}
} if {
	some id, subject in world.subjects.after
	not id in _admins
}

default _is_open(_, _, _) := false

_is_open(id, step, mode) if {
	some resource in _targets(id, step.on)
	context := object.get(step, "context", {})
	request := {"action": step.action, "context": context, "known": _known(context, mode), "mode": mode, "resource": resource}
	world.allows("after", reach.request("after", id, request))
}

_known(_, "strict") := {}

_known(context, "discovery") := {key: "value" | some key, _ in context}

_finding(rule, verdict, subject, message) := model.finding("escalation", rule, verdict, subject.place, message, _mend)

_mend := "name the resources, add conditions, or a permissions boundary"

_told(ways) := concat("; by ", sort(ways))
