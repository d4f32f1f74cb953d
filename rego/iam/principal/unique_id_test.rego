package iam.principal_unique_id_test

import data.iam.principal

_user := "arn:aws:iam::111122223333:user/ana"

_grade(caller) := grade if {
	listed := {"names": {"AWS": {"AIDA1": true}}, "accounts": {}, "every": false, "negated": false, "roles": {}}
	grade := principal.grade(listed) with input as {"principal": caller}
		with data.iam.account as {"principals": {_user: {"policies": [], "unique_id": "AIDA1"}}}
}

# PRIN-15
test_unique_id_names_whom_the_compiled_account_says[note] if {
	some note, tc in {
		"the compiled user": {"principal": _user, "grade": "direct"},
		"another": {"principal": "arn:aws:iam::111122223333:user/bob", "grade": "none"},
		"a user made anew under the name, by the request's word": {
			"principal": {"arn": _user, "unique_id": "AIDA2"},
			"grade": "none",
		},
	}
	_grade(tc.principal) == tc.grade
}
