package iam.document

import data.iam.pattern

# METADATA
# title: Conditions, the commonest with what makes them quick to weigh
# description: |
#   `quick` has an expression for the texts that are `wanted` (the operator's negation apart), and whether the condition holds
#   where the key is `absent`. A condition is quick where it asks for one text, without variables, of a key that the request
#   alone can give.
quick_conditions(conditions) := [object.union(condition, _quick(condition)) | some condition in conditions]

default _quick(_) := {}

_quick(condition) := {"quick": {"absent": _absent(condition), "wanted": concat("|", bodies)}} if {
	condition.compares == "text"
	condition.set == ""
	condition.templates == []
	condition.undecidable == false
	regex.match(_filled_in, condition.key) == false
	bodies := array.concat(
		[pattern.anchored([pattern.literal(text) | some text in condition.values]) | count(condition.values) > 0],
		[condition.pattern | condition.relation == "like"],
	)
	bodies != []
}

_absent(condition) := count([given | some given in [condition.if_exists, condition.negated]; given]) > 0

# What IAM knows without being told, or keeps to itself (I.1, S3-4).
_filled_in := `^aws:(?:calledvia|currenttime|epochtime|multifactorauthpresent|principal|resource|user)|^s3:buckettag/`
