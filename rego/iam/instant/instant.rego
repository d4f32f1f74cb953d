# METADATA
# title: Instants
# description: |
#   Points in time as policies and requests write them (COND-DATE-1, COND-DATE-2), brought to a form that compares
#   exactly, and back. The arithmetic is our own, for OPA's `time` built-ins are not native to WebAssembly.
package iam.instant

# METADATA
# title: A text's instant, undefined where it is no date
# description: |
#   Instants compare by Rego's own order, to any digit: the number of digits of the seconds since 1970, the digits, and
#   those of the fraction; before 1970, -1 and the seconds as a number. A time without zone is UTC.
of(text) := [count(seconds), seconds, trim_right(fraction, "0")] if {
	[[_, digits, fraction]] := regex.find_all_string_submatch_n(`^([0-9]+)(?:\.([0-9]+))?$`, text, 1)
	seconds := trim_left(digits, "0")
}

of(text) := _placed(days + time, trim_right(parts[7], "0")) if {
	[parts] := regex.find_all_string_submatch_n(_iso, text, 1)
	[year, month, day] := [_integer(part) | some part in array.slice(parts, 1, 4)]
	day <= _month_lengths[_is_leap(year)][month - 1]
	days := _days(year, month, day) * 86400
	time := (((_integer(parts[4]) * 3600) + (_integer(parts[5]) * 60)) + _integer(parts[6])) - _offset(parts)
}

# METADATA
# title: The whole seconds since 1970 of a text's instant
# description: Undefined for what is no date, or lies before 1970 or after the year 9999.
seconds(text) := found if {
	[length, digits, _] := of(text)
	length >= 0
	length <= 12
	found := _integer(digits)
	found < 253402300800
}

# METADATA
# title: Seconds since 1970 as an ISO 8601 date in UTC
written(instant) := $"{_padded(year, 4)}-{_padded(month, 2)}-{_padded(day, 2)}T{clock}Z" if {
	days := floor(instant / 86400)
	rest := instant % 86400
	clock := $"{_padded(floor(rest / 3600), 2)}:{_padded(floor((rest % 3600) / 60), 2)}:{_padded(rest % 60, 2)}"
	[year, month, day] := _civil(days)
}

_iso := concat("", [
	`^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`,
	`(?:T([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]+))?)?`,
	`(?:Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?)?$`,
])

_placed(instant, fraction) := [count(digits), digits, fraction] if {
	instant >= 0
	digits := trim_left(json.marshal(instant), "0")
}

_placed(instant, fraction) := [-1, instant, fraction] if instant < 0

# How far the text's zone is ahead of UTC.
_offset(parts) := {"": 0, "+": 1, "-": -1}[parts[8]] * ((_integer(parts[9]) * 3600) + (_integer(parts[10]) * 60))

# Leading zeros are none of `to_number`'s, nor is the empty text.
default _integer(_) := 0

_integer(digits) := to_number(significant) if {
	significant := trim_left(digits, "0")
	significant != ""
}

_month_lengths := {
	false: [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
	true: [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
}

default _is_leap(_) := false

_is_leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

_is_leap(year) if year % 400 == 0

# Days since 1970 in years that begin in March, so that the leap day comes last; 400 years more keep all numbers positive.
_days(year, month, day) := ((((((365 * y) + floor(y / 4)) - floor(y / 100)) + floor(y / 400)) + of_year) + day) - 865566 if {
	y := (year + 400) - _before_march(month)
	of_year := floor(((153 * ((month + 9) % 12)) + 2) / 5)
}

# The other way: 719468 days lie between the first of March of year 0 and 1970, 146097 in 400 years.
_civil(days) := [year, month, day] if {
	shifted := days + 719468
	era := floor(shifted / 146097)
	of_era := shifted % 146097
	years := floor((((of_era - floor(of_era / 1460)) + floor(of_era / 36524)) - floor(of_era / 146096)) / 365)
	of_year := of_era - (((365 * years) + floor(years / 4)) - floor(years / 100))
	m := floor(((5 * of_year) + 2) / 153)
	day := (of_year - floor(((153 * m) + 2) / 5)) + 1
	month := ((m + 2) % 12) + 1
	year := (years + (era * 400)) + _before_march(month)
}

_before_march(month) := 1 if month <= 2

_before_march(month) := 0 if month > 2

_padded(number, width) := substring(digits, count(digits) - width, width) if digits := $"000{number}"
