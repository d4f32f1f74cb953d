package iam.lint

import data.iam.condition

# The tests of the caller's address, each with the places of its values that are addresses in private networks, and of
# those that are not. A test that a missing key satisfies is left out: it can mean requests from within a VPC.
_source_addresses := [{"private": private, "public": public, "statement": statement, "test": test} |
	some [statement, test] in tests
	test.key == "aws:sourceip"
	test.base in ["ipaddress", "notipaddress"]
	not test.if_exists
	test.set == ""
	private := [value_path(test, i) | some i, value in test.values; _is_private(value)]
	public := [value | some value in test.values; condition.block(value); not _is_private(value)]
]

_private := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]

default _is_private(_) := false

_is_private(value) if {
	some network in _private
	startswith(condition.block(value), condition.block(network))
}

# COND-IP-1
faults contains finding if {
	some found in _source_addresses
	count(found.private) > 0
	found.public == []
	finding := _located(_private_only(found.statement, found.test), found.private)
}

_private_only(_, test) := _finding("PRIVATE_IP_ADDRESS", "ERROR", test.path, message) if {
	not test.negated
	message := "a request's address is public, or the key is missing: private networks alone never match (I.3)"
}

_private_only(statement, test) := _finding("PRIVATE_NOT_IP_ADDRESS", severity, test.path, message) if {
	test.negated
	severity := object.get({"Allow": "SECURITY_WARNING"}, statement.effect, "ERROR")
	message := "a request's address is public, or the key is missing: private networks alone exclude nobody (I.3)"
}

# COND-IP-1
advice contains finding if {
	some found in _source_addresses
	count(found.private) > 0
	count(found.public) > 0
	code := {false: "PRIVATE_IP_ADDRESS_SUBSET", true: "PRIVATE_NOT_IP_ADDRESS_SUBSET"}[found.test.negated]
	message := "a request's address is public: private networks are of no effect (I.3)"
	finding := _located(_finding(code, "SUGGESTION", found.test.path, message), found.private)
}

# COND-IP-1
advice contains finding if {
	some [_, test] in tests
	test.compares == "address"
	some i, value in test.values
	network := condition.network(value)
	found := _finding("IMPROVE_IP_RANGE", "SUGGESTION", value_path(test, i), $"'{value}' has bits beyond its prefix (COND-IP-1)")
	finding := _mended(found, network)
}
