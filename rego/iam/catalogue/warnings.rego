package iam.catalogue

import data.iam.action
import data.iam.pointer
import data.iam.request

# METADATA
# title: What in the request AWS would not have sent
# description: Such a request is decided like any other; the reference may be older than AWS (ACT-13, IN-5).
# scope: document
warnings contains _warning("UNKNOWN_ACTION", "/action", message) if {
	is_loaded
	is_string(input.action)
	not _action
	message := $"{_source} has no action '{input.action}' (ACT-13)"
}

warnings contains _warning("RESOURCE_NOT_SUPPORTED", "/resource", message) if {
	supports_resources == false
	request.resource != "*"
	message := $"{input.action} has no resource type: its resource can only be '*' (RES-30)"
}

warnings contains _warning("RESOURCE_TYPE_NOT_LISTED", "/resource", message) if {
	supports_resources
	request.resource != "*"
	not _is_of_listed_type
	message := $"'{request.resource}' is none of the resources of {input.action}: {concat(", ", _action.types)} (IN-5)"
}

warnings contains _warning("FOREIGN_CONTEXT_KEY", pointer.step("/context", name), message) if {
	some name in foreign_context_keys
	message := $"{_source} lists '{name}' neither for {input.action} nor for all requests (IN-3)"
}

warnings contains _warning("LIST_FOR_SINGLE_VALUED_KEY", pointer.step("/context", name), message) if {
	some name, value in _given
	is_array(value)
	is_multivalued(lower(name)) == false
	message := $"'{name}' has one value: of a list the first counts, and an empty list as none (IN-4)"
}

# A request comes either from the internet or through a VPC endpoint.
warnings contains _warning("CONFLICTING_NETWORK_KEYS", pointer.step("/context", name), message) if {
	count({lower(name) | some name, _ in _given} & _vpc_endpoint_keys) > 0
	some name, _ in _given
	lower(name) == "aws:sourceip"
	others := sort([other | some other, _ in _given; _vpc_endpoint_keys[lower(other)]])
	message := $"no request has both '{name}' and {concat(", ", others)} (GKEY-1)"
}

_warning(code, path, message) := {"code": code, "message": message, "path": path}

_source := $"{data.iam.reference.source.name} {data.iam.reference.source.version}"

default _is_of_listed_type := false

_is_of_listed_type if {
	some type in _action.types
	regex.match(data.iam.reference.services[action.service].types[type].arn, request.normalised_resource)
}

_vpc_endpoint_keys := {
	"aws:sourcevpc",
	"aws:sourcevpcarn",
	"aws:sourcevpce",
	"aws:vpceaccount",
	"aws:vpceorgid",
	"aws:vpceorgpaths",
	"aws:vpcsourceip",
}
