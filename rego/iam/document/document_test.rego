package iam.document_test

import data.iam.document

# GRAM-9, GRAM-16, RES-12: the whole compiled form, once.
test_document_lowers_to_statements if {
	document.lowered(
		{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Action": "S3:GetObject", "Resource": "*"},
			{
				"Sid": "Own",
				"Effect": "Deny",
				"NotAction": ["s3:Get*", "iam:*"],
				"NotResource": ["arn:aws:S3:::Bucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}"],
				"Condition": {"StringNotLikeIfExists": {"aws:PrincipalTag/Team": ["r*", "${k}", 10, true]}},
			},
		]},
		"identity",
	) == {"problems": set(), "statements": [
		{
			"action": {
				"every": false,
				"exact": {"s3:getobject": true},
				"negated": false,
				"pattern": `[^\x00-\x{10FFFF}]`,
				"written": ["S3:GetObject"],
			},
			"conditions": [],
			"effect": "Allow",
			"index": 1,
			"resource": {
				"every": true,
				"exact": {},
				"negated": false,
				"pattern": `[^\x00-\x{10FFFF}]`,
				"policy_type": "identity",
				"templates": [],
				"undecidable": false,
				"variables": true,
				"written": ["*"],
			},
			"sid": null,
		},
		{
			"action": {
				"every": false,
				"exact": {},
				"negated": true,
				"pattern": "(?s)^(?:s3:get.*|iam:.*)$",
				"written": ["s3:Get*", "iam:*"],
			},
			"conditions": [{
				"compares": "text",
				"if_exists": true,
				"key": "aws:principaltag/team",
				"negated": true,
				"operator": "stringnotlike",
				"pattern": "(?s)^(?:r.*)$",
				"relation": "like",
				"set": "",
				"templates": [[{"variable": "k"}]],
				"undecidable": false,
				"values": ["10", "true"],
				"written": {
					"key": "aws:PrincipalTag/Team",
					"operator": "StringNotLikeIfExists",
					"values": ["r*", "${k}", "10", "true"],
				},
			}],
			"effect": "Deny",
			"index": 2,
			"resource": {
				"every": false,
				"exact": {"arn:aws:s3:::Bucket": true},
				"negated": true,
				"pattern": "(?s)^(?:arn:aws:s3:::b/.*)$",
				"policy_type": "identity",
				"templates": [[{"body": "arn:aws:s3:::"}, {"body": "b/"}, {"variable": "aws:username"}]],
				"undecidable": false,
				"variables": true,
				"written": ["arn:aws:S3:::Bucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}"],
			},
			"sid": "Own",
		},
	]}
}

# GRAM-3
test_lone_statement_is_a_list_of_it if {
	statement := {"Effect": "Allow", "Action": "*", "Resource": "*"}
	document.lowered({"Statement": statement}, "identity") == document.lowered({"Statement": [statement]}, "identity")
}

# GRAM-34
test_empty_lists_lower_to_what_never_matches if {
	document.lowered({"Statement": []}, "identity") == {"problems": set(), "statements": []}
	[statement] := document.lowered(
		{"Statement": {"Effect": "Allow", "Action": [], "Resource": [], "Condition": {"StringLike": {"k": []}}}},
		"identity",
	).statements
	[statement.action.every, statement.action.exact] == [false, {}]
	not regex.match(statement.action.pattern, "")
	not regex.match(statement.resource.pattern, "")
	not regex.match(statement.conditions[0].pattern, "")
}

test_structural_problem_leaves_no_statements if {
	lowered := document.lowered(
		{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Action": "*", "Resource": "*"}]},
		"identity",
	)
	[problem.code | some problem in lowered.problems] == ["MISSING_EFFECT"]
	lowered.statements == []
}

# EVAL-8
test_oddity_leaves_the_rest_standing if {
	lowered := document.lowered(
		{"Statement": {"Effect": "Allow", "Action": ["s3", "s3:Get*"], "Resource": ["bucket", "arn:aws:s3:::b"]}},
		"identity",
	)
	{problem.code | some problem in lowered.problems} == {"INVALID_ACTION", "INVALID_ARN_PREFIX"}
	lowered.statements[0].action.pattern == "(?s)^(?:s3:get.*)$"
	lowered.statements[0].resource.exact == {"arn:aws:s3:::b": true}
}

# GRAM-11, GRAM-12
test_variables_count_in_the_newer_version_only[note] if {
	some note, tc in {
		"2012-10-17": {"document": {"Version": "2012-10-17"}, "count": true},
		"2008-10-17": {"document": {"Version": "2008-10-17"}, "count": false},
		"none": {"document": {}, "count": false},
		"no document": {"document": null, "count": false},
	}
	document.variables_count(tc.document) == tc.count
}

# GRAM-12: without them an entry is text, and `$`, `{` and `}` in it literal.
test_variables_are_literal_without_version if {
	[statement] := document.lowered(
		{"Statement": {
			"Effect": "Allow",
			"Action": "*",
			"Resource": "arn:aws:s3:::b/${aws:username}/*",
			"Condition": {"StringEquals": {"k": "${aws:username}"}},
		}},
		"identity",
	).statements
	statement.resource.templates == []
	regex.match(statement.resource.pattern, "arn:aws:s3:::b/${aws:username}/x")
	not regex.match(statement.resource.pattern, "arn:aws:s3:::b/ana/x")
	[test | some test in statement.conditions][0].values == ["${aws:username}"]
}

# VAR-2: Null takes no variables, Bool does (COND-BOOL-3).
test_operator_says_whether_variables_count[operator] if {
	some operator, templates in {"Null": [], "Bool": [[{"variable": "k"}]]}
	[statement] := document.lowered(
		{"Version": "2012-10-17", "Statement": {
			"Effect": "Allow",
			"Action": "*",
			"Resource": "*",
			"Condition": {operator: {"x": "${k}"}},
		}},
		"identity",
	).statements
	statement.conditions[0].templates == templates
}

# RES-4, RES-15: variables count in the resource part only, and wildcards of the others end at a colon.
test_arn_template[entry] if {
	some entry, parts in {
		"arn:aws:iam::*:user/${k}": [{"body": "arn:aws:iam::[^:]*:"}, {"body": "user/"}, {"variable": "k"}],
		"arn:aws:sqs:${k}:1:q": [{"body": "arn:aws:sqs:[$][{]k[}]:1:"}, {"body": "q"}],
	}
	document.arn_template(split(entry, ":"), true) == parts
}

_resource(element, value, policy_type) := document.lowered(
	{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", element: value}},
	policy_type,
).statements[0].resource

# RES-6, OPEN-2: only what a wildcard in a type word changes has a second form.
test_second_form_where_wildcards_in_type_words_count if {
	entries := ["arn:aws:iam::1:u*/a", "arn:aws:iam::1:${k}/a", "arn:aws:s3:::b*/k"]
	resource := _resource("Resource", entries, "identity")
	resource.pattern == "(?s)^(?:arn:aws:s3:::b.*/k)$"
	resource.templates == []
	resource.globbed == {
		"pattern": "(?s)^(?:arn:aws:iam::1:u.*/a|arn:aws:s3:::b.*/k)$",
		"templates": [[{"body": "arn:aws:iam::1:"}, {"variable": "k"}, {"body": "/a"}]],
	}
	not _resource("Resource", ["arn:aws:s3:::b*/k"], "identity").globbed
}

# RES-10, DIFF-21; the elements that a type needs are another matter (A.5).
test_statement_without_a_resource_covers_every_one if {
	resource := document._resource({"Effect": "Allow"}, "resource", true)
	[resource.every, resource.negated, resource.written] == [true, false, []]
}

# RES-40, VAR-4, VAR-9: escapes are literal.
test_marked_parts[text] if {
	some text, parts in {
		"a*?": [{"marked": "a\ufdd0\ufdd1"}],
		"a*${*}${?}${$}": [{"marked": "a\ufdd0"}, {"marked": "*"}, {"marked": "?"}, {"marked": "$"}],
		"${k}${d, 'x'}": [{"variable": "k"}, {"default": "x", "variable": "d"}],
	}
	document.marked_parts(text, true) == parts
	document.marked_parts("${k}*", false) == [{"marked": "${k}\ufdd0"}]
}

# RES-20, RES-21
test_undecidable_entries[entry] if {
	some entry, undecidable in {
		"*": false,
		"arn:aws:s3:::b": false,
		"arn:aws:s3:::${k}": false,
		"arn:aws:s3": true,
		"bucket": true,
		"arn:aws:s3:::${k": true,
		"arn:aws:s3:::${}": true,
	}
	_resource("NotResource", entry, "identity").undecidable == undecidable
}

# ACT-3 to ACT-8
test_action_entries[entry] if {
	some entry, well_formed in {
		"*": true,
		"**": true,
		"s3:GetObject": true,
		"s3:*": true,
		"s3:G?t*": true,
		"s3:Get,Put": true,
		"s3:": false,
		"s3": false,
		":Get": false,
		"*:Get*": false,
		"s?:Get": false,
		"s3:Get:Put": false,
		"s3: Get": false,
		"s3:Get ": false,
		" s3:Get": false,
		"": false,
	}
	document.is_action(entry) == well_formed
}

# COND-ALL-4, GRAM-20
test_operator_parts[written] if {
	some written, parts in {
		"StringEquals": ["", "stringequals", false],
		"STRINGLIKEIFEXISTS": ["", "stringlike", true],
		"IfExists": ["", "", true],
		"StringEqualsIfExistsIfExists": ["", "stringequalsifexists", true],
		"ForAllValues:Bool": ["forallvalues", "bool", false],
		"forANYvalue:NULLifExists": ["foranyvalue", "null", true],
		"ForAnyValue::Bool": ["foranyvalue", ":bool", false],
		"ForAllValues:ForAnyValue:Bool": ["forallvalues", "foranyvalue:bool", false],
	}
	found := document.operator_parts(written)
	[found.set, found.base, found.if_exists] == parts
}

# EVAL-8: an expression that RE2 refuses would match nothing.
test_patterns_that_do_not_compile_are_a_structural_problem if {
	letters := concat("", ["a" | some _ in numbers.range(1, 500)])
	actions := [$"s3:{substring(letters, 0, n)}*" | some n in numbers.range(1, 500)]
	document.lowered({"Statement": [{"Effect": "Deny", "Action": actions, "Resource": "*"}]}, "identity") == {
		"problems": {{
			"code": "PATTERN_TOO_COMPLEX",
			"message": "the patterns are too many or too long",
			"path": "/Statement/0",
			"structural": true,
		}},
		"statements": [],
	}
}

test_patterns_that_are_too_long_are_a_structural_problem[where] if {
	long := sprintf("%0140000d", [0])
	some where, members in {
		"an action": {"Action": $"s3:{long}*"},
		"a resource": {"Resource": $"arn:aws:s3:::{long}*"},
		"a resource with a variable": {"Resource": $"arn:aws:s3:::{long}$\{aws:username}"},
		"a resource in its second form": {"Resource": $"arn:aws:iam::1:u*/{long}"},
		"a condition": {"Condition": {"StringLike": {"s3:prefix": $"{long}*"}}},
		"a condition with a variable": {"Condition": {"StringEquals": {"s3:prefix": $"{long}$\{aws:username}"}}},
	}
	statement := object.union({"Effect": "Deny", "Action": "*", "Resource": "*"}, members)
	{problem.code |
		some problem in document.lowered({"Version": "2012-10-17", "Statement": statement}, "identity").problems
		problem.structural
	} == {"PATTERN_TOO_COMPLEX"}
}

test_hundreds_of_entries_stay_fast if {
	actions := [$"s3:Action{n}*" | some n in numbers.range(1, 500)]
	lowered := document.lowered({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}}, "identity")
	lowered.problems == set()
	regex.match(lowered.statements[0].action.pattern, "s3:action500x")
	not regex.match(lowered.statements[0].action.pattern, "s3:actio")
}

test_documents_are_lowered_in_order if {
	given := [
		{"document": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}, "policy_type": "identity"},
		{"document": {}, "policy_type": "identity"},
	]
	stored := document.lowered_documents with input as {"documents": given}
	[object.keys(one.statements) | some one in stored] == [{"000001"}, set()]
	[one.problems | some one in stored] == [document.lowered(item.document, "identity").problems | some item in given]
}
