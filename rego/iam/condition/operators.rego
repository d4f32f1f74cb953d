package iam.condition

# METADATA
# title: The condition operators (E.5)
# description: |
#   By name in lower case, for names are matched without regard to case (GRAM-20). A negated operator holds where no
#   value matches, and where the key is missing (COND-ALL-1, COND-MISS-1). `compares` says how texts are read, `relation`
#   how what was read is compared, the request's value on the left. ArnEquals is ArnLike.
operators := {
	"arnequals": _arn,
	"arnlike": _arn,
	"arnnotequals": _negated(_arn),
	"arnnotlike": _negated(_arn),
	"binaryequals": _operator("binary", "equal", false),
	"bool": _operator("boolean", "equal", true),
	"dateequals": _operator("date", "equal", false),
	"dategreaterthan": _operator("date", "greater", false),
	"dategreaterthanequals": _operator("date", "greater or equal", false),
	"datelessthan": _operator("date", "less", false),
	"datelessthanequals": _operator("date", "less or equal", false),
	"datenotequals": _negated(_operator("date", "equal", false)),
	"ipaddress": _operator("address", "within", false),
	"notipaddress": _negated(_operator("address", "within", false)),
	"null": _operator("presence", "equal", false),
	"numericequals": _operator("number", "equal", false),
	"numericgreaterthan": _operator("number", "greater", false),
	"numericgreaterthanequals": _operator("number", "greater or equal", false),
	"numericlessthan": _operator("number", "less", false),
	"numericlessthanequals": _operator("number", "less or equal", false),
	"numericnotequals": _negated(_operator("number", "equal", false)),
	"stringequals": _operator("text", "equal", true),
	"stringequalsignorecase": _operator("caseless text", "equal", true),
	"stringlike": _operator("text", "like", true),
	"stringnotequals": _negated(_operator("text", "equal", true)),
	"stringnotequalsignorecase": _negated(_operator("caseless text", "equal", true)),
	"stringnotlike": _negated(_operator("text", "like", true)),
}

_operator(compares, relation, variables) := {
	"compares": compares,
	"negated": false,
	"relation": relation,
	"variables": variables,
}

_negated(operator) := object.union(operator, {"negated": true})

_arn := _operator("arn", "like", true)
