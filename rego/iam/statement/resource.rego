package iam.statement

import data.iam.context
import data.iam.request

# METADATA
# title: Whether the resource part matches (RES-9)
# description: NotResource does not match where one of its entries can't be decided (RES-20, OPEN-3).
# scope: document
default matches_resource(_) := false

matches_resource(statement) if {
	not statement.resource.negated
	_covers_resource(statement.resource)
}

matches_resource(statement) if {
	statement.resource.negated
	not _covers_resource(statement.resource)
	not statement.resource.undecidable
	every template in statement.resource.templates {
		context.resolved(template)
	}
}

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

# METADATA
# title: Why a resource part doesn't match
# description: What the policy wants, and what the request has (EXP-2).
resource_failure(statement) := {"element": element, "given": request.resource, "wanted": statement.resource.written} if {
	element := {false: "Resource", true: "NotResource"}[statement.resource.negated]
}
