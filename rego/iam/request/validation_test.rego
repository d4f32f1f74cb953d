package iam.request_test

import data.iam.request

# Code and path of every error.
_found(given) := {[error.code, error.path] | some error in errors} if {
	errors := request.errors with input as given
}

_with(members) := object.union({"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject"}, members)

test_error_carries_a_message if {
	request.errors == {{
		"code": "INVALID_TYPE",
		"message": "'action' must be a string, not null",
		"path": "/action",
	}} with input as _with({"action": null})
}

test_sound_requests_have_no_errors[note] if {
	some note, members in {
		"the least": {},
		"a resource": {"resource": "arn:aws:s3:::b/a?b"},
		"everything": {
			"resource": "*",
			"resource_account": "111122223333",
			"context": {"a": "x", "b": 1, "c": true, "d": [], "e": ["x", 1, false]},
			"policies": {"identity": ["AdministratorAccess", {}], "session": [], "resource": null},
			"as_of": "2024-02-29",
			"mode": "strict",
			"known": {},
			"settings": {"strict_notprincipal": false},
		},
	}
	_found(_with(members)) == set()
}

test_request_is_an_object[note] if {
	some note, given in {"null": null, "a list": [{}], "a text": "x", "a number": 1, "false": false}
	_found(given) == {["INVALID_REQUEST", ""]}
}

test_request_without_input_is_an_error if {
	{[error.code, error.path] | some error in request.errors} == {["INVALID_REQUEST", ""]}
}

test_action_and_principal_are_needed if {
	_found({}) == {["MISSING_MEMBER", "/action"], ["MISSING_MEMBER", "/principal"]}
}

test_members_are_known_and_typed[note] if {
	some note, tc in {
		"an unknown one": {"members": {"a/b~c": 1}, "found": {["UNKNOWN_MEMBER", "/a~1b~0c"]}},
		"another case": {"members": {"Resource": "*"}, "found": {["UNKNOWN_MEMBER", "/Resource"]}},
		"a number for action": {"members": {"action": 1}, "found": {["INVALID_TYPE", "/action"]}},
		"false for principal": {"members": {"principal": false}, "found": {["INVALID_TYPE", "/principal"]}},
		"a list for resource": {"members": {"resource": ["*"]}, "found": {["INVALID_TYPE", "/resource"]}},
		"null for resource": {"members": {"resource": null}, "found": {["INVALID_TYPE", "/resource"]}},
		"false for resource_account": {
			"members": {"resource_account": false},
			"found": {["INVALID_TYPE", "/resource_account"]},
		},
		"a list for context": {"members": {"context": []}, "found": {["INVALID_TYPE", "/context"]}},
		"a list for policies": {"members": {"policies": []}, "found": {["INVALID_TYPE", "/policies"]}},
		"false for policies": {"members": {"policies": false}, "found": {["INVALID_TYPE", "/policies"]}},
		"a number for as_of": {"members": {"as_of": 2024}, "found": {["INVALID_TYPE", "/as_of"]}},
		"false for as_of": {"members": {"as_of": false}, "found": {["INVALID_TYPE", "/as_of"]}},
	}
	_found(_with(tc.members)) == tc.found
}

# ACT-1
test_action_is_one_action[action] if {
	some action, valid in {
		"s3:GetObject": true,
		"myapp:Approve": true,
		"s3:Get,Put": true,
		"s3": false,
		"s3:": false,
		":Get": false,
		"s3:Get:x": false,
		"s3:Get*": false,
		"s3:Get?": false,
		"s3: Get": false,
		"*": false,
		"": false,
	}
	codes := {true: set(), false: {["INVALID_ACTION", "/action"]}}
	_found(_with({"action": action})) == codes[valid]
}

# RES-1, RES-13, C.7
test_resource_is_everything_or_an_arn[resource] if {
	some resource, found in {
		"*": set(),
		"arn:aws:s3:::b": set(),
		"arn:aws:s3:::b/?": set(),
		"**": {["INVALID_RESOURCE", "/resource"]},
		"arn:aws:s3": set(),
		"b": {["INVALID_RESOURCE", "/resource"]},
		"": {["INVALID_RESOURCE", "/resource"]},
		"arn:aws:s3:::b/*": set(),
		"arn:aws:s3:*::b": set(),
	}
	_found(_with({"resource": resource})) == found
}

# C.7
test_pattern_has_an_end[note] if {
	filler := concat("", ["a" | some _ in numbers.range(1, 2035)])
	some note, tc in {
		"a pattern": {"resource": $"arn:aws:s3:::{filler}*", "found": {["TOO_LONG", "/resource"]}},
		"a shorter one": {"resource": $"arn:aws:s3:::*{substring(filler, 1, -1)}", "found": set()},
		"one resource": {"resource": $"arn:aws:s3:::{filler}a", "found": set()},
	}
	_found(_with({"resource": tc.resource})) == tc.found
}

test_account_id_has_twelve_digits[account] if {
	some account, found in {
		"111122223333": set(),
		"11112222333": {["INVALID_ACCOUNT", "/resource_account"]},
		"aws": {["INVALID_ACCOUNT", "/resource_account"]},
		"": {["INVALID_ACCOUNT", "/resource_account"]},
	}
	_found(_with({"resource_account": account})) == found
}

test_as_of_is_a_day_of_the_calendar[day] if {
	some day, valid in {
		"2024-01-31": true,
		"2024-12-31": true,
		"2024-04-30": true,
		"2024-02-29": true,
		"2000-02-29": true,
		"2023-02-28": true,
		"2023-02-29": false,
		"1900-02-29": false,
		"2024-02-30": false,
		"2024-04-31": false,
		"2024-13-01": false,
		"2024-00-10": false,
		"2024-01-00": false,
		"2024-1-1": false,
		"0999-01-01": false,
		"2024-01-01T00:00:00Z": false,
		"": false,
	}
	codes := {true: set(), false: {["INVALID_DATE", "/as_of"]}}
	_found(_with({"as_of": day})) == codes[valid]
}

test_settings_are_known_booleans[note] if {
	some note, tc in {
		"an unknown one": {"settings": {"a/b": true}, "found": {["UNKNOWN_MEMBER", "/settings/a~1b"]}},
		"a text": {"settings": {"s3_bucket_abac": "true"}, "found": {["INVALID_TYPE", "/settings/s3_bucket_abac"]}},
		"null": {"settings": {"s3_bucket_abac": null}, "found": {["INVALID_TYPE", "/settings/s3_bucket_abac"]}},
		"a list": {"settings": [true], "found": {["INVALID_TYPE", "/settings"]}},
	}
	_found(_with({"settings": tc.settings})) == tc.found
}
