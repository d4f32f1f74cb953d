package iam.statement_test

import data.iam.document
import data.iam.statement

_reasons(entries, resource) := [entry.reason | some entry in failure.entries] if {
	failure := statement.resource_failure(_of("Allow", "Resource", entries)) with input as _request("s3:GetObject", resource)
}

# EXP-2
test_reason_of_each_entry[entry] if {
	some entry, reason in {
		"user/ana": "invalid_arn",
		"arn:aws-cn:iam::1:user/ana": "partition_mismatch",
		"arn:aws:s3:::user/ana": "service_mismatch",
		"arn:aws:iam:eu-*:1:user/ana": "region_mismatch",
		"arn:aws:iam::2:role/ana": "account_mismatch",
		"arn:aws:iam::1:role/ana": "type_mismatch",
		"arn:aws:iam::1:u*/ana": "type_mismatch",
		"arn:aws:iam::1:*:ana": "type_mismatch",
		"arn:aws:iam::1:*/bob": "id_mismatch",
		"arn:aws:iam::1:user/bob": "id_mismatch",
		"arn:aws:iam::1:user": "id_mismatch",
		"arn:aws:sqs": "short_arn_expanded_mismatch",
		"arn:aws:iam::1:user/${nope}": "unresolvable_variable",
		"arn:aws:iam::1:user/${": "unresolvable_variable",
	}
	_reasons(entry, "arn:aws:iam::1:user/ana") == [reason]
}

test_entries_by_which_not_resource_fails[entry] if {
	some entry in ["*", "arn:aws:iam::1:user/ana", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::*:user/a*"]
	failure := statement.resource_failure(_of("Allow", "NotResource", [entry, "arn:aws:iam::1:user/bob"])) with input as _request("s3:GetObject", "arn:aws:iam::1:user/ana")
	[each.reason | some each in failure.entries] == ["matches", "id_mismatch"]
}

test_reason_without_a_type_word if {
	_reasons("arn:aws:s3:::c/x", "arn:aws:s3:::b/x") == ["id_mismatch"]
}

# The request's ARN has no type word, though its service has some.
test_reason_without_one_in_the_request if {
	_reasons(["arn:aws:x:::c", "arn:aws:x::1:b", "arn:aws:x:::t/b"], "arn:aws:x:::b") == ["id_mismatch", "account_mismatch", "type_mismatch"]
}

test_reasons_about_more_than_one_resource if {
	_reasons(["arn:aws:s3:::c", "arn:aws:s3:::b*"], "arn:aws:s3:::b/*") == ["pattern_mismatch", "matches"]
	_reasons("arn:aws:s3:::c", "*") == ["wildcard_only_action"]
}

# C.2
test_reason_of_a_short_arn_by_policy_type[policy_type] if {
	some policy_type, reason in {
		"resource": "short_arn_no_match",
		"vpc_endpoint": "short_arn_no_match",
		"service_control": "invalid_arn",
		"resource_control": "invalid_arn",
	}
	resource := document._resource({"Resource": ["arn:aws:s3"]}, policy_type, true)
	failure := statement.resource_failure({"effect": "Deny", "resource": resource}) with input as _request("s3:GetObject", "arn:aws:s3:::b")
	failure == {
		"element": "Resource",
		"entries": [{"entry": "arn:aws:s3", "reason": reason}],
		"given": "arn:aws:s3:::b",
		"wanted": ["arn:aws:s3"],
	}
}

# RES-20, RES-21, OPEN-3
test_deny_that_can_not_be_decided_is_told[note] if {
	some note, tc in {
		"an unresolvable variable": {"effect": "Deny", "entries": "arn:aws:s3:::${nope}", "found": ["arn:aws:s3:::${nope}"]},
		"several": {"effect": "Deny", "entries": ["*x", "b", "arn:aws:sqs"], "found": ["*x", "b", "arn:aws:sqs"]},
		"a resolved one": {"effect": "Deny", "entries": "arn:aws:s3:::${aws:username}", "found": []},
		"excluded all the same": {"effect": "Deny", "entries": ["arn:aws:s3:::${nope}", "*"], "found": []},
		"an Allow": {"effect": "Allow", "entries": "arn:aws:s3:::${nope}", "found": []},
	}
	oddities := statement.resource_oddities(_of(tc.effect, "NotResource", tc.entries)) with input as _request("s3:GetObject", "arn:aws:s3:::b")
	oddities == {{"code": "UNDECIDED_NOT_RESOURCE", "message": message} |
		some entry in tc.found
		message := $"a Deny does not apply, for its NotResource can't be decided by '{entry}' (RES-20, RES-21)"
	}
}
