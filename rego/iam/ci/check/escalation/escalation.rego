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
	some id, found in _open
	subject := world.subjects.after[id]
	count(found) > 0
	message := $"can give itself more rights: by {_told(found)}"
}

# METADATA
# title: What is told
warned contains _finding("CONDITIONAL_PRIVILEGE_ESCALATION", "warn", subject, message) if {
	some id, candidates in _candidates
	subject := world.subjects.after[id]
	found := {name |
		some name, steps in candidates
		not name in _open[id]
		_all_open(id, steps, "discovery")
	}
	count(found) > 0
	message := $"can, under conditions, give itself more rights: by {_told(found)}"
}

# Whoever may do what no policy names, and change policies besides.
_admins contains id if {
	some id, subject in world.subjects.after
	every action in ["opa-iam:AnythingElse", "iam:CreatePolicyVersion", "iam:PutRolePolicy"] {
		reach.may_name("after", subject.keys, action)
		world.allows("after", reach.request(subject, {"action": action, "resource": "*"}))
	}
}

_open := {id: {name | some name, steps in candidates; _all_open(id, steps, "strict")} | some id, candidates in _candidates}

_candidates := {id: found |
	some id, subject in world.subjects.after
	not id in _admins
	found := {name: steps |
		some name, steps in ways
		every step in steps {
			reach.may_name("after", subject.keys, step.action)
			not reach.is_denied("after", subject.keys, step.action)
		}
	}
}

default _all_open(_, _, _) := false

_all_open(id, steps, mode) if {
	every step in steps {
		_is_open(id, step, mode)
	}
}

default _is_open(_, _, _) := false

_is_open(id, step, mode) if {
	some resource in _targets(id, step.on)
	context := object.get(step, "context", {})
	request := {"action": step.action, "context": context, "known": _known(context, mode), "mode": mode, "resource": resource}
	world.allows("after", reach.request(world.subjects.after[id], request))
}

_known(_, "strict") := {}

_known(context, "discovery") := {key: "value" | some key, _ in context}

_finding(rule, verdict, subject, message) := model.finding("escalation", rule, verdict, subject.place, message, _mend)

_mend := "name the resources, add conditions, or a permissions boundary"

_told(ways) := concat("; by ", sort(ways))
