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
# title: The expression's body for the name of an action, whose wildcards span what such a name can have (ACT-1)
name(text) := strings.replace_n(_name_wildcards, text)

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

_name_wildcards := object.union(_escaped, {"*": `[^:*?\s]*`, "?": `[^:*?\s]`})

_segment_wildcards := object.union(_escaped, {"*": "[^:]*", "?": "[^:]"})

# One pass over the text makes all of them. A class of one character escapes it, save for these. In WebAssembly, a
# pattern would end at a NUL, and a Deny with one would be lost.
_escaped := {
	".": "[.]",
	"+": "[+]",
	"*": "[*]",
	"?": "[?]",
	"(": "[(]",
	")": "[)]",
	"|": "[|]",
	"[": "[[]",
	"]": "[]]",
	"{": "[{]",
	"}": "[}]",
	"$": "[$]",
	"^": `\^`,
	`\`: `\\`,
	"\u0000": `\x00`,
}

# METADATA
# title: A pattern as marked text
# description: |
#   Its wildcards replaced by characters that no text has, so that two patterns can be compared (RES-40) and a `*` from
#   elsewhere stays literal. Those characters, should a text have them, become U+FFFD.
marked(text) := strings.replace_n(object.union(_unmarked, {"*": _star, "?": _one}), text)

# METADATA
# title: A request's pattern as marked text, where `?` is literal (C.7)
marked_stars(text) := strings.replace_n(object.union(_unmarked, {"*": _star}), text)

# METADATA
# title: The segments of every ARN as marked texts
marked_everything := ["arn", "\ufdd0", "\ufdd0", "\ufdd0", "\ufdd0", "\ufdd0"]

# METADATA
# title: A text without wildcards as marked text
marked_literal(text) := strings.replace_n(_unmarked, text)

# METADATA
# title: A marked text as a request's pattern
# description: Undefined where it has a literal `*`, which a request can't write.
unmarked(text) := strings.replace_n({_star: "*", _one: "?"}, text) if not contains(text, "*")

# Noncharacters, which Unicode reserves for use within a program.
_star := "\ufdd0"

_one := "\ufdd1"

_unmarked := {_star: "\ufffd", _one: "\ufffd"}

# METADATA
# title: Whether a policy's pattern matches everything that a request's pattern stands for (RES-40)
# description: |
#   Both marked. The request's pattern is matched as a text, in which a star is one character that only a star can match:
#   whatever takes its place is matched by that star as well.
# scope: document
default covers(_, _) := false

covers(policy, asked) if regex.match(anchored([concat("", [_covering(run) | some run in _runs(policy)])]), asked)

# METADATA
# title: Whether a text is matched both by a policy's pattern and by a request's (RES-40)
# description: |
#   Both marked. Two patterns with stars share a text if and only if neither their beginnings, up to the first star, nor
#   their ends, from the last, contradict each other: between, each one's star has room for all that the other wants. Where
#   only one has stars the other is matched as a text.
# scope: document
default overlaps(_, _) := false

overlaps(policy, asked) if {
	not contains(policy, _star)
	not contains(policy, _one)
	regex.match(anchored([_plain(asked)]), policy)
}

overlaps(policy, asked) if {
	not contains(policy, _star)
	contains(policy, _one)
	regex.match(anchored([_free(asked)]), policy)
}

overlaps(policy, asked) if {
	contains(policy, _star)
	not contains(asked, _star)
	regex.match(anchored([_plain(policy)]), asked)
}

overlaps(policy, asked) if {
	contains(policy, _star)
	contains(asked, _star)
	[first, last] := _ends(policy)
	[asked_first, asked_last] := _ends(asked)
	_agree(first, asked_first, 0, 0)
	_agree(last, asked_last, count(last) - count(asked_last), count(asked_last) - count(last))
}

# What stands before the first star and after the last.
_ends(text) := [pieces[0], pieces[count(pieces) - 1]] if pieces := split(text, _star)

# Whether two texts agree where both have characters, the one starting at `skip` or the other at `asked_skip`.
_agree(text, asked, skip, asked_skip) if {
	length := min([count(text), count(asked)])
	regex.match(
		anchored([_plain(substring(text, max([0, skip]), length))]),
		substring(asked, max([0, asked_skip]), length),
	)
}

_plain(text) := strings.replace_n(_marks, text)

_marks := object.union(_escaped, {_star: ".*", _one: "."})

# Each character of the request's pattern, or the policy's `?` in its place.
_free(asked) := concat("", [_marks_or_one(char) | some char in split(asked, "")])

_marks_or_one(char) := ".*" if char == _star

_marks_or_one(char) := $"(?:{literal(char)}|{_one})" if char != _star

_runs(text) := [run[0] | some run in regex.find_all_string_submatch_n($"[{_star}{_one}]+|[^{_star}{_one}]+", text, -1)]

# In a run with a star, any star of the request's may stand before a `?`, which yet needs a character of its own.
_covering(run) := concat("", [replace(replace(run, _star, ""), _one, $"{_star}*[^{_star}]"), ".*"]) if contains(run, _star)

_covering(run) := replace(run, _one, $"[^{_star}]") if {
	contains(run, _one)
	not contains(run, _star)
}

_covering(run) := literal(run) if {
	not contains(run, _star)
	not contains(run, _one)
}
