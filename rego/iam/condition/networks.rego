package iam.condition

# METADATA
# title: The network of a block whose address has bits beyond its prefix
# description: Undefined where there are none, or for what is no block (COND-IP-1).
network(text) := $"{_written(bits)}/{prefix}" if {
	[start, prefix] := split(text, "/")
	beginning := block(text)
	contains(substring(address(start), count(beginning), -1), "1")
	bits := concat("", [beginning, substring(_zeros, 0, count(address(start)) - count(beginning))])
}

_written(bits) := concat(".", [octet | some n in [0, 1, 2, 3]; octet := _decimal(substring(bits, (n * 8) + 1, 8))]) if {
	startswith(bits, "4")
}

_written(bits) := concat(":", groups) if {
	startswith(bits, "6")
	groups := [group | some n in numbers.range(0, 7); group := _hexadecimal(substring(bits, (n * 16) + 1, 16))]
}

_decimal(bits) := $"{sum([power | some i, power in [128, 64, 32, 16, 8, 4, 2, 1]; substring(bits, i, 1) == "1"])}"

_hexadecimal(bits) := digits if {
	written := concat("", [_digit_of[substring(bits, n * 4, 4)] | some n in [0, 1, 2, 3]])
	digits := concat("", [trim_left(substring(written, 0, 3), "0"), substring(written, 3, 1)])
}

_digit_of := {bits: digit | some digit, bits in _hexadecimal_bits}
