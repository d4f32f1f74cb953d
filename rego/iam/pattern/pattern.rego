# METADATA
# title: Wildcard patterns
# description: |
#   IAM's own globs: `*` is any run of characters, `?` exactly one, and everything else is literal
#   (ACT-4, RES-8). Patterns become anchored RE2 expressions, because `glob.match` has character
#   classes, braces and escapes that IAM lacks (REGO-1). One expression serves a whole list.
package iam.pattern

# METADATA
# title: Whether a text holds a wildcard
# scope: document
default has_wildcard(_) := false

has_wildcard(text) if contains(text, "*")

has_wildcard(text) if contains(text, "?")

# METADATA
# title: Whether a text consists of asterisks only
# description: Such an action, resource or principal stands for all of them (ACT-3, RES-3, PRIN-3).
# scope: document
default is_everything(_) := false

is_everything(text) if {
	text != ""
	trim(text, "*") == ""
}

# METADATA
# title: One anchored expression for a list of bodies
# description: |
#   A body is what `body`, `segment` or `literal` returns, or several of them joined.
#   An empty list matches nothing, not even the empty text.
anchored(bodies) := concat("", ["(?s)^(?:", concat("|", bodies), ")$"]) if count(bodies) > 0

anchored([]) := `[^\x00-\x{10FFFF}]`

# METADATA
# title: The expression's body for a whole text, wildcards spanning everything
body(text) := strings.replace_n(_wildcards, text)

# METADATA
# title: The body for one of an ARN's first five segments, whose wildcards never cross a colon (RES-4)
segment(text) := strings.replace_n(_segment_wildcards, text)

# METADATA
# title: The body for a text that holds no wildcards
literal(text) := strings.replace_n(_escaped, text)

# METADATA
# title: The text that a `body` or a `literal` was made from
text(body) := strings.replace_n(_unescaped, replace(body, ".*", "*"))

_unescaped := object.union({escaped: char | some char, escaped in _escaped}, {".": "?"})

_wildcards := object.union(_escaped, {"*": ".*", "?": "."})

_segment_wildcards := object.union(_escaped, {"*": "[^:]*", "?": "[^:]"})

# One pass over the text makes all of them. A class of one character escapes it, save for these two.
_escaped := object.union(
	{char: $"[{char}]" | some char in split(".+*?()|[]{}$", "")},
	{"^": `\^`, `\`: `\\`},
)
