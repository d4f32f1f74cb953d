# METADATA
# title: Amazon Resource Names
# description: |
#   `arn:partition:service:region:account:resource`, split at the first five colons (RES-1). The first five
#   segments compare without regard to case, the resource part with it (RES-7), so both sides are brought to
#   one spelling by `normalised`.
package iam.arn

import data.iam.pattern

# METADATA
# title: The six segments of an ARN
# description: Undefined for a text with fewer; the sixth keeps its own colons and slashes.
segments(text) := array.concat(array.slice(pieces, 0, 5), [concat(":", array.slice(pieces, 5, count(pieces)))]) if {
	pieces := split(text, ":")
	count(pieces) > 5
}

# METADATA
# title: Whether a text is an ARN with all six segments
# scope: document
default is_arn(_) := false

is_arn(text) if {
	startswith(text, "arn:")
	segments(text)
}

# METADATA
# title: An ARN with its first five segments in lower case (RES-7)
normalised(text) := concat(":", array.concat([lower(segment) | some segment in array.slice(parts, 0, 5)], [parts[5]])) if {
	parts := segments(text)
}

# METADATA
# title: The account that an ARN names, empty where it names none
# scope: document
default account(_) := ""

account(text) := segments(text)[4] if is_arn(text)

# METADATA
# title: A short ARN, filled up with `*` to six segments (C.2)
expanded(text) := concat(":", array.concat(pieces, array.slice(["*", "*", "*", "*", "*"], 0, 6 - count(pieces)))) if {
	pieces := split(text, ":")
	count(pieces) < 6
} else := text

# METADATA
# title: The ARN that a policy's text stands for, by the type of the policy (RES-11)
# description: Undefined for what is no ARN (RES-14), and for a short one that the type does not expand (C.2).
in_policy(text, _) := text if is_arn(text)

in_policy(text, policy_type) := expanded(text) if {
	is_short(text)
	_expands(text, policy_type)
}

# METADATA
# title: Whether a text is an ARN with fewer than six segments
# scope: document
default is_short(_) := false

is_short(text) if {
	startswith(text, "arn:")
	not is_arn(text)
}

_expands(_, policy_type) if policy_type in ["identity", "permissions_boundary", "session"]

_expands(text, policy_type) if {
	policy_type in ["resource", "role_trust", "vpc_endpoint"]
	contains(text, "*")
}

_expands(text, policy_type) if {
	policy_type == "service_control"
	endswith(text, "*")
}

# METADATA
# title: What a policy's ARN is matched as (RES-6)
# description: |
#   A list of ARNs in segments, whose wildcards all count; any of them may match. As a rule that is the ARN itself. A type
#   word with a wildcard or a variable is literal and so names no type: nothing is left, save for the services that have
#   none. A word of asterisks alone is no attempt at a type: AWS's own managed policies write `*/*`, `*:*` and
#   `*:autoScalingGroupName/*`, and mean every type.
readings(parts, _, true) := [parts] if parts

readings(parts, variables, false) := [parts] if not _is_open(type_word(parts[5], variables), variables)

readings(parts, variables, false) := _without_type_word(parts) if _is_open(type_word(parts[5], variables), variables)

# METADATA
# title: Whether an ARN's resource part begins with a type word (RES-6)
# scope: document
default has_type_word(_) := true

has_type_word(parts) := false if count(_without_type_word(parts)) > 0

_without_type_word(parts) := [reading |
	some service in services_without_type_word
	regex.match(pattern.anchored([pattern.segment(parts[2])]), service)
	reading := _read_for(parts, service)
]

# METADATA
# title: The type word of a resource part with its separator, empty where there is none (RES-6)
# description: A separator within a policy variable is none.
# scope: document
default type_word(_, _) := ""

type_word(text, false) := regex.find_all_string_submatch_n(`^[^/:]*[/:]`, text, 1)[0][0]

type_word(text, true) := regex.find_all_string_submatch_n(
	`^(?:[^$/:]|[$]+[^$/:{]|[$]+[{][^}]*[}])*[$]*[/:]`,
	text,
	1,
)[0][0]

default _is_open(_, _) := false

_is_open(word, _) if {
	pattern.has_wildcard(word)
	trim(word, "*/:") != ""
}

_is_open(word, true) if contains(word, "${")

_read_for(parts, service) := array.concat(["arn", parts[1], service], array.slice(parts, 3, 6)) if service != "s3"

# Buckets and objects have neither Region nor account; access points have both, and a type word (RES-35, RES-36).
_read_for(parts, service) := ["arn", parts[1], "s3", "", "", parts[5]] if {
	service == "s3"
	trim(concat("", [parts[3], parts[4]]), "*") == ""
}

# METADATA
# title: The services of which an ARN format begins with an identifier
# description: |
#   By AWS's service authorization reference. Kinesis is none: what stands there for a consumer's stream type is always `stream`.
services_without_type_word := [
	"aws-marketplace",
	"codecommit",
	"codepipeline",
	"execute-api",
	"mapcredits",
	"neptune-db",
	"s3",
	"servicequotas",
	"sns",
	"sqs",
	"ssm-sap",
	"wafv2",
]
