package iam.document_test

import data.iam.condition
import data.iam.document

_stored_members := {
	"usual": {
		"elements": {"Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"k": "${aws:username}"}}},
		"resource": {"pattern", "written"},
		"condition": {"key", "negated", "operator", "templates", "values", "written"},
	},
	"every resource, and a quick condition": {
		"elements": {"Resource": "*", "Condition": {"StringNotEqualsIfExists": {"K": "a"}}},
		"resource": {"every", "written"},
		"condition": {"if_exists", "key", "negated", "operator", "quick", "written"},
	},
	"names": {
		"elements": {"Resource": "arn:aws:s3:::b", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": ["a*"]}}},
		"resource": {"exact", "written"},
		"condition": {"key", "negated", "operator", "pattern", "set", "values", "written"},
	},
	"all but some": {
		"elements": {"NotResource": "arn:aws:s3:::b", "Condition": {"NumericLessThan": {"k": 1}}},
		"resource": {
			"every", "exact", "negated", "pattern", "policy_type",
			"templates", "undecidable", "variables", "written",
		},
		"condition": {"key", "negated", "operator", "values", "written"},
	},
	"all but what cannot be read": {
		"elements": {"Resource": "x", "Condition": {"DateNotEquals": {"k": ["never"]}}},
		"resource": {"undecidable", "written"},
		"condition": {"key", "negated", "operator", "undecidable", "values", "written"},
	},
}

_statement_of(elements) := {"Version": "2012-10-17", "Statement": object.union({"Effect": "Allow", "Action": "s3:*"}, elements)}

test_statements_are_stored_without_what_most_have[note] if {
	some note, tc in _stored_members
	stored := document.indexed(document.lowered(_statement_of(tc.elements), "identity").statements).statements["000001"]
	object.keys(stored.resource) == tc.resource
	[object.keys(test) | some test in stored.conditions] == [tc.condition]
}

test_stored_statements_have_all_again[note] if {
	some note, tc in _stored_members
	[lowered] := document.lowered(_statement_of(tc.elements), "identity").statements
	whole := document.whole(document.indexed([lowered]).statements["000001"])
	object.remove(whole, ["conditions", "reach"]) == object.remove(lowered, ["action", "conditions"])
	[object.remove(test, ["quick"]) | some test in whole.conditions] == lowered.conditions
}

# COND-ALL-1: no test of the request tells a stored condition from a lowered one.
test_stored_conditions_hold_as_lowered_ones[note] if {
	given := {
		"nothing": {},
		"a text": {"k": "a", "aws:TagKeys": "a"},
		"a list": {"k": ["ana"], "aws:TagKeys": ["b", "ab"]},
		"a number": {"k": 0},
		"the variable": {"k": "ana", "aws:username": "ana"},
	}
	some note, context in given
	every tc in _stored_members {
		[lowered] := document.lowered(_statement_of(tc.elements), "identity").statements
		stored := document.indexed([lowered]).statements["000001"]
		every i, test in stored.conditions {
			held := [condition.satisfied(test), condition.satisfied(lowered.conditions[i])] with input as {"context": context}
			held[0] == held[1]
		}
	}
}
