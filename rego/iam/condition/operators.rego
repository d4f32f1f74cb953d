package iam.condition

# METADATA
# title: The condition operators (E.5)
# description: |
#   By name in lower case, for names are matched without regard to case (GRAM-20). A negated operator holds where no
#   value matches, and where the key is missing (COND-ALL-1, COND-MISS-1). `compares` says how texts are read, `relation`
#   how what was read is compared, the request's value on the left. ArnEquals is ArnLike. Written out, since what is
#   computed is computed anew for every document of a batch.
operators := {
	"arnequals": {"compares": "arn", "negated": false, "relation": "like", "variables": true},
	"arnlike": {"compares": "arn", "negated": false, "relation": "like", "variables": true},
	"arnnotequals": {"compares": "arn", "negated": true, "relation": "like", "variables": true},
	"arnnotlike": {"compares": "arn", "negated": true, "relation": "like", "variables": true},
	"binaryequals": {"compares": "binary", "negated": false, "relation": "equal", "variables": false},
	"bool": {"compares": "boolean", "negated": false, "relation": "equal", "variables": true},
	"dateequals": {"compares": "date", "negated": false, "relation": "equal", "variables": false},
	"dategreaterthan": {"compares": "date", "negated": false, "relation": "greater", "variables": false},
	"dategreaterthanequals": {"compares": "date", "negated": false, "relation": "greater or equal", "variables": false},
	"datelessthan": {"compares": "date", "negated": false, "relation": "less", "variables": false},
	"datelessthanequals": {"compares": "date", "negated": false, "relation": "less or equal", "variables": false},
	"datenotequals": {"compares": "date", "negated": true, "relation": "equal", "variables": false},
	"ipaddress": {"compares": "address", "negated": false, "relation": "within", "variables": false},
	"notipaddress": {"compares": "address", "negated": true, "relation": "within", "variables": false},
	"null": {"compares": "presence", "negated": false, "relation": "equal", "variables": false},
	"numericequals": {"compares": "number", "negated": false, "relation": "equal", "variables": false},
	"numericgreaterthan": {"compares": "number", "negated": false, "relation": "greater", "variables": false},
	"numericgreaterthanequals": {
		"compares": "number",
		"negated": false,
		"relation": "greater or equal",
		"variables": false,
	},
	"numericlessthan": {"compares": "number", "negated": false, "relation": "less", "variables": false},
	"numericlessthanequals": {"compares": "number", "negated": false, "relation": "less or equal", "variables": false},
	"numericnotequals": {"compares": "number", "negated": true, "relation": "equal", "variables": false},
	"stringequals": {"compares": "text", "negated": false, "relation": "equal", "variables": true},
	"stringequalsignorecase": {"compares": "caseless text", "negated": false, "relation": "equal", "variables": true},
	"stringlike": {"compares": "text", "negated": false, "relation": "like", "variables": true},
	"stringnotequals": {"compares": "text", "negated": true, "relation": "equal", "variables": true},
	"stringnotequalsignorecase": {"compares": "caseless text", "negated": true, "relation": "equal", "variables": true},
	"stringnotlike": {"compares": "text", "negated": true, "relation": "like", "variables": true},
}
