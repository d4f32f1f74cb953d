package iam.statement

import data.iam.arn
import data.iam.request

# Most entries differ from the one resource that is asked about in its id or its type, which one expression each tells: of those
# without variables whose segments before the resource part are the request's, or `*`. Where a NotResource fails, one doesn't differ.
_differing_from(resource) := _differing if {
	not resource.negated
} else := {}

# The first of an entry's segments that differs, if each is a text or `*`; the resource part apart.
_differing_segment(entry, differing) := names[0] if {
	differing.segments
	regex.match(`^arn:(?:[a-z-]*|[*]):(?:[a-z0-9-]+|[*]):(?:[a-z0-9-]*|[*]):(?:[a-z0-9-]*|[*]):[^$]*$`, entry)
	segments := split(entry, ":")
	names := [$"{name}_mismatch" |
		some i, name in ["arn", "partition", "service", "region", "account"]
		not segments[i] in {"*", differing.segments[i]}
	]
}

# Where ARNs have no type word, all the rest is the id (RES-6); else entries have the same type, or none, or another one.
_differing := {"id": concat("", [_same_segments, "[^$]*$"]), "segments": split(request.single_resource, ":")} if {
	split(request.single_resource, ":")[2] in arn.services_without_type_word
	_same_segments
} else := {
	"segments": split(request.single_resource, ":"),
	"id": concat("", [_same_segments, "(?:", word, "[^$]*|[^/:$]*)$"]),
	"type": concat("", [_same_segments, "[^/:*?$]+[/:][^$]*$"]),
} if {
	word := regex.find_all_string_submatch_n(`^(?:[^:]*:){5}([\w-]+[/:])`, request.single_resource, 1)[0][1]
} else := {"segments": split(request.single_resource, ":")}

# Undefined where they need an escape, and for access points, whose service has ARNs of both kinds (RES-36).
_same_segments := concat("", ["^arn:(?:", partition, "|[*]):", service, ":(?:", region, "|[*]):(?:", account, "|[*]):"]) if {
	regex.match(`^arn:[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9-]*:`, request.single_resource)
	not regex.match(`^arn:[^:]*:s3:(?:[^:]|:[^:])`, request.single_resource)
	[_, partition, service, region, account] := array.slice(split(request.single_resource, ":"), 0, 5)
}
