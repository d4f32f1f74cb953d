package iam.lint_test

# TRUST-6
test_keys_that_another_action_brings[note] if {
	code := "MISSING_ACTION_FOR_CONDITION_KEY"
	some note, [members, paths] in {
		"a source identity": [
			{"Condition": {"StringLike": {"sts:SourceIdentity": "a*"}}},
			{"/Statement/0/Condition/StringLike/sts:SourceIdentity"},
		],
		"a source identity with its action": [
			{
				"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
				"Condition": {"StringLike": {"sts:SourceIdentity": "a*"}},
			},
			set(),
		],
		"a tag": [
			{"Action": ["sts:AssumeRole"], "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}},
			{"/Statement/0/Condition/StringEquals/aws:RequestTag~1team"},
		],
		"a tag, if any": [{"Condition": {"StringEqualsIfExists": {"aws:RequestTag/team": "a"}}}, set()],
		"all other actions": [
			{
				"Action": null,
				"NotAction": "sts:AssumeRole",
				"Condition": {"StringLike": {"sts:SourceIdentity": "a*"}},
			},
			set(),
		],
		"another key": [{"Condition": {"StringEquals": {"sts:ExternalId": "a"}}}, set()],
		"a Deny": [{"Effect": "Deny", "Condition": {"StringLike": {"sts:SourceIdentity": "a*"}}}, set()],
	}
	_found({code}, _item("role_trust", members)) == {[code, "ERROR", path] | some path in paths}
}

# IN-3
test_a_key_that_an_action_lacks[note] if {
	code := "UNSUPPORTED_ACTION_FOR_CONDITION_KEY"
	some note, [action, key, places] in {
		"of a provider": [
			["sts:AssumeRoleWithWebIdentity", "sts:TagSession"], "token.example.com:aud",
			["/Statement/0/Action/1", "/Statement/0/Condition/StringEquals/token.example.com:aud"],
		],
		"of SAML": [["sts:AssumeRoleWithSAML", "sts:TagSession"], "saml:aud", []],
		"without the action": ["sts:AssumeRoleWithWebIdentity", "token.example.com:aud", []],
	}
	item := _item("role_trust", {"Action": action, "Condition": {"StringEquals": {key: "x"}}})
	_places(code, item) == places
}

test_an_action_left_out_is_no_matter if {
	members := {
		"Action": null,
		"NotAction": "sts:TagSession",
		"Condition": {"StringEquals": {"token.example.com:aud": "x"}},
	}
	_found({"UNSUPPORTED_ACTION_FOR_CONDITION_KEY"}, _item("role_trust", members)) == set()
}
