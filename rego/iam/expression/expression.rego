# METADATA
# title: Expressions
# description: |
#   What must be so, as a tree of `{"all": […]}`, `{"any": […]}` and leaves of any other form; true where nothing must, false
#   where nothing helps. Built from below, simplified on the way: what is constant is gone, nothing stands twice or in a
#   group of its own kind, and the order is always the same (DISC-7).
package iam.expression

# METADATA
# title: The expression that asks for each of a set
all_of(parts) := false if {
	false in parts
} else := _group("all", parts - {true})

# METADATA
# title: The expression that asks for one of a set
any_of(parts) if {
	true in parts
} else := _group("any", parts - {false})

_group(kind, parts) := _of_members(kind, {member | some part in parts; some member in _members(kind, part)})

_of_members(kind, members) := {"all": true, "any": false}[kind] if {
	count(members) == 0
} else := sort(members)[0] if {
	count(members) == 1
} else := {kind: sort(members)}

_members(kind, part) := part[kind] if {
	part[kind]
} else := [part]
