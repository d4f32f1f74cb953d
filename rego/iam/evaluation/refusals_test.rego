package iam.evaluation_test

import data.iam.evaluation

# IAM-1, IAM-2, KMS-7
test_aws_keeps_its_own_from_its_customers[note] if {
	some note, tc in {
		"an AWS managed policy": {"action": "iam:CreatePolicyVersion", "resource": "arn:aws:iam::aws:policy/x/Y"},
		"in another case": {"action": "IAM:TAGPOLICY", "resource": "arn:aws:IAM::AWS:policy/Y"},
		"a role of Identity Center": {
			"action": "iam:DeleteRole",
			"resource": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/R",
		},
		"an alias of AWS": {
			"action": "kms:DeleteAlias",
			"resource": "arn:aws:kms:us-east-1:111122223333:alias/aws/s3",
		},
	}
	_decision(tc, [_statement("Allow", "*", "*")]) == "implicitDeny"
	_decision(tc, [_statement("Allow", "*", "*"), _statement("Deny", "*", "*")]) == "explicitDeny"
	refusals := evaluation.refusals with input as object.union({"principal": _user}, tc)
	[[refusal.code, refusal.path] | some refusal in refusals] == [["PROTECTED_BY_AWS", "/resource"]]
}

test_refusal_names_its_rule if {
	evaluation.refusals == {{
		"code": "PROTECTED_BY_AWS",
		"message": "nobody but AWS can change an AWS managed policy (IAM-1)",
		"path": "/resource",
	}} with input as {"action": "iam:DeletePolicy", "resource": "arn:aws:iam::aws:policy/Y"}
}

test_the_rest_is_not_protected[note] if {
	some note, tc in {
		"reading": {"action": "iam:GetPolicy", "resource": "arn:aws:iam::aws:policy/Y"},
		"one's own policy": {"action": "iam:DeletePolicy", "resource": "arn:aws:iam::111122223333:policy/Y"},
		"one's own role": {"action": "iam:DeleteRole", "resource": "arn:aws:iam::111122223333:role/aws-reserved"},
		"one's own alias": {"action": "kms:DeleteAlias", "resource": "arn:aws:kms:us-east-1:111122223333:alias/a"},
	}
	_decision(tc, [_statement("Allow", "*", "*")]) == "allowed"
	refusals := evaluation.refusals with input as object.union({"principal": _user}, tc)
	refusals == set()
}

# XACC-8, ROOT-2, STS-2, TRUST-4, S3-5
test_other_refusals[note] if {
	some note, [request, code] in {
		"another partition": [
			{"principal": _user, "action": "s3:GetObject", "resource": "arn:aws-cn:s3:::b/k"},
			"OTHER_PARTITION",
		],
		"a root user's AssumeRole": [
			{
				"principal": "arn:aws:iam::111122223333:root",
				"action": "sts:AssumeRole",
				"resource": "arn:aws:iam::111122223333:role/r",
			},
			"NOT_FOR_CREDENTIALS",
		],
	}
	refusals := evaluation.refusals with input as request
	[refusal.code | some refusal in refusals] == [code]
}
