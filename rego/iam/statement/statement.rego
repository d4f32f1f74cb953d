# METADATA
# title: Statements
# description: |
#   Whether a compiled statement applies to the request: its action part, its resource part and every condition match
#   (0.2).
package iam.statement

import data.iam.condition
import data.iam.context
import data.iam.request

# METADATA
# title: Whether all of a statement's elements match
# scope: document
default applies(_) := false

applies(statement) if {
	matches_action(statement.action)
	matches_resource(statement.resource)
	every test in statement.conditions {
		condition.satisfied(test)
	}
}

# METADATA
# title: Whether the action part matches (ACT-9, ACT-10)
# scope: document
default matches_action(_) := false

matches_action(action) if _covers_action(action) != action.negated

# METADATA
# title: Whether the resource part matches (RES-9)
# description: NotResource does not match where one of its entries can't be decided (RES-20, OPEN-3).
# scope: document
default matches_resource(_) := false

matches_resource(resource) if {
	not resource.negated
	_covers_resource(resource)
}

matches_resource(resource) if {
	resource.negated
	not _covers_resource(resource)
	not resource.undecidable
	every template in resource.templates {
		context.resolved(template)
	}
}

default _covers_action(_) := false

_covers_action(action) if action.every

_covers_action(action) if action.exact[request.action]

_covers_action(action) if regex.match(action.pattern, request.action)

default _covers_resource(_) := false

_covers_resource(resource) if resource.every

# A request about `*` is met by `*` alone: no specific entry matches it (RES-31, RES-32).
_covers_resource(resource) if {
	request.resource != "*"
	resource.exact[request.normalised_resource]
}

_covers_resource(resource) if {
	request.resource != "*"
	regex.match(resource.pattern, request.normalised_resource)
}

_covers_resource(resource) if {
	request.resource != "*"
	some template in resource.templates
	regex.match(context.resolved(template), request.normalised_resource)
}
