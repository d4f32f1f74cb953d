# METADATA
# title: One order of texts for every engine
# description: |
#   WebAssembly takes a byte beyond ASCII for a negative number where it compares texts, so that Rego's own `sort`, and the
#   order in which it goes through objects and sets, differ from OPA's. What shows in a decision is put in order here.
package iam.order

# METADATA
# title: What a text is sorted by
# description: ASCII stays in its own order and goes first; for other texts only that the order is one matters.
rank(text) := [0, text] if _is_ascii(text)

rank(text) := [1, base64.encode(text)] if not _is_ascii(text)

# METADATA
# title: Texts in order
texts(unordered) := [pair[1] | some pair in sort([[rank(text), text] | some text in unordered])]

# METADATA
# title: What an error or a warning tells, in order of `code`, `message` and `path`
findings(unordered) := [finding | some finding in unordered] if {
	count(unordered) < 2
} else := [pair[1] |
	some pair in sort([[[finding.code, rank(finding.message), rank(finding.path)], finding] | some finding in unordered])
]

default _is_ascii(_) := false

_is_ascii(text) if regex.match(`^[\x00-\x7f]*$`, text)
