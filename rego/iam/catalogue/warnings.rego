package iam.catalogue

import data.iam.action
import data.iam.pointer
import data.iam.request

# METADATA
# title: What in the request AWS would not have sent
# description: Such a request is decided like any other; the reference may be older than AWS (ACT-13, IN-5).
# scope: document
warnings := _of_action | odd_context

_of_action := {warning | some warning in odd_resource(action.service, _number, request.normalised_resource)} if {
	_number
} else := {_warning("UNKNOWN_ACTION", "/action", message)} if {
	is_loaded
	is_string(input.action)
	message := $"{_source} has no action '{input.action}' (ACT-13)"
} else := set()

# METADATA
# title: What is odd about the resource of an action that the reference has
# description: |
#   Takes the action's service, the number of its group, and the request's normalised resource. A list of one warning or none,
#   in few steps: a template string has more.
odd_resource(service, number, resource) := [] if {
	resource == "*"
} else := [{"code": "RESOURCE_NOT_SUPPORTED", "message": message, "path": "/resource"}] if {
	data.iam.reference.services[service].groups[number].types == []
	message := concat("", [input.action, " has no resource type: its resource can only be '*' (RES-30)"])
} else := [] if {
	some type in data.iam.reference.services[service].groups[number].types
	regex.match(data.iam.reference.services[service].types[type].arn, resource)
} else := [{"code": "RESOURCE_TYPE_NOT_LISTED", "message": message, "path": "/resource"}] if {
	types := concat(", ", data.iam.reference.services[service].groups[number].types)
	message := concat("", ["'", input.resource, "' is none of the resources of ", input.action, ": ", types, " (IN-5)"])
}

# METADATA
# title: What is odd about the context
# scope: document
odd_context := set() if {
	foreign_context_keys == []
	not _may_be_odd
} else := _of_context

default _may_be_odd := false

# A list, or a key that only requests through a VPC endpoint have.
_may_be_odd if regex.match(`\[|"(?i:aws:(?:sourcevpc|vpc))`, json.marshal(_given))

_of_context contains _warning("FOREIGN_CONTEXT_KEY", pointer.step("/context", name), message) if {
	some name in foreign_context_keys
	message := $"{_source} lists '{name}' neither for {input.action} nor for all requests (IN-3)"
}

_of_context contains _warning("LIST_FOR_SINGLE_VALUED_KEY", pointer.step("/context", name), message) if {
	some name, value in _given
	is_array(value)
	is_multivalued(lower(name)) == false
	message := $"'{name}' has one value: of a list the first counts, and an empty list as none (IN-4)"
}

# A request comes either from the internet or through a VPC endpoint.
_of_context contains _warning("CONFLICTING_NETWORK_KEYS", pointer.step("/context", name), message) if {
	others := sort([other | some other, _ in _uncommon; _vpc_endpoint_keys[lower(other)]])
	others != []
	some name, _ in _given
	lower(name) == "aws:sourceip"
	message := $"no request has both '{name}' and {concat(", ", others)} (GKEY-1)"
}

_warning(code, path, message) := {"code": code, "message": message, "path": path}

_source := $"{data.iam.reference.source.name} {data.iam.reference.source.version}"

_vpc_endpoint_keys := {
	"aws:sourcevpc",
	"aws:sourcevpcarn",
	"aws:sourcevpce",
	"aws:vpceaccount",
	"aws:vpceorgid",
	"aws:vpceorgpaths",
	"aws:vpcsourceip",
}
