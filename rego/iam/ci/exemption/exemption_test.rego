package iam.ci.exemption_test

import data.iam.ci.check.exemption as check
import data.iam.ci.example_test as example
import data.iam.ci.exemption

_sound := {"address": "module.a[\"x\"].aws_iam_role.*", "reason": "known", "rule": "FULL_ADMIN", "until": "2999-01-31"}

test_reason_of_a_finding[note] if {
	some note, tc in {
		"the rule and the address": {"finding": {"address": "module.a[\"x\"].aws_iam_role.r", "rule": "FULL_ADMIN"}, "excepted": true},
		"another rule": {"finding": {"address": "module.a[\"x\"].aws_iam_role.r", "rule": "OTHER"}, "excepted": false},
		"another address": {"finding": {"address": "module.b.aws_iam_role.r", "rule": "FULL_ADMIN"}, "excepted": false},
		"brackets are no pattern": {"finding": {"address": "module.ax.aws_iam_role.r", "rule": "FULL_ADMIN"}, "excepted": false},
	}
	found := {reason | reason := exemption.reason(object.union({"file": ""}, tc.finding))} with data.iam.ci.exceptions as [_sound]
	found == {"until 2999-01-31, known" | tc.excepted}
}

test_policy_files_are_excepted_by_their_path if {
	finding := {"address": "", "file": "policies/a.json", "rule": "FULL_ADMIN"}
	exemption.reason(finding) with data.iam.ci.exceptions as [object.union(_sound, {"address": "policies/*"})]
}

test_exceptions_need_everything[name] if {
	some name in ["address", "reason", "rule", "until"]
	some exception in [object.remove(_sound, [name]), object.union(_sound, {name: " "}), object.union(_sound, {name: 1})]
	example.rules(check.denied) == {"EXCEPTION_INVALID"} with data.iam.ci.exceptions as [exception]
	not exemption.reason({"address": "module.a[\"x\"].aws_iam_role.r", "rule": "FULL_ADMIN"}) with data.iam.ci.exceptions as [exception]
}

test_exceptions_end[until] if {
	some until, over in {"2026-01-31": true, "2026-02-01": false, "2026-02-02T00:00:00Z": false}
	given := [object.union(_sound, {"until": until})]

	# 2026-02-01T12:00:00Z
	found := check.denied with data.iam.ci.exceptions as given with time.now_ns as 1769947200000000000
	example.told(found) == {["EXCEPTION_EXPIRED", _sound.address] | over}
}

test_no_exceptions_are_no_fault if {
	check.denied == set()
	count(check.warned) == 0
	exemption.any == false
	exemption.any == true with data.iam.ci.exceptions as [_sound]
}
