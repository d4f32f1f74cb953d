package iam.number_test

import data.iam.number

# GRAM-22: equal numbers are the same text.
test_a_number_in_plain_digits[note] if {
	some note, tc in {
		"an integer": {"given": "1700000000", "text": "1700000000"},
		"a negative one": {"given": "-5", "text": "-5"},
		"zero": {"given": "0", "text": "0"},
		"negative zero": {"given": "-0.0", "text": "0"},
		"a fraction without need": {"given": "1.0", "text": "1"},
		"a zero at the end": {"given": "1.50", "text": "1.5"},
		"a fraction": {"given": "-12.025", "text": "-12.025"},
		"a small one": {"given": "0.0000001", "text": "0.0000001"},
		"a small one with an exponent": {"given": "1e-07", "text": "0.0000001"},
		"a large one": {"given": "1e+21", "text": "1000000000000000000000"},
		"an exponent within the digits": {"given": "1.25e1", "text": "12.5"},
		"an exponent of nothing": {"given": "15e-1", "text": "1.5"},
		"more digits than a machine holds": {"given": "12345678901234567890123", "text": "12345678901234567890123"},
		"hundreds of zeros": {"given": "1.5e+500", "text": "0.15e501"},
	}
	number.text(json.unmarshal(tc.given)) == tc.text
}
