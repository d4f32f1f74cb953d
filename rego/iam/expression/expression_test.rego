package iam.expression_test

import data.iam.expression

_a := {"key": "a"}

_b := {"key": "b"}

_c := {"key": "c"}

# DISC-7
test_groups_are_simplified[note] if {
	some note, tc in {
		"nothing": {"parts": set(), "all": true, "any": false},
		"one": {"parts": {_a}, "all": _a, "any": _a},
		"two": {"parts": {_b, _a}, "all": {"all": [_a, _b]}, "any": {"any": [_a, _b]}},
		"always": {"parts": {_a, true}, "all": _a, "any": true},
		"never": {"parts": {_a, false}, "all": false, "any": _a},
		"both constants": {"parts": {true, false}, "all": false, "any": true},
		"a group of all": {
			"parts": {{"all": [_a, _b]}, _c},
			"all": {"all": [_a, _b, _c]},
			"any": {"any": [{"all": [_a, _b]}, _c]},
		},
		"a group of any": {
			"parts": {{"any": [_b, _c]}, _a},
			"all": {"all": [{"any": [_b, _c]}, _a]},
			"any": {"any": [_a, _b, _c]},
		},
		"the same again": {
			"parts": {{"all": [_a, _b]}, {"any": [_a, _b]}, _a, _b},
			"all": {"all": [{"any": [_a, _b]}, _a, _b]},
			"any": {"any": [{"all": [_a, _b]}, _a, _b]},
		},
	}
	[expression.all_of(tc.parts), expression.any_of(tc.parts)] == [tc.all, tc.any]
}
