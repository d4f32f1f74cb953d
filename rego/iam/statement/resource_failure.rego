package iam.statement

import data.iam.arn
import data.iam.document
import data.iam.pattern
import data.iam.request

# METADATA
# title: Why a resource part doesn't match
# description: |
#   What the policy wants, what the request has, and of each entry the `reason` (EXP-2): why it doesn't match, or `matches`,
#   where NotResource fails by it.
resource_failure(statement) := {
	"element": {false: "Resource", true: "NotResource"}[statement.resource.negated],
	"entries": [{"entry": entry, "reason": reason} |
		differing := _differing_from(statement.resource)
		some entry in statement.resource.written
		reason := _reason(statement, entry, differing)
	],
	"given": request.resource,
	"wanted": statement.resource.written,
}

# METADATA
# title: What the caller should know of a Deny that doesn't apply
# description: |
#   A NotResource that can't be decided leaves its statement out, and a Deny left out lets more through (OPEN-3). A set, each
#   with its `code` and `message`, for a statement whose action matches.
resource_oddities(statement) := {{"code": "UNDECIDED_NOT_RESOURCE", "message": message} |
	statement.effect == "Deny"
	statement.resource.negated
	not _covers_resource(statement.resource)
	some entry in statement.resource.written
	not _is_decided_entry(statement.resource, entry)
	message := $"a Deny does not apply, for its NotResource can't be decided by '{entry}' (RES-20, RES-21)"
}

default _is_decided_entry(_, _) := false

_is_decided_entry(resource, entry) if {
	document.is_decidable(entry, resource.variables)
	_is_resolved(resource, entry)
}

# Whether an entry's variables have values; what can't match for another reason counts as resolved.
default _is_resolved(_, _) := false

_is_resolved(resource, entry) if _marked_segments(_segments(resource, entry), resource.variables)

_segments(resource, entry) := arn.segments(arn.normalised(arn.in_policy(entry, resource.policy_type)))

_reason(statement, entry, differing) := "id_mismatch" if {
	regex.match(differing.id, entry)
} else := "type_mismatch" if {
	regex.match(differing.type, entry)
} else := mismatch if {
	mismatch := _differing_segment(entry, differing)
} else := "matches" if {
	_entry_matches(statement, entry)
} else := "invalid_arn" if {
	not startswith(entry, "arn:")
} else := "invalid_arn" if {
	not arn.in_policy(entry, statement.resource.policy_type)
	statement.resource.policy_type in ["resource_control", "service_control"]
} else := "short_arn_no_match" if {
	not arn.in_policy(entry, statement.resource.policy_type)
} else := "wildcard_only_action" if {
	request.resource == "*"
	not _asked
} else := "unresolvable_variable" if {
	document.is_faulty(entry, statement.resource.variables)
} else := "unresolvable_variable" if {
	not _is_resolved(statement.resource, entry)
} else := "short_arn_expanded_mismatch" if {
	arn.is_short(entry)
} else := "pattern_mismatch" if {
	_asked
} else := $"{_mismatch(_segments(statement.resource, entry), statement.resource.variables)}_mismatch"

default _entry_matches(_, _) := false

_entry_matches(_, entry) if pattern.is_everything(entry)

_entry_matches(statement, entry) if {
	_asked
	_meets_asked(statement, entry)
}

_entry_matches(statement, entry) if {
	request.single_resource
	some segments in _marked_readings(statement.resource, entry)
	every i, segment in segments {
		pattern.overlaps(segment, _marked_request[i])
	}
}

# The first segment that differs; in the resource part, its type word or what follows.
_mismatch(segments, variables) := name if {
	differing := [name |
		some i, name in ["arn", "partition", "service", "region", "account"]
		not pattern.overlaps(pattern.marked(segments[i]), _marked_request[i])
	]
	name := array.concat(differing, [_part_mismatch(segments, variables)])[0]
}

_part_mismatch(segments, variables) := "type" if {
	arn.has_type_word(segments)
	word := arn.type_word(segments[5], variables)
	word != ""
	given := arn.type_word(arn.segments(request.normalised_resource)[5], false)
	not _is_type(word, given)
} else := "id"

default _is_type(_, _) := false

_is_type(word, given) if word == given

# Asterisks alone are every type with the same separator.
_is_type(word, given) if {
	trim(word, "*/:") == ""
	pattern.overlaps(pattern.marked(word), pattern.marked_literal(given))
}
