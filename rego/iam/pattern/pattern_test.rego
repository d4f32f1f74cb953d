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
