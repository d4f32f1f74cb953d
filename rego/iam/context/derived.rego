package iam.context

import data.iam.principal
import data.iam.request

# What IAM itself fills in. The name is compared in each body, where OPA finds the rule for it without trying the others.
_derived(key) := principal.account if {
	key == "aws:principalaccount"
	principal.account != ""
}

_derived(key) := "anonymous" if {
	key == "aws:principalaccount"
	principal.kind == "anonymous"
}

_derived(key) := principal.id if {
	key == "aws:principalarn"
	principal.kind in ["federated_session", "role", "root", "user"]
}

# A session counts as its role; without the compiled role or the request's word the path is taken for `/`.
_derived(key) := principal.role_arn if {
	key == "aws:principalarn"
	principal.kind == "role_session"
}

_derived(key) := $"arn:{principal.partition}:iam::{principal.account}:role/{principal.role_name}" if {
	key == "aws:principalarn"
	principal.kind == "role_session"
	not principal.role_arn
}

_derived(key) := _principal_types[principal.kind] if key == "aws:principaltype"

_derived(key) := name if {
	key == "aws:username"
	principal.kind == "user"
	pieces := split(principal.id, "/")
	name := pieces[count(pieces) - 1]
}

_derived(key) := principal.unique_id if {
	key == "aws:userid"
	principal.kind == "user"
}

_derived(key) := $"{unique_id}:{split(principal.id, "/")[2]}" if {
	key == "aws:userid"
	principal.kind == "role_session"
	unique_id := principal.unique_id
}

_derived(key) := $"{principal.account}:{split(principal.id, "/")[1]}" if {
	key == "aws:userid"
	principal.kind == "federated_session"
}

_derived(key) := principal.account if {
	key == "aws:userid"
	principal.kind == "root"
}

_derived(key) := "anonymous" if {
	key == "aws:userid"
	principal.kind == "anonymous"
}

_derived(key) := principal.kind == "service" if {
	key == "aws:principalisawsservice"
	principal.kind != "anonymous"
}

_derived(key) := principal.id if {
	key == "aws:principalservicename"
	principal.kind == "service"
}

# What a role's session of the request's name would be (I.6).
_derived(key) := $"{unique_id}:{session_name}" if {
	key == "aws:userid"
	principal.kind == "role"
	unique_id := principal.unique_id
	session_name := input.principal.session_name
}

# I.5
_derived(key) := _given("aws:calledvia")[0] if key == "aws:calledviafirst"

_derived(key) := services[count(services) - 1] if {
	key == "aws:calledvialast"
	services := _given("aws:calledvia")
}

_derived(key) := input.principal.mfa if key == "aws:multifactorauthpresent"

_derived(key) := _organization[substring(key, 16, -1)] if startswith(key, "aws:principalorg")

_derived(key) := data.iam.organization.accounts[request.resource_account].id if key == "aws:resourceorgid"

_derived(key) := data.iam.organization.accounts[request.resource_account].paths if key == "aws:resourceorgpaths"

_derived(key) := _tags[substring(key, 17, -1)] if startswith(key, "aws:principaltag/")

_derived(key) := request.resource_account if {
	key == "aws:resourceaccount"
	request.resource_account != ""
}

# Session tags go before the entity's own, and the request's word before the compiled account's (I.1, IN-2).
_tags := object.union_n([{lower(name): value | some name, value in tags} |
	some tags in [
		_compiled_tags,
		object.get(_principal, "tags", {}),
		object.get(_principal, "session_tags", {}),
	]
])

# The compiled organization is that of an account; the request's word holds as a whole (IN-2).
_organization := object.filter(data.iam.organization.accounts[principal.account], ["id", "paths"]) if {
	not input.principal.organization
}

_organization := input.principal.organization

default _compiled_tags := {}

_compiled_tags := data.iam.account.principals[principal.entity].tags

default _principal := {}

_principal := input.principal if is_object(input.principal)

_principal_types := {
	"anonymous": "Anonymous",
	"federated_session": "FederatedUser",
	"role": "AssumedRole",
	"role_session": "AssumedRole",
	"root": "Account",
	"user": "User",
}

_derived_names := {
	"aws:calledviafirst",
	"aws:calledvialast",
	"aws:multifactorauthpresent",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalisawsservice",
	"aws:principalorgid",
	"aws:principalorgpaths",
	"aws:principalservicename",
	"aws:principaltype",
	"aws:resourceaccount",
	"aws:resourceorgid",
	"aws:resourceorgpaths",
	"aws:userid",
	"aws:username",
} | {$"aws:principaltag/{name}" | some name, _ in _tags}
