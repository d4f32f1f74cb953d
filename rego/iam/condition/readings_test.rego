package iam.condition_test

import data.iam.condition

# COND-NUM-1: to any digit, which Rego's own numbers would round.
test_numbers_stand_in_order if {
	texts := [
		"-100000000000000000000.1", "-100000000000000000000", "-10", "-9.51", "-9.5", "-9", "-1", "-0.51", "-0.5", "-0.05", "0",
		"0.05", "0.5", "0.51", "1", "9", "9.5", "9.51", "10", "9007199254740992", "9007199254740993",
		"100000000000000000000", "100000000000000000000.000000000000000000001",
	]
	numbers := [condition.number(text) | some text in texts]
	numbers == sort(numbers)
	count({one | some one in numbers}) == count(texts)
}

test_spellings_of_the_same_number[text] if {
	some text, same in {"+1": "1", "01.50": "1.5", "-0": "0", "-0.00": "+0", "-007": "-7.0"}
	condition.number(text) == condition.number(same)
}

# COND-NUM-2, DIFF-9
test_what_is_no_number[text] if {
	some text in ["", "12abc", "1e3", "1.", ".5", "--1", " 1", "1 ", "0x1", "1,5", "NaN", "${k}", "1.2.3", "٣"]
	not condition.number(text)
}

# COND-IP-2: every spelling of RFC 4291.
test_spellings_of_the_same_address[text] if {
	some text, same in {
		"::": "0:0:0:0:0:0:0:0",
		"::1": "0000:0000:0000:0000:0000:0000:0000:0001",
		"2001:DB8::": "2001:0db8:0:0:0:0:0:0",
		"2001:db8::8:800:200c:417a": "2001:db8:0:0:8:800:200C:417A",
		"::ffff:1.2.3.4": "::ffff:102:304",
		"::1.2.3.4": "0:0:0:0:0:0:102:304",
		"64:ff9b:0:0:0:0:192.0.2.33": "64:ff9b::c000:221",
		"1:2:3:4:5:6:7::": "1:2:3:4:5:6:7:0",
	}
	found := condition.address(text)
	found == condition.address(same)
	count(found) == 129
}

# COND-IP-4, COND-IP-5
test_what_is_no_address[text] if {
	some text in [
		"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.*", "1.2.3.", "1.2.3.4/32", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "1.2.3.4::", "::1.2.3.4:5", "1.2.3.4:1:2:3:4:5:6",
		":1:2:3:4:5:6:7", "fe80::1%eth0", "::1.2.3",
	]
	not condition.address(text)
}

# COND-IP-1, DIFF-13
test_blocks_are_the_beginnings_of_their_addresses[text] if {
	some text, beginning in {
		"0.0.0.0/0": "4",
		"255.0.0.0/1": "41",
		"10.1.2.3/8": "400001010",
		"::/0": "6",
		"ffff::/16": "61111111111111111",
		"::1/1": "60",
	}
	condition.block(text) == beginning
}

test_block_without_prefix_is_one_address[text] if {
	some text, block in {"1.2.3.4": "1.2.3.4/32", "::1": "::1/128"}
	condition.block(text) == condition.block(block)
	condition.block(text) == condition.address(text)
}

# COND-IP-4
test_what_is_no_block[text] if {
	some text in ["", "/8", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/08", "1.2.3.4/8/8", "1.2.3.4/-1", "203.0.*", "10.0.0.0/255.0.0.0"]
	not condition.block(text)
}

# COND-BIN-1, DIFF-14
test_base64_of_the_same_bytes if {
	condition.read("binary", "QR==") == condition.wanted("binary", "QQ==")
	condition.read("binary", "/+9=") == condition.wanted("binary", "/+8=")
	condition.read("binary", "QUJD") != condition.wanted("binary", "QUJE")
}

test_what_is_no_base64_equals_itself_alone[text] if {
	some text in ["", "Q", "QQ", "QQ=", "Q Q=", "QQ==QQ==", "-_8="]
	condition.read("binary", text) == text
}
