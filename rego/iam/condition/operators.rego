package iam.condition

# METADATA
# title: The condition operators that are evaluated (E.5)
# description: |
#   By name in lower case, for names are matched without regard to case (GRAM-20). A negated operator holds where no
#   value matches, and where the key is missing (COND-ALL-1, COND-MISS-1).
operators := {
	"bool": {"negated": false, "variables": true, "wildcards": false},
	"null": {"negated": false, "variables": false, "wildcards": false},
	"stringequals": {"negated": false, "variables": true, "wildcards": false},
	"stringlike": {"negated": false, "variables": true, "wildcards": true},
	"stringnotequals": {"negated": true, "variables": true, "wildcards": false},
	"stringnotlike": {"negated": true, "variables": true, "wildcards": true},
}

# METADATA
# title: IAM's operators that this version refuses
# description: A statement with one of them can't be decided, so its policy is an error and never skipped (GRAM-23).
refused := {
	"arnequals", "arnlike", "arnnotequals", "arnnotlike", "binaryequals",
	"dateequals", "dategreaterthan", "dategreaterthanequals", "datelessthan", "datelessthanequals", "datenotequals",
	"ipaddress", "notipaddress",
	"numericequals", "numericgreaterthan", "numericgreaterthanequals",
	"numericlessthan", "numericlessthanequals", "numericnotequals",
	"stringequalsignorecase", "stringnotequalsignorecase",
}
