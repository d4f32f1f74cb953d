package iam.statement

import data.iam.context
import data.iam.request

# METADATA
# title: Whether the resource part matches (RES-9)
# description: |
#   NotResource does not match where one of its entries can't be decided (RES-20, OPEN-3). A request about `*` is met by `*`
#   alone (RES-31), and by NotResource without it (RES-32), unless its action is known to support resources (RES-42).
# scope: document
default matches_resource(_) := false

matches_resource(statement) if {
	not statement.resource.negated
	_covers_resource(statement.resource)
}

matches_resource(statement) if {
	statement.resource.negated
	not _asked
	not _covers_resource(statement.resource)
	_is_decided(statement.resource)
}

matches_resource(statement) if {
	_asked
	_matches_pattern(statement)
}

default _matches_pattern(_) := false

_matches_pattern(statement) if {
	not statement.resource.negated
	_meets_pattern(statement)
}

_matches_pattern(statement) if {
	statement.resource.negated
	not statement.resource.every
	not _meets_pattern(statement)
	_is_decided(statement.resource)
}

default _is_decided(_) := false

_is_decided(resource) if {
	not resource.undecidable
	every template in resource.templates {
		context.resolved(template)
	}
}

default _covers_resource(_) := false

_covers_resource(resource) if resource.every

_covers_resource(resource) if resource.exact[request.single_resource]

_covers_resource(resource) if regex.match(resource.pattern, request.single_resource)

_covers_resource(resource) if {
	some template in resource.templates
	regex.match(context.resolved(template), request.single_resource)
}

# Few statements have that second form (OPEN-2).
_covers_resource(resource) if {
	resource.globbed
	request.settings.glob_resource_type == true
	_covers_in_form(resource.globbed)
}

default _covers_in_form(_) := false

_covers_in_form(form) if regex.match(form.pattern, request.single_resource)

_covers_in_form(form) if {
	some template in form.templates
	regex.match(context.resolved(template), request.single_resource)
}
