package iam.pattern_test

import data.iam.pattern

test_wildcards_are_asterisk_and_question_mark if {
	pattern.has_wildcard("s3:Get*") == true
	pattern.has_wildcard("s3:G?t") == true
	pattern.has_wildcard("s3:[a]{b}+.") == false
}

# ACT-3, RES-3
test_everything_is_asterisks_only[text] if {
	some text, expected in {"*": true, "***": true, "": false, "*a": false, "?": false}
	pattern.is_everything(text) == expected
}

# ACT-4, RES-8: `note` is the pattern, and what it is given, and whether that matches.
test_body_matches_whole_text[note] if {
	some note, tc in {
		"a run of characters": {"text": "a*c", "given": "abbc", "matches": true},
		"an empty run": {"text": "a*c", "given": "ac", "matches": true},
		"a run with a newline": {"text": "a*c", "given": "a\nc", "matches": true},
		"a run over slashes and colons": {"text": "a*c", "given": "a/b:c", "matches": true},
		"one character": {"text": "a?c", "given": "abc", "matches": true},
		"one character beyond ASCII": {"text": "a?c", "given": "aéc", "matches": true},
		"no character for one": {"text": "a?c", "given": "ac", "matches": false},
		"two characters for one": {"text": "a?c", "given": "abbc", "matches": false},
		"more before": {"text": "a*", "given": "ba", "matches": false},
		"more after": {"text": "*a", "given": "ab", "matches": false},
		"another case": {"text": "A*", "given": "a", "matches": false},
		"the empty text": {"text": "", "given": "", "matches": true},
	}
	regex.match(pattern.anchored([pattern.body(tc.text)]), tc.given) == tc.matches
}

# REGO-1
test_pattern_holds_no_nul if {
	expression := pattern.anchored([pattern.body("a\u0000b*")])
	not contains(expression, "\u0000")
	regex.match(expression, "a\u0000bc")
	not regex.match(expression, "ab")
}

# REGO-1
test_every_other_character_is_literal if {
	text := `.+()|[]{}$^\/a-z!,é`
	expression := pattern.anchored([pattern.body(text)])
	regex.match(expression, text)
	not regex.match(expression, replace(text, ".", "x"))
	pattern.body(`a.[b]^\$`) == `a[.][[]b[]]\^\\[$]`
}

# RES-4
test_segment_wildcards_never_cross_a_colon if {
	regex.match(pattern.anchored([pattern.segment("us-*")]), "us-east-1")
	not regex.match(pattern.anchored([pattern.segment("us-*")]), "us-east-1:x")
	not regex.match(pattern.anchored([pattern.segment("us?")]), "us:")
	pattern.segment("a.*?") == "a[.][^:]*[^:]"
}

test_literal_escapes_wildcards_too if {
	pattern.literal("a*b?c") == "a[*]b[?]c"
}

test_one_expression_matches_any_of_a_list if {
	expression := pattern.anchored(["a.*", "b"])
	expression == "(?s)^(?:a.*|b)$"
	[regex.match(expression, given) | some given in ["ax", "b", "bx", "xa"]] == [true, true, false, false]
}

# GRAM-34
test_empty_list_matches_nothing[given] if {
	some given in ["", "a", "\n"]
	not regex.match(pattern.anchored([]), given)
}

test_empty_text_of_a_list_matches_itself if {
	regex.match(pattern.anchored([""]), "")
}

# Go's expressions take time linear in the text: no pattern can make a decision hang.
test_hundreds_of_asterisks_stay_fast if {
	asterisks := concat("", ["*a" | some _ in numbers.range(1, 200)])
	text := concat("", ["a" | some _ in numbers.range(1, 2000)])
	not regex.match(pattern.anchored([pattern.body(asterisks)]), $"{text}b")
	regex.match(pattern.anchored([pattern.body(asterisks)]), text)
}

# VAR-10
test_text_is_what_a_body_was_made_from[text] if {
	some text in ["", "a", "a*b?c", "**??*", `a.b+c(d)|[e]{f}^$\g`, ".*", "*.", "?*.?", "[.]"]
	pattern.text(pattern.body(text)) == text
	pattern.text(pattern.literal(text)) == text
}

# RES-40: the pattern of a policy, that of a request, and whether the first covers the second or shares a text with it.
test_patterns_compared[note] if {
	some note, [policy, asked, covers, overlaps] in {
		"equal": ["a*c", "a*c", true, true],
		"equal texts": ["abc", "abc", true, true],
		"other texts": ["abc", "abd", false, false],
		"empty texts": ["", "", true, true],
		"superset": ["a*", "a*c", true, true],
		"superset of a text": ["a*", "abc", true, true],
		"subset": ["ab*c", "a*", false, true],
		"subset, a text": ["abc", "a*c", false, true],
		"overlap": ["*b", "a*", false, true],
		"overlap in the middle": ["a*x*b", "a*y*b", false, true],
		"other beginnings": ["ab*", "ac*", false, false],
		"other ends": ["*ab", "*bb", false, false],
		"a longer beginning": ["abc*", "ab*c", false, true],
		"a longer end": ["*c", "a*bc", true, true],
		"too short for both": ["ab", "a*bb", false, false],
		"one character": ["a?c", "abc", true, true],
		"one character for a star": ["a?c", "a*c", false, true],
		"one character for none": ["a?", "a", false, false],
		"one character against the beginning": ["?b*", "ac*", false, false],
		"one character in the beginning": ["?b*", "ab*", true, true],
		"one character beside a star": ["?*", "*a", true, true],
		"one character beside a star, for none": ["a?*", "a*", false, true],
		"every character once": ["*?*", "*", false, true],
		"a question mark of the request": ["a?c", "a?c", true, true],
		"a question mark of the request, for another": ["abc", "a?c", false, false],
		"a special character": ["a.?", "a.*", false, true],
		"a special character, for another": ["a.?", "ab*", false, false],
		"a newline": ["a*", "a\nb*", true, true],
	}
	[marked, marked_asked] := [pattern.marked(policy), pattern.marked_stars(asked)]
	[pattern.covers(marked, marked_asked), pattern.overlaps(marked, marked_asked)] == [covers, overlaps]
}

# RES-16, VAR-4
test_literal_wildcards_are_none if {
	pattern.overlaps(pattern.marked_literal("a*"), pattern.marked_stars("ab")) == false
	pattern.covers(pattern.marked_literal("*"), pattern.marked_stars("*")) == false
	pattern.overlaps(pattern.marked("a\ufdd0"), pattern.marked_stars("ab")) == false
}

test_unmarked_text_is_a_requests_pattern if {
	pattern.unmarked(pattern.marked("a*b?c")) == "a*b?c"
	not pattern.unmarked(pattern.marked_literal("a*"))
}

test_comparison_of_long_patterns_stays_fast if {
	asterisks := concat("", ["*a" | some _ in numbers.range(1, 200)])
	policy := pattern.marked(asterisks)
	text := concat("", ["a" | some _ in numbers.range(1, 2000)])
	pattern.covers(policy, pattern.marked_stars($"{text}*")) == false
	pattern.overlaps(policy, pattern.marked_stars($"*{text}b")) == false
	pattern.covers(policy, pattern.marked_stars($"*{text}*a")) == true
}
