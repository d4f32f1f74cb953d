package iam.statement_test

import data.iam.document
import data.iam.statement

_denying(written) := document.lowered(
	{"Statement": {"Effect": "Deny", "Action": "*", "NotPrincipal": written}},
	"resource",
).statements[0]

_caller := "arn:aws:iam::111122223333:user/ana"

# PRIN-20 to PRIN-24
test_notprincipal[note] if {
	boundary := {"permissions_boundary": [{"Statement": []}]}
	some note, tc in {
		"listed": {"written": {"AWS": _caller}, "grade": "none"},
		"its account listed": {"written": {"AWS": "111122223333"}, "grade": "none"},
		"not listed": {"written": {"AWS": "444455556666"}, "grade": "wildcard"},
		"everyone listed": {"written": {"AWS": "*"}, "grade": "none"},
		"listed, with a boundary": {"written": {"AWS": _caller}, "policies": boundary, "grade": "wildcard"},
		"everyone listed, with a boundary": {"written": {"AWS": "*"}, "policies": boundary, "grade": "none"},
		"listed at one level, strict": {
			"written": {"AWS": _caller},
			"settings": {"strict_notprincipal": true},
			"grade": "wildcard",
		},
		"listed at every level, strict": {
			"written": {"AWS": [_caller, "111122223333"]},
			"settings": {"strict_notprincipal": true},
			"grade": "none",
		},
		"listed at every level, strict, with a boundary": {
			"written": {"AWS": [_caller, "111122223333"]},
			"policies": boundary,
			"settings": {"strict_notprincipal": true},
			"grade": "wildcard",
		},
	}
	statement.grade(_denying(tc.written)) == tc.grade with input as {
		"principal": _caller,
		"action": "s3:GetObject",
		"policies": object.get(tc, "policies", {}),
		"settings": object.get(tc, "settings", {}),
	}
}

# PRIN-22
test_notprincipal_of_an_allow_counts_any_level if {
	allowing := document.lowered(
		{"Statement": {"Effect": "Allow", "Action": "*", "NotPrincipal": {"AWS": "111122223333"}}},
		"resource",
	).statements[0]
	given := {"principal": _caller, "policies": {"permissions_boundary": [{"Statement": []}]}}
	statement.grade(allowing) == "none" with input as object.union(given, {"settings": {"strict_notprincipal": true}})
	statement.matches_principal(allowing) == false with input as given
	statement.matches_principal(allowing) == true with input as {"principal": "*"}
}

# PRIN-1
test_what_names_nobody_is_for_the_caller if {
	[statement_of_identity] := document.lowered(
		{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
		"identity",
	).statements
	statement.matches_principal(statement_of_identity)
	not statement.grade(statement_of_identity)
}
