package iam.request

# METADATA
# title: The policy types in the order of reporting (EVAL-3)
policy_types := [
	"resource_control", "service_control", "vpc_endpoint", "resource", "identity",
	"permissions_boundary", "session",
]

# METADATA
# title: The policy types of which a request gives a list of policies
list_types := ["identity", "permissions_boundary", "session", "vpc_endpoint"]

# METADATA
# title: The policy types of which a request gives a list of levels, root first
level_types := ["resource_control", "service_control"]

# METADATA
# title: Where a policy stands in the request
# description: Takes its type, its level and its place in the list, which are 0 where its type has none.
policy_path(["resource", _, _]) := "/policies/resource"

policy_path([type, _, i]) := $"/policies/{type}/{i}" if type in list_types

policy_path([type, level, i]) := $"/policies/{type}/{level}/policies/{i}" if type in level_types
