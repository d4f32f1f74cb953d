# METADATA
# title: Numbers as text
# description: |
#   Equal numbers are one value to Rego, which of two spellings it keeps differs by engine: `1.0` and `1`, `1e-7` and
#   `0.0000001`. So a number that is compared as text (GRAM-22) is written in one way.
package iam.number

# METADATA
# title: A number in plain digits
# description: Without an exponent, save where a text of hundreds of zeros would be the result.
text(value) := marshalled if {
	marshalled := json.marshal(value)
	regex.match(`^(0|-?[1-9][0-9]*)$`, marshalled)
} else := "0" if {
	value == 0
} else := $"{sign}{_plain(digits, point)}" if {
	[sign, digits, point] := _parts(value)
	abs(point) <= count(_zeros)
} else := $"{sign}0.{digits}e{point}" if {
	[sign, digits, point] := _parts(value)
}

# A number's sign, the digits that count, and how many of them stand before the point.
_parts(value) := [sign, trim_right(digits, "0"), (count(whole) + exponent) - leading] if {
	pattern := `^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]\+?(-?)0*([0-9]+))?$`
	[[_, sign, whole, fraction, exponent_sign, exponent_digits]] := regex.find_all_string_submatch_n(pattern, json.marshal(value), 1)
	written := concat("", [whole, fraction])
	digits := trim_left(written, "0")
	leading := count(written) - count(digits)
	exponent := to_number(concat("", [exponent_sign, _or_zero(exponent_digits)]))
}

_or_zero(digits) := digits if digits != ""

_or_zero("") := "0"

_plain(digits, point) := concat("", ["0.", substring(_zeros, 0, 0 - point), digits]) if {
	point <= 0
} else := concat("", [digits, substring(_zeros, 0, point - count(digits))]) if {
	point >= count(digits)
} else := $"{substring(digits, 0, point)}.{substring(digits, point, -1)}"

_zeros := concat("", ["0" | some _ in numbers.range(1, 400)])
