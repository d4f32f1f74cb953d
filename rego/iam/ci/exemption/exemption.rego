# METADATA
# title: Exceptions
# description: |
#   `data.iam.ci.exceptions`, a list of `rule`, `address`, `reason` and `until`, the last day. `address` is the whole one, in which
#   `*` stands for anything; of a file that is a policy it is the file's path. What is excepted is told as a warning.
package iam.ci.exemption

import data.iam.ci.model
import data.iam.instant
import data.iam.pattern

# METADATA
# title: What is wrong with the exceptions
faults := {model.finding("exemption", "EXCEPTION_INVALID", "deny", {}, message, mend) |
	some i, exception in _given
	not _is_sound(exception)
	message := $"exception {i + 1} needs a rule, an address, a reason and a day until which it holds"
	mend := "{rule: …, address: …, reason: …, until: YYYY-MM-DD}"
} | {model.finding("exemption", "EXCEPTION_EXPIRED", "deny", {"address": exception.address}, message, "") |
	some exception in _given
	_is_sound(exception)
	_is_over(exception)
	message := $"the exception from {exception.rule} ended on {exception.until}: {exception.reason}"
}

# METADATA
# title: Whether there are any exceptions
# scope: document
default any := false

any if count(_given) > 0

# METADATA
# title: Why a finding is excepted; undefined where it isn't
reason(finding) := sort(reasons)[0] if {
	reasons := {$"until {exception.until}, {exception.reason}" |
		some exception in _given
		_is_sound(exception)
		not _is_over(exception)
		exception.rule == finding.rule
		_is_about(exception.address, finding)
	}
	count(reasons) > 0
}

default _is_about(_, _) := false

_is_about(address, finding) if {
	body := concat(".*", [pattern.literal(piece) | some piece in split(address, "*")])
	regex.match(pattern.anchored([body]), _place(finding))
}

_place(finding) := finding.address if finding.address != ""

_place(finding) := finding.file if finding.address == ""

default _given := []

_given := data.iam.ci.exceptions

default _is_sound(_) := false

_is_sound(exception) if {
	every name in ["address", "reason", "rule", "until"] {
		is_string(exception[name])
		trim_space(exception[name]) != ""
	}
	instant.seconds(_day(exception))
}

# The last day ends everywhere on Earth twelve hours after it ends in UTC; here it ends with UTC's.
default _is_over(_) := true

_is_over(exception) := false if (instant.seconds(_day(exception)) + 86400) * 1000000000 > time.now_ns()

_day(exception) := substring(exception.until, 0, 10)
