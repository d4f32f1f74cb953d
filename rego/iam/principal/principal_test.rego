package iam.principal_test

import data.iam.principal

_session := "arn:aws:sts::111122223333:assumed-role/Builder/job-7"

_role := "arn:aws:iam::111122223333:role/ci/Builder"

_index := {"roles": {"aws/111122223333/builder": _role}}

test_id_is_the_text_or_the_objects_arn if {
	principal.id == _role with input as {"principal": _role}
	principal.id == _role with input as {"principal": {"arn": _role}}
	not principal.id with input as {"principal": [_role]}
	not principal.id with input as {}
}

# EVAL-5
test_kinds[id] if {
	some id, kind in {
		"*": "anonymous",
		"sns.amazonaws.com": "service",
		"ec2.amazonaws.com.cn": "service",
		"arn:aws:iam::111122223333:root": "root",
		"arn:aws-cn:iam::111122223333:user/ana": "user",
		"arn:aws:iam::111122223333:user/a/b/ana@example.com": "user",
		"arn:aws:iam::111122223333:role/Builder": "role",
		"arn:aws:iam::111122223333:role/a/Builder": "role",
		"arn:aws:sts::111122223333:assumed-role/Builder/job-7": "role_session",
		"arn:aws:sts::111122223333:federated-user/ana": "federated_session",
	}
	principal.kind == kind with input as {"principal": id}
}

test_other_texts_name_no_principal[id] if {
	some id in [
		"",
		"ana",
		"**",
		"amazonaws.com",
		"arn:aws:iam::111122223333:group/devs",
		"arn:aws:iam::11112222333:user/ana",
		"arn:aws:iam::111122223333:user/*",
		"arn:aws:iam::111122223333:user/",
		"arn:aws:iam::111122223333:user/ana\n",
		"arn:aws:sts::111122223333:assumed-role/Builder",
		"arn:aws:iam::111122223333:rootx",
		"111122223333",
	]
	not principal.kind with input as {"principal": id}
}

test_what_is_no_text_has_no_kind[note] if {
	some note, given in {"null": null, "a number": 1, "a list": [], "an object": {}, "a number for arn": {"arn": 1}}
	not principal.kind with input as {"principal": given}
}

# EVAL-5
test_identity_policies_hang_on_users_and_roles[id] if {
	some id, has_them in {
		"arn:aws:iam::111122223333:user/ana": true,
		"arn:aws:iam::111122223333:role/Builder": true,
		_session: true,
		"arn:aws:sts::111122223333:federated-user/ana": true,
		"arn:aws:iam::111122223333:root": false,
		"sns.amazonaws.com": false,
		"*": false,
		"ana": false,
	}
	principal.has_identity_policies == has_them with input as {"principal": id}
}

# SAME-4
test_account_and_partition[id] if {
	some id, expected in {
		"arn:aws-cn:iam::111122223333:user/ana": ["111122223333", "aws-cn"],
		"sns.amazonaws.com": ["", ""],
		"*": ["", ""],
	}
	[principal.account, principal.partition] == expected with input as {"principal": id}
}

# EVAL-4
test_entity_is_what_the_policies_hang_on[note] if {
	some note, tc in {
		"a user": {"principal": "arn:aws:iam::111122223333:user/ana", "entity": "arn:aws:iam::111122223333:user/ana"},
		"a role": {"principal": _role, "entity": _role},
		"a session's compiled role": {"principal": _session, "entity": _role},
		"a session's given role": {
			"principal": {"arn": _session, "role_arn": "arn:aws:iam::111122223333:role/x/Builder"},
			"entity": "arn:aws:iam::111122223333:role/x/Builder",
		},
		"a federated session's user": {
			"principal": {
				"arn": "arn:aws:sts::111122223333:federated-user/f",
				"federating_user_arn": "arn:aws:iam::111122223333:user/ana",
			},
			"entity": "arn:aws:iam::111122223333:user/ana",
		},
	}
	principal.entity == tc.entity with input as {"principal": tc.principal} with data.iam.index as _index
}

test_others_have_no_entity[note] if {
	some note, given in {
		"root": "arn:aws:iam::111122223333:root",
		"a service": "sns.amazonaws.com",
		"a session of an unknown role": "arn:aws:sts::111122223333:assumed-role/Other/s",
		"a federated session of an unknown user": "arn:aws:sts::111122223333:federated-user/ana",
	}
	not principal.entity with input as {"principal": given} with data.iam.index as _index
}

# PRIN-8: a role is found by its name in any case, a session keeps the spelling of its own.
test_role_of_a_session_whatever_the_case if {
	given := {"principal": "arn:aws:sts::111122223333:assumed-role/BUILDER/job-7"}
	principal.role_arn == _role with input as given with data.iam.index as _index
	principal.role_name == "BUILDER" with input as given
}

test_role_that_is_no_text_does_not_count[note] if {
	some note, role_arn in {"false": false, "null": null, "an object": {}}
	principal.role_arn == _role with input as {"principal": {"arn": _session, "role_arn": role_arn}}
		with data.iam.index as _index
}

# PRIN-8
test_role_fits_its_session[role_arn] if {
	some role_arn, fits in {
		_role: true,
		"arn:aws:iam::111122223333:role/BUILDER": true,
		"arn:aws:iam::111122223333:role/Other": false,
		"arn:aws:iam::111122223333:role/Builder/Other": false,
		"arn:aws:iam::444455556666:role/Builder": false,
		"arn:aws-cn:iam::111122223333:role/Builder": false,
		"arn:aws:iam::111122223333:user/Builder": false,
		"Builder": false,
	}
	principal.role_fits == fits with input as {"principal": {"arn": _session, "role_arn": role_arn}}
}

test_role_fits_sessions_only if {
	principal.role_fits == false with input as {"principal": {"arn": _role, "role_arn": _role}}
}

# IAM-3
test_service_link[note] if {
	linked := "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO"
	session := "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForSSO/s"
	some note, tc in {
		"the role": {"principal": linked, "service": "sso.amazonaws.com"},
		"its session": {"principal": {"arn": session, "role_arn": linked}, "service": "sso.amazonaws.com"},
		"a session of it, said to be one": {"principal": {"arn": session, "service_linked": true}, "service": ""},
	}
	principal.service_link == tc.service with input as {"principal": tc.principal}
}

test_other_callers_have_no_service_link[note] if {
	some note, given in {
		"a user": "arn:aws:iam::111122223333:user/ana",
		"a role": _role,
		"a service role": "arn:aws:iam::111122223333:role/service-role/x",
		"a session of a known role": {"arn": _session, "role_arn": _role, "service_linked": true},
		"a session of an unknown role": _session,
	}
	not principal.service_link with input as {"principal": given}
}

test_service_linked_roles_have_their_path[text] if {
	some text, linked in {
		"arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO": true,
		"arn:aws:iam::111122223333:role/aws-service-role/x": false,
		"arn:aws:iam::111122223333:user/aws-service-role/sso.amazonaws.com/x": false,
	}
	principal.is_service_linked(text) == linked
}

# DISC-6, PRIN-8
test_session_names_in_the_role[note] if {
	some note, tc in {
		"a session": {"principal": _session, "role": "Builder", "name": "x"},
		"another case": {"principal": _session, "role": "BUILDER", "name": "x"},
		"the role": {"principal": "arn:aws:iam::111122223333:role/ci/Builder", "role": "builder", "name": "x"},
		"another role": {"principal": _session, "role": "Other", "name": null},
		"a user": {"principal": "arn:aws:iam::111122223333:user/Builder", "role": "Builder", "name": null},
	}
	named := $"arn:aws:sts::111122223333:assumed-role/{tc.role}/x"
	found := [name | name := principal.session_name_in_role(named)] with input as {"principal": tc.principal}
	found == [tc.name | tc.name != null]
}

test_other_texts_name_no_session[text] if {
	some text in [
		"arn:aws-cn:sts::111122223333:assumed-role/Builder/x", "arn:aws:sts::444455556666:assumed-role/Builder/x",
		"arn:aws:iam::111122223333:role/Builder", "arn:aws:sts::111122223333:federated-user/Builder", "*", "111122223333",
	]
	not principal.session_name_in_role(text) with input as {"principal": _session}
}
