package iam.lint

import data.iam.arn
import data.iam.pattern

# Lists with a pattern that may cover other entries: those of actions in lower case and service by service, for a pattern
# covers none of another's.
_entries_beside[[s, "action", _service_of(text)]] contains text if {
	some s, statement in statements
	pattern.has_wildcard(statement.action.text)
	some text in split(lower(statement.action.text), "\n")
}

_entries_beside[[s, "resource", ""]] contains text if {
	some s, statement in statements
	count(statement.resource.values) > 1
	pattern.has_wildcard(statement.resource.text)
	some text in statement.resource.values
}

_service_of(text) := split(text, ":")[0]

# What each pattern covers, itself with it; of actions, `*` covers every service's.
_coverings := [found |
	some [s, part, _], texts in _entries_beside
	some text in texts
	pattern.has_wildcard(text)
	covered := _covered(statements[s], part, text, texts)
	count(covered) > 1
	found := {"covered": covered, "part": part, "statement": s, "text": text}
]

_covered(statement, "action", text, _) := {other | some other in split(lower(statement.action.text), "\n")} if {
	pattern.is_everything(text)
}

# Nearly all patterns are free from their only star to the end, and then no expression is needed.
_covered(_, part, text, texts) := {other | some other in texts; startswith(other, start)} if {
	[start, rest] := split(text, "*")
	rest == ""
	not contains(start, "?")
	[part, start] != ["action", ""]
}

_covered(_, _, text, texts) := {other | some other in texts; regex.match(expression, other)} if {
	not regex.match(`^[^*?]*[*]$`, text)
	not pattern.is_everything(text)
	expression := pattern.anchored([_covering(text)])
}

_covered(_, "resource", text, texts) := texts if {
	pattern.is_everything(text)
	text != "*"
}

# A pattern's star covers another's; its `?` does not.
_covering(text) := concat("[^*]", [pattern.body(piece) | some piece in split(text, "?")])

_covered_texts := {[found.statement, found.part, other] |
	some found in _coverings
	some other in found.covered
	other != found.text
}

_covering_texts := {[found.statement, found.part, found.text] | some found in _coverings}

# ACT-4, ACT-9, RES-9: all that one pattern covers, where no other covers the pattern.
advice contains finding if {
	some found in _coverings
	not _covered_texts[[found.statement, found.part, found.text]]
	statement := statements[found.statement]
	texts := _compared(statement, found.part)
	places := [i | some i, other in texts; found.covered[other]]
	value := [statement[found.part].values[i] | some i in places; texts[i] == found.text][0]
	message := $"'{value}' covers the other entries ({_redundancies[found.part].rules})"
	redundant := _redundant(found.part, statement[found.part], places, message)
	finding := _mended(redundant, _mend_of_covered(found.part, found.text, found.covered))
}

# ACT-9, RES-9: an entry twice, unless a pattern covers both.
advice contains finding if {
	some s, statement in statements
	some part, _ in _redundancies
	texts := _compared(statement, part)
	sorted := sort(texts)
	some text in {text | some i, text in sorted; sorted[i - 1] == text}
	not _covered_texts[[s, part, text]]
	not _covering_texts[[s, part, text]]
	places := [i | some i, other in texts; other == text]
	message := $"'{statement[part].values[places[0]]}' stands here more than once ({_redundancies[part].rules})"
	finding := _redundant(part, statement[part], places, message)
}

_redundancies := {
	"action": {"code": "REDUNDANT_ACTION", "rules": "ACT-4, ACT-9"},
	"resource": {"code": "REDUNDANT_RESOURCE", "rules": "RES-9"},
}

# Actions compare without regard to case (ACT-2).
_compared(statement, "action") := split(lower(statement.action.text), "\n")

_compared(statement, "resource") := statement.resource.values

_redundant(part, element, places, message) := _located(
	_finding(_redundancies[part].code, "SUGGESTION", element.path, message),
	[value_path(element, i) | some i in places],
)

# AWS compares resources as texts, so that a star covers what it does not match in a request.
default _mend_of_covered(_, _, _) := ""

_mend_of_covered("resource", text, covered) := $"keep {concat(", ", apart)}: it does not match them (RES-4)" if {
	apart := sort([other | some other in covered; other != text; not _covers_arn(text, other)])
	count(apart) > 0
}

default _covers_arn(_, _) := false

_covers_arn(text, _) if pattern.is_everything(text)

# Segment by segment.
_covers_arn(text, other) if {
	segments := arn.segments(arn.normalised(text))
	others := arn.segments(arn.normalised(other))
	every i, segment in segments {
		pattern.covers(pattern.marked(segment), pattern.marked(others[i]))
	}
}
