package iam.document_test

import data.iam.condition
import data.iam.document

_conditions(block) := document.quick_conditions(document.lowered(
	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": block}},
	"identity",
).statements[0].conditions)

# COND-STR-1, COND-MISS-1
test_conditions_on_one_text_are_quick[note] if {
	some note, [block, quick] in {
		"equal": [{"StringEquals": {"k": ["a.b", "c"]}}, {"absent": false, "wanted": "(?s)^(?:a[.]b|c)$"}],
		"not equal": [{"StringNotEquals": {"k": "a"}}, {"absent": true, "wanted": "(?s)^(?:a)$"}],
		"if it exists": [{"StringEqualsIfExists": {"k": "a"}}, {"absent": true, "wanted": "(?s)^(?:a)$"}],
		"of what IAM knows": [{"StringEquals": {"aws:PrincipalAccount": "a"}}, {"wanted": "(?s)^(?:a)$"}],
		"like": [{"StringLike": {"k": ["a*", "b"]}}, {"absent": false, "wanted": "(?s)^(?:b)$|(?s)^(?:a.*)$"}],
	}
	[condition] := _conditions(block)
	condition.quick == quick
}

test_other_conditions_are_not[note] if {
	some note, block in {
		"a variable": {"StringEquals": {"k": "${aws:username}"}},
		"no value": {"StringEquals": {"k": []}},
		"of a set": {"ForAnyValue:StringEquals": {"k": "a"}},
		"a number": {"NumericEquals": {"k": 1}},
		"whatever case": {"StringEqualsIgnoreCase": {"k": "a"}},
		"what S3 may hide": {"StringEquals": {"s3:BucketTag/a": "b"}},
		"of several values": {"StringEquals": {"aws:TagKeys": "a"}},
		"by either name": {"StringEquals": {"aws:ResourceTag/a": "b"}},
	}
	[condition] := _conditions(block)
	not condition.quick
}

# Both ways hold alike, whatever is given: COND-ALL-3, COND-SET-2, COND-MISS-1
test_quick_conditions_hold_as_others_do[note] if {
	given := {
		"a text": {"k": "a"},
		"another": {"K": "b"},
		"in another case": {"k": "A"},
		"no text": {"k": ""},
		"true": {"k": true},
		"false": {"k": false},
		"a number": {"k": 1},
		"a list": {"k": ["a"]},
		"an empty list": {"k": []},
		"nothing": {},
		"what IAM knows": {"aws:username": "a"},
	}
	some note, context in given
	some operator in ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]
	some suffix in ["", "IfExists"]
	some key in ["k", "aws:UserName"]
	name := $"{operator}{suffix}"
	[quick] := _conditions({name: {key: ["a", "true", "c*"]}})
	plain := object.remove(quick, ["quick"])
	held := [condition.satisfied(quick), condition.satisfied(plain)] with input as {"context": context, "principal": "arn:aws:iam::111122223333:user/c"}
	held[0] == held[1]
}

test_quick_conditions_hold_as_others_do_without_a_context if {
	[quick] := _conditions({"StringNotEquals": {"k": "a"}})
	condition.satisfied(quick) with input as {}
}
