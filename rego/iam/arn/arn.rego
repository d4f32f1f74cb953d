# METADATA
# title: Amazon Resource Names
# description: |
#   `arn:partition:service:region:account:resource`, split at the first five colons (RES-1). The first five
#   segments compare without regard to case, the resource part with it (RES-7), so both sides are brought to
#   one spelling by `normalised`.
package iam.arn

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
# title: An identity policy's short ARN, filled up with `*` to six segments (RES-11)
expanded(text) := concat(":", array.concat(pieces, array.slice(["*", "*", "*", "*", "*"], 0, 6 - count(pieces)))) if {
	pieces := split(text, ":")
	count(pieces) < 6
} else := text

# METADATA
# title: The literal type word of a pattern's resource part with its separator, empty where there is none (RES-6)
# scope: document
default type_word(_) := ""

type_word(parts) := word if {
	not _identifier_first(parts)
	word := regex.find_all_string_submatch_n(`^[^/:]*[/:]`, parts[5], 1)[0][0]
}

default _identifier_first(_) := false

_identifier_first(parts) if _services_without_type_word[parts[2]]

# Buckets and objects have neither Region nor account; access points have both, and a type word (RES-36).
_identifier_first(parts) if {
	parts[2] == "s3"
	parts[3] == ""
	parts[4] == ""
}

# The services whose ARN formats begin with an identifier, by AWS's service authorization reference.
_services_without_type_word := {
	"aws-marketplace": true,
	"codecommit": true,
	"codepipeline": true,
	"execute-api": true,
	"mapcredits": true,
	"neptune-db": true,
	"servicequotas": true,
	"sns": true,
	"sqs": true,
	"ssm-sap": true,
	"wafv2": true,
}
