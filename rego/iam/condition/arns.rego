package iam.condition

import data.iam.arn
import data.iam.context
import data.iam.pattern

# METADATA
# title: The expression's body for an ARN with wildcards, none of which crosses the first five colons (COND-ARN-1)
arn_body(text) := concat(":", array.concat([pattern.segment(part) | some part in array.slice(parts, 0, 5)], [last])) if {
	parts := arn.segments(text)
	last := pattern.body(parts[5])
}

# A value may bring colons of its own, so that the segments are those of the text with its variables put in. The body of a
# fixed text has a colon exactly where the text has one.
default _matches_arn_template(_, _) := false

_matches_arn_template(template, given) if {
	parts := arn.segments(context.resolved_body(template))
	segments := arn.segments(given)
	every i, part in parts {
		regex.match(pattern.anchored([part]), segments[i])
	}
}

default _resolves_to_short_arn(_) := false

_resolves_to_short_arn(template) if {
	text := context.resolved_text(template)
	not arn.segments(text)
}
