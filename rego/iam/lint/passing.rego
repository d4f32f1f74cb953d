package iam.lint

import data.iam.pattern

# Where the statements of identity policies that allow something on every resource, or on all but some, say so; by the
# statement's place in `statements`.
_open_resources[i] := path if {
	_is_identity
	some i, statement in statements
	statement.effect == "Allow"
	path := _open_resource(statement.resource)
}

_open_resource(resource) := value_path(resource, k) if {
	resource.name == "Resource"
	k := [k | some k, value in resource.values; pattern.is_everything(value)][0]
}

_open_resource(resource) := resource.path if resource.name == "NotResource"

# How a statement reaches an action of IAM's: by its name, else by a pattern, else by NotAction; and where.
_reach(i, action) := {"at": value_path(part, named[0]), "by": "name"} if {
	part := statements[i].action
	not part.negated
	named := [k | some k, value in part.values; lower(value) == action]
	count(named) > 0
} else := {"at": value_path(part, fitting[0]), "by": "pattern"} if {
	part := statements[i].action
	not part.negated
	regex.match(`(?im)^(?:[*]+$|iam:[^*?\n]*[*?])`, part.text)
	fitting := [k | some k, value in part.values; _fits_action(lower(value), action)]
	count(fitting) > 0
} else := {"at": statements[i].action.path, "by": "negation"} if {
	statements[i].action.negated
	is_about(i, action)
}

default _fits_action(_, _) := false

_fits_action(value, _) if pattern.is_everything(value)

_fits_action(value, action) if {
	startswith(value, "iam:")
	pattern.has_wildcard(value)
	regex.match(pattern.anchored([pattern.body(value)]), action)
}

# AWS's codes, by how the action is reached and which resources are left open.
_passing_codes := {
	"name": {"NotResource": "PASS_ROLE_WITH_NOT_RESOURCE", "Resource": "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
	"negation": {
		"NotResource": "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
		"Resource": "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
	},
	"pattern": {
		"NotResource": "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
		"Resource": "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
	},
}

_creating_codes := {
	"name": {"NotResource": "CREATE_SLR_WITH_NOT_RESOURCE", "Resource": "CREATE_SLR_WITH_STAR_IN_RESOURCE"},
	"negation": {
		"NotResource": "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
		"Resource": "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
	},
	"pattern": {
		"NotResource": "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
		"Resource": "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
	},
}

# IAM-4, ACT-11, RES-9
advice contains finding if {
	some i, path in _open_resources
	not _names_receiver(statements[i])
	reach := _reach(i, "iam:passrole")
	code := _passing_codes[reach.by][statements[i].resource.name]
	message := "passes any role to any service: name the roles, or the service by iam:PassedToService (IAM-4)"
	finding := _located(_finding(code, "SECURITY_WARNING", reach.at, message), [reach.at, path])
}

default _names_receiver(_) := false

_names_receiver(statement) if {
	some test in statement.tests
	test.key == "iam:passedtoservice"
	test.base in ["stringequals", "stringlike"]
	not test.if_exists
}

# IAM-3, ACT-11, RES-9
advice contains finding if {
	some i, path in _open_resources
	not _names_service(statements[i])
	reach := _reach(i, "iam:createservicelinkedrole")
	code := _creating_codes[reach.by][statements[i].resource.name]
	message := "creates service-linked roles for any service: name the services by iam:AWSServiceName (IAM-3)"
	finding := _located(_finding(code, "WARNING", reach.at, message), [reach.at, path])
}

default _names_service(_) := false

_names_service(statement) if {
	some test in statement.tests
	test.key == "iam:awsservicename"
	test.base in ["stringequals", "stringlike"]
	not test.if_exists
	count(test.values) > 0
	not regex.match(`(?m)^[*?]`, concat("\n", test.values))
}
