package iam.condition

# METADATA
# title: An IP address as its family and its bits, undefined where a text is none
# description: |
#   `4` or `6`, then 32 or 128 characters `0` and `1`: so every spelling of an address is the same text (COND-IP-2), a block
#   is its beginning, and no address is in a block of the other family (COND-IP-3).
address(text) := concat("", ["4", _ipv4(text)])

address(text) := $"6{bits}" if {
	not contains(text, "::")
	bits := _ipv6_part(text)
	count(bits) == 128
}

# A double colon stands for one group of zeros or more.
address(text) := $"6{left}{substring(_zeros, 0, missing)}{right}" if {
	[head, tail] := split(text, "::")
	not contains(head, ".")
	[left, right] := [_ipv6_part(head), _ipv6_part(tail)]
	missing := (128 - count(left)) - count(right)
	missing >= 16
}

# METADATA
# title: A block of addresses as the beginning that its addresses have, undefined where a text is none
# description: One address is a block of its own; bits beyond the prefix don't count (COND-IP-1).
block(text) := address(text) if not contains(text, "/")

block(text) := substring(bits, 0, width + 1) if {
	[start, prefix] := split(text, "/")
	regex.match(`^(?:0|[1-9][0-9]{0,2})$`, prefix)
	width := to_number(prefix)
	bits := address(start)
	width < count(bits)
}

_ipv4(text) := concat("", bits) if {
	octets := split(text, ".")
	bits := [_octet_bits(to_number(octet)) | some octet in octets; regex.match(_octet, octet)]
	[count(octets), count(bits)] == [4, 4]
}

_ipv6_part("") := ""

# Groups of hexadecimal digits, the last two of an address perhaps as IPv4 writes them.
_ipv6_part(text) := concat("", bits) if {
	groups := split(text, ":")
	bits := [_group_bits(group) | some group in groups]
	count(bits) == count(groups)
	every group in array.slice(groups, 0, count(groups) - 1) {
		not contains(group, ".")
	}
}

_group_bits(group) := strings.replace_n(_hexadecimal_bits, substring($"000{lower(group)}", count(group) - 1, 4)) if {
	regex.match(`^[0-9a-fA-F]{1,4}$`, group)
}

_group_bits(group) := _ipv4(group)

_octet := `^(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$`

_octet_bits(octet) := concat("", [_nibbles[floor(octet / 16)], _nibbles[octet % 16]])

_hexadecimal_bits := {digit: _nibbles[i] | some i, digit in split("0123456789abcdef", "")}

_nibbles := [
	"0000", "0001", "0010", "0011", "0100", "0101", "0110", "0111",
	"1000", "1001", "1010", "1011", "1100", "1101", "1110", "1111",
]

_zeros := concat("", [nibble | some _ in numbers.range(1, 32); nibble := "0000"])
