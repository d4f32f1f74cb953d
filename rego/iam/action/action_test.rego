package iam.action_test

import data.iam.action
import data.iam.document

# Whether a statement's action part matches, as it is found in the request and as it is found in what is compiled.
_matches_action(elements, name) := [in_request, in_compiled] if {
	statements := document.lowered(
		{"Statement": [object.union({"Effect": "Deny", "Resource": "*"}, elements)]},
		"identity",
	).statements
	in_request := action.matches(statements[0].action) with input as {"action": name}
	found := action.statements("p") with input as {"action": name} with data.iam.policies as {"p": document.indexed(statements)}
	in_compiled := count(found) == 1
}

# ACT-2 to ACT-9, GRAM-34
test_action_matches_by_any_entry[note] if {
	some note, tc in {
		"equal": {"entries": "s3:GetObject", "matches": true},
		"equal but for case": {"entries": "S3:GETOBJECT", "matches": true},
		"an asterisk": {"entries": "s3:Get*", "matches": true},
		"an empty run": {"entries": "s3:GetObject*", "matches": true},
		"a question mark": {"entries": "s3:G?tObject", "matches": true},
		"everything": {"entries": "*", "matches": true},
		"everything in two asterisks": {"entries": "**", "matches": true},
		"one of several": {"entries": ["iam:*", "s3:*"], "matches": true},
		"none of several": {"entries": ["iam:*", "s3:PutObject"], "matches": false},
		"another service": {"entries": "s3express:*", "matches": false},
		"a wildcard prefix": {"entries": "*:GetObject", "matches": false},
		"part of a wildcard prefix": {"entries": "s*:GetObject", "matches": false},
		"no colon": {"entries": "s3*", "matches": false},
		"two colons": {"entries": "s3:Get*:x", "matches": false},
		"a comma": {"entries": "s3:Get,GetObject", "matches": false},
		"blanks around": {"entries": " s3:GetObject ", "matches": false},
		"nothing": {"entries": [], "matches": false},
	}
	_matches_action({"Action": tc.entries}, "s3:GetObject") == [tc.matches, tc.matches]
}

# ACT-7, ACT-10, GRAM-34
test_notaction_matches_by_no_entry[note] if {
	some note, tc in {
		"equal": {"entries": "s3:GetObject", "matches": false},
		"a pattern": {"entries": ["iam:*", "s3:Get*"], "matches": false},
		"others": {"entries": ["iam:*", "s3:PutObject"], "matches": true},
		"everything": {"entries": "*", "matches": false},
		"a malformed entry excludes nothing": {"entries": "s3:", "matches": true},
		"nothing": {"entries": [], "matches": true},
	}
	_matches_action({"NotAction": tc.entries}, "s3:GetObject") == [tc.matches, tc.matches]
}

test_statements_are_found_in_their_order_without_their_action_part if {
	statements := document.lowered(
		{"Statement": [
			{"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"},
			{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
			{"Effect": "Allow", "Action": ["sqs:*", "s3:PutObject"], "Resource": "*"},
			{"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "*"},
			{"Effect": "Deny", "Action": "*", "Resource": "*"},
			{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
		]},
		"identity",
	).statements
	found := action.statements("p") with input as {"action": "S3:getobject"}
		with data.iam.policies as {"p": document.indexed(statements)}
	[[one.index, one.effect] | some one in found] == [[1, "Deny"], [2, "Allow"], [4, "Allow"], [5, "Deny"], [6, "Allow"]]
	[one | some one in found; one.action] == []
}
