package iam.request

import data.iam.pointer

# METADATA
# title: What is known of a key in discovery mode (DISC-1)
# description: |
#   A set of `presence`, `value` and `nothing`, for several entries may speak of one key; empty where none does. The key is
#   in lower case.
known(key) := {level | some name, level in _knowledge; _speaks_of(name, key)}

_faults contains _error("INVALID_MODE", "/mode", $"'{input.mode}' is neither strict nor discovery (G.3)") if {
	is_string(input.mode)
	not input.mode in ["discovery", "strict"]
}

_faults contains _error("UNEXPECTED_KNOWLEDGE", "/known", "'known' is for the mode discovery alone (DISC-1)") if {
	count(_knowledge) > 0
	not _discovers
}

_faults contains _error(
	"INVALID_KNOWLEDGE", pointer.step("/known", name),
	$"what is known of '{name}' must be presence, value or nothing (DISC-1)",
) if {
	some name, level in _knowledge
	not level in ["nothing", "presence", "value"]
}

_faults contains _error(
	"INVALID_PATTERN", pointer.step("/known", name),
	$"'{name}' holds no regular expression of RE2 (DISC-1)",
) if {
	some name, _ in _knowledge
	_is_pattern(name)
	not regex.is_valid(_expression(name))
}

_faults contains _error(
	"TOO_LONG", pointer.step("/known", name),
	$"no key or pattern of keys may have more than {_longest_key} characters",
) if {
	some name, _ in _knowledge
	count(name) > _longest_key
}

# AWS's own limit for the name of a key (SIM-1).
_longest_key := 256

_knowledge := input.known if is_object(input.known)

default _discovers := false

_discovers if input.mode == "discovery"

default _speaks_of(_, _) := false

_speaks_of(name, key) if {
	not _is_pattern(name)
	lower(name) == key
}

_speaks_of(name, key) if {
	_is_pattern(name)
	regex.match(_expression(name), key)
}

default _is_pattern(_) := false

_is_pattern(name) if regex.match(`(?s)^/.*/$`, name)

# The case of a key doesn't count. A pattern without anchors may match a part of a key, as everywhere between slashes.
_expression(name) := $"(?i){substring(name, 1, count(name) - 2)}"
