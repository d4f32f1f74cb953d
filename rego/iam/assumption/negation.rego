package iam.assumption

import data.iam.condition
import data.iam.expression
import data.iam.pattern

# METADATA
# title: When a condition does not hold (DISC-8)
# description: |
#   An expression of `iam.expression`; true for a condition that never holds, false for one that always does.
negation(test) := _negations_of_presence[test.set] if {
	test.compares == "presence"
	test.set != ""
} else := _opposite_presence(test) if {
	test.compares == "presence"
} else := expression.all_of({_presence(test, "false") | not _implies_presence(test)} | {_opposite(test)}) if {
	_holds_without_key(test)
} else := expression.any_of({_presence(test, "true") | not _includes_absence(test)} | {_opposite(test)})

# With a set operator Null is constant (COND-NULL-4).
_negations_of_presence := {"forallvalues": false, "foranyvalue": true}

_opposite_presence(test) := _presence(test, "false") if {
	{value | some value in test.values} == {"true"}
} else := _presence(test, "true") if {
	{value | some value in test.values} == {"false"}
} else := count(test.values) == 0

_presence(test, absent) := {"key": test.written.key, "operator": "Null", "values": [absent]}

# The table E.2.
default _holds_without_key(_) := false

_holds_without_key(test) if test.set == "forallvalues"

_holds_without_key(test) if test.if_exists

_holds_without_key(test) if {
	test.set == ""
	test.negated
}

# What was negated and no longer is asks for the key by itself.
default _implies_presence(_) := false

_implies_presence(test) if {
	test.set == ""
	test.negated
	is_object(_opposite(test))
}

# A partner that is negated holds without the key by itself, unlike those of ordered comparisons and of Bool.
default _includes_absence(_) := false

_includes_absence(test) if {
	test.set == ""
	is_object(_opposite(test))
	condition.operators[lower(_opposite(test).operator)].negated
}

# When a request that has the key doesn't satisfy the condition, or for a set operator: when the other set operator finds
# that of the values.
_opposite(test) if {
	_is_met_by_nothing(test)
} else := false if {
	_is_met_by_everything(test)
} else := {
	"key": test.written.key,
	"operator": $"{_other_sets[test.set]}{_partner(test)}",
	"values": _opposite_values(test),
}

_other_sets := {"": "", "forallvalues": "ForAnyValue:", "foranyvalue": "ForAllValues:"}

default _is_met_by_nothing(_) := false

_is_met_by_nothing(test) if test.undecidable

_is_met_by_nothing(test) if {
	not test.negated
	count(test.values) + count(test.templates) == 0
	test.pattern == pattern.anchored([])
}

default _is_met_by_everything(_) := false

_is_met_by_everything(test) if {
	test.negated
	count(test.written.values) == 0
}

_is_met_by_everything(test) if {
	test.compares == "boolean"
	count({value | some value in test.values}) == 2
}

# A variable's opposite is no boolean.
_partner(test) := "StringNotEqualsIgnoreCase" if {
	test.operator == "bool"
	count(test.templates) > 0
} else := _partners[test.operator]

_opposite_values(test) := [value | some value in ["false", "true"]; not value in test.values] if {
	test.operator == "bool"
	count(test.templates) == 0
} else := [_decisive(test)] if {
	test.relation in _ordered
} else := test.written.values

_ordered := ["greater", "greater or equal", "less", "less or equal"]

# To be beyond any of several bounds is to be beyond the nearest; not to be is a matter of that one alone.
_decisive(test) := [text |
	some text in test.written.values
	condition.wanted(test.compares, text) == _bound(test)
][0]

_bound(test) := max(test.values) if startswith(test.relation, "less")

_bound(test) := min(test.values) if startswith(test.relation, "greater")

# Binary values are compared as text, for IAM has no BinaryNotEquals (COND-MISS-4).
_partners := {
	"arnequals": "ArnNotEquals",
	"arnlike": "ArnNotLike",
	"arnnotequals": "ArnEquals",
	"arnnotlike": "ArnLike",
	"binaryequals": "StringNotEquals",
	"bool": "Bool",
	"dateequals": "DateNotEquals",
	"dategreaterthan": "DateLessThanEquals",
	"dategreaterthanequals": "DateLessThan",
	"datelessthan": "DateGreaterThanEquals",
	"datelessthanequals": "DateGreaterThan",
	"datenotequals": "DateEquals",
	"ipaddress": "NotIpAddress",
	"notipaddress": "IpAddress",
	"numericequals": "NumericNotEquals",
	"numericgreaterthan": "NumericLessThanEquals",
	"numericgreaterthanequals": "NumericLessThan",
	"numericlessthan": "NumericGreaterThanEquals",
	"numericlessthanequals": "NumericGreaterThan",
	"numericnotequals": "NumericEquals",
	"stringequals": "StringNotEquals",
	"stringequalsignorecase": "StringNotEqualsIgnoreCase",
	"stringlike": "StringNotLike",
	"stringnotequals": "StringEquals",
	"stringnotequalsignorecase": "StringEqualsIgnoreCase",
	"stringnotlike": "StringLike",
}
