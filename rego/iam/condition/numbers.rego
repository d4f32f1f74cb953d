package iam.condition

# METADATA
# title: A decimal number, undefined where a text is none (COND-NUM-1)
# description: |
#   As a list that Rego's own order compares exactly, to any digit: how many digits are before the point, those, and the
#   ones behind it; for a negative number everything reversed. Rego's numbers would round, and in WebAssembly more so.
number(text) := _positive(digits, decimals) if {
	[digits, decimals, negative] := _digits(text)
	not negative
}

number(text) := _reversed(digits, decimals) if {
	[digits, decimals, negative] := _digits(text)
	negative
}

# The digits that count; zero has none, and no sign.
_digits(text) := [digits, decimals, negative] if {
	[[_, sign, whole, fraction]] := regex.find_all_string_submatch_n(`^([+-]?)([0-9]+)(?:\.([0-9]+))?$`, text, 1)
	digits := trim_left(whole, "0")
	decimals := trim_right(fraction, "0")
	negative := [sign == "-", concat("", [digits, decimals]) == ""] == [true, false]
}

_positive(digits, decimals) := [count(digits), digits, decimals]

# A colon sorts behind every digit: of two fractions the longer one is the smaller number.
_reversed(digits, decimals) := [-1 - count(digits), _complement(digits), $"{_complement(decimals)}:"]

_complement(digits) := strings.replace_n(
	{"0": "9", "1": "8", "2": "7", "3": "6", "4": "5", "5": "4", "6": "3", "7": "2", "8": "1", "9": "0"},
	digits,
)
