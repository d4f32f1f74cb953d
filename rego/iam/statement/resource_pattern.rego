package iam.statement

import data.iam.arn
import data.iam.catalogue
import data.iam.context
import data.iam.document
import data.iam.pattern
import data.iam.request

# METADATA
# title: The resources to be decided one by one for a request about a pattern (RES-43)
# description: |
#   Of an Allow statement whose action matches, a set of request ARNs: each entry that shares a resource with the pattern,
#   its variables resolved. An entry that covers the pattern, and NotResource where it matches, stand for the request's own
#   resource. Empty for a request that asks about no pattern.
overlapping_patterns(statement) := {text |
	_asked
	not statement.resource.negated
	not _covers_asked(statement)
	some entry in statement.resource.written
	some segments in _marked_readings(statement.resource, entry)
	_all_overlap(segments)
	text := pattern.unmarked(concat(":", segments))
} | {request.resource |
	_asked
	_covers_asked(statement)
}

default _covers_asked(_) := false

_covers_asked(statement) if statement.resource.every

_covers_asked(statement) if {
	not statement.resource.negated
	some entry in statement.resource.written
	some segments in _marked_readings(statement.resource, entry)
	_all_cover(segments)
}

_covers_asked(statement) if {
	statement.resource.negated
	matches_resource(statement)
}

# What a request about more than one resource asks, in marked segments. A `*` for an action that supports resources asks
# about all of them (RES-42).
_asked := _marked_request if {
	request.resource != "*"
	contains(request.normalised_resource, "*")
}

_asked := pattern.marked_everything if {
	request.resource == "*"
	catalogue.supports_resources == true
}

_marked_request := [pattern.marked_stars(segment) | some segment in arn.segments(request.normalised_resource)]

default _meets_pattern(_) := false

# Of all resources there is one for every ARN whose type word is a text, if it has any (RES-6).
_meets_pattern(statement) if {
	request.resource == "*"
	statement.effect == "Allow"
	not statement.resource.negated
	some entry in statement.resource.written
	regex.match(`^arn:[^:$]*:[^:$]*:[^:$]*:[^:$]*:(?:[^:/$]*|[^:/*?$]*[:/][^$]*)$`, entry)
} else if {
	some entry in statement.resource.written
	_meets_asked(statement, entry)
}

# Whether an entry stands for the pattern (RES-41): to be let in, one shared resource will do; to be kept out, all must be.
default _meets_asked(_, _) := false

_meets_asked(statement, entry) if {
	statement.effect == "Allow" != statement.resource.negated
	some segments in _marked_readings(statement.resource, entry)
	_all_overlap(segments)
}

_meets_asked(statement, entry) if {
	statement.effect == "Allow" == statement.resource.negated
	some segments in _marked_readings(statement.resource, entry)
	_all_cover(segments)
}

default _all_overlap(_) := false

_all_overlap(segments) if {
	every i, segment in segments {
		pattern.overlaps(segment, _asked[i])
	}
}

default _all_cover(_) := false

_all_cover(segments) if {
	every i, segment in segments {
		pattern.covers(segment, _asked[i])
	}
}

# An entry's ARNs in marked segments; none for what matches nothing (RES-14, RES-17, C.2).
default _marked_readings(_, _) := []

_marked_readings(resource, entry) := [marked |
	parts := arn.segments(arn.normalised(arn.in_policy(entry, resource.policy_type)))
	not contains(concat(":", array.slice(parts, 0, 5)), "${") # no ARN has that there, and it is no variable (RES-15)
	some reading in arn.readings(parts, resource.variables, _wildcards_in_type_words)
	marked := _marked_segments(reading, resource.variables)
] if {
	not document.is_faulty(entry, resource.variables)
}

_marked_segments(segments, variables) := array.concat(heads, [concat("", texts)]) if {
	heads := [pattern.marked(segment) | some segment in array.slice(segments, 0, 5)]
	parts := document.marked_parts(segments[5], variables)
	texts := [text | some part in parts; text := _marked_text(part)]
	count(texts) == count(parts)
}

_marked_text(part) := part.marked

_marked_text(part) := pattern.marked_literal(context.variable_value(part))

default _wildcards_in_type_words := false

_wildcards_in_type_words if request.settings.glob_resource_type == true
