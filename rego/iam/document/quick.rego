package iam.document

import data.iam.catalogue
import data.iam.pattern

# METADATA
# title: Conditions, the commonest with what makes them quick to weigh
# description: |
#   `quick` has an expression for the texts that are `wanted` (the operator's negation apart) and, of a key that the request
#   alone can give, whether the condition holds where it is `absent`. A condition is quick where it asks for one text or a
#   boolean, without variables, of a key that nothing keeps out of sight and that has one value, as far as is known here: the
#   compiler looks into the reference as well.
quick_conditions(conditions) := [object.union(condition, _quick(condition)) | some condition in conditions]

default _quick(_) := {}

_quick(condition) := {"quick": object.union(_absent(condition), {"wanted": _wanted(condition)})} if {
	condition.compares in ["boolean", "text"]
	condition.set == ""
	condition.templates == []
	condition.undecidable == false
	regex.match(_withheld, condition.key) == false
	not catalogue.is_multivalued(condition.key)
}

_wanted(condition) := concat("|", bodies) if {
	condition.compares == "text"
	bodies := array.concat(
		[pattern.anchored([pattern.literal(text) | some text in condition.values]) | count(condition.values) > 0],
		[condition.pattern | condition.relation == "like"],
	)
	bodies != []
}

# What is not the text of true, in whatever case, is false.
_wanted(condition) := concat("|", [_booleans[text] | some text in condition.values]) if {
	condition.compares == "boolean"
	condition.values != []
}

_booleans := {
	"false": `(?is)^(?:[^t].*|t(?:[^r].*)?|tr(?:[^u].*)?|tru(?:[^e].*)?|true.+)?$`,
	"true": "(?i)^true$",
}

_absent(condition) := {"absent": count([given | some given in [condition.if_exists, condition.negated]; given]) > 0} if {
	not regex.match(_filled_in, condition.key)
} else := {}

# What IAM knows without being told (I.1).
_filled_in := `^aws:(?:calledvia|currenttime|epochtime|multifactorauthpresent|principal|resource|user)`

# What S3 keeps to itself (S3-4).
_withheld := `^(?:aws:resourcetag|s3:buckettag)/`
