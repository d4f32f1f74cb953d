package iam.instant_test

import data.iam.instant

# COND-DATE-1, COND-DATE-2
test_spellings_of_the_same_instant[text] if {
	some text in [
		"2024-02-29T00:00:00Z", "2024-02-29", "2024-02-29T00:00Z", "2024-02-29T00:00", "2024-02-29T00:00:00.000Z",
		"2024-02-29T05:30:00+05:30", "2024-02-28T19:00-05:00", "1709164800", "01709164800.0",
	]
	instant.of(text) == [10, "1709164800", ""]
}

# COND-DATE-4
test_what_is_no_date[text] if {
	some text in [
		"", "x", "2024-02", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00",
		"2024-01-01T24:00:00Z", "2024-01-01T10:60Z", "2024-01-01T10:00:60Z", "2024-01-01T10Z", "2024-01-01T10:00:00.Z",
		"2024-01-01T10:00:00+5:30", "2024-01-01 10:00:00Z", "2024-1-1", "Jan 1, 2024", "-1", "1e9", "1.", " 1",
	]
	not instant.of(text)
}

test_instants_stand_in_the_order_of_time if {
	texts := [
		"0000-01-01", "1582-10-15", "1969-12-31T23:59:58.5Z", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.25Z", "0",
		"0.000000000000000000001", "1970-01-01T00:00:00.5Z", "2000-02-29T23:59:59.9Z", "2000-02-29T23:59:59.91Z",
		"2000-03-01", "9999-12-31T23:59:59Z", "253402300800", "99999999999999999999999", "99999999999999999999999.1",
	]
	instants := [instant.of(text) | some text in texts]
	instants == sort(instants)
	count({one | some one in instants}) == count(texts)
}

# IN-2
test_seconds_and_back[text] if {
	some text, seconds in {
		"1970-01-01T00:00:00Z": 0,
		"1999-12-31T23:59:59Z": 946684799,
		"2000-02-29T12:34:56Z": 951827696,
		"2000-03-01T00:00:00Z": 951868800,
		"2023-03-01T00:00:00Z": 1677628800,
		"2100-02-28T23:59:59Z": 4107542399,
		"9999-12-31T23:59:59Z": 253402300799,
	}
	instant.seconds(text) == seconds
	instant.written(seconds) == text
}

test_seconds_are_whole_and_within_the_calendar if {
	instant.seconds("1700000000.9") == 1700000000
	not instant.seconds("1969-12-31")
	not instant.seconds("253402300800")
	not instant.seconds("99999999999999")
	not instant.seconds("x")
}
