package iam.lint_test

# COND-IP-1, I.3
test_private_networks[note] if {
	codes := {
		"PRIVATE_IP_ADDRESS",
		"PRIVATE_IP_ADDRESS_SUBSET",
		"PRIVATE_NOT_IP_ADDRESS",
		"PRIVATE_NOT_IP_ADDRESS_SUBSET",
	}
	some note, [effect, operator, value, findings] in {
		"private": ["Allow", "IpAddress", ["10.1.0.0/16", "fd00::/8"], {["PRIVATE_IP_ADDRESS", "ERROR", "/0"]}],
		"some private": [
			"Allow", "IpAddress", ["203.0.113.0/24", "172.16.0.1"],
			{["PRIVATE_IP_ADDRESS_SUBSET", "SUGGESTION", "/1"]},
		],
		"all but private": ["Allow", "NotIpAddress", "192.168.0.0/16", {["PRIVATE_NOT_IP_ADDRESS", "SECURITY_WARNING", ""]}],
		"all but private denied": ["Deny", "NotIpAddress", "192.168.0.0/16", {["PRIVATE_NOT_IP_ADDRESS", "ERROR", ""]}],
		"all but some private": [
			"Deny", "NotIpAddress", ["203.0.113.0/24", "10.0.0.0/8"],
			{["PRIVATE_NOT_IP_ADDRESS_SUBSET", "SUGGESTION", "/1"]},
		],
		"if there is one": ["Allow", "IpAddressIfExists", "10.0.0.0/8", set()],
		"public": ["Allow", "IpAddress", "203.0.113.0/24", set()],
		"wider than private": ["Allow", "IpAddress", "10.0.0.0/7", set()],
		"no address": ["Allow", "IpAddress", "x", set()],
	}
	item := _item("identity", {"Effect": effect, "Condition": {operator: {"aws:SourceIp": value}}})
	_found(codes, item) == {
	[code, severity, $"/Statement/0/Condition/{operator}/aws:SourceIp{path}"] |
		some [code, severity, path] in findings
	}
}

# COND-IP-1
test_bits_beyond_the_prefix if {
	finding := _the("IMPROVE_IP_RANGE", _with_condition("identity", {"NotIpAddress": {"aws:VpcSourceIp": ["203.0.113.7/24"]}}))
	[finding.severity, finding.path, finding.mend] == [
		"SUGGESTION",
		"/Statement/0/Condition/NotIpAddress/aws:VpcSourceIp/0",
		"203.0.113.0/24",
	]
}

test_no_bits_beyond_the_prefix[value] if {
	some value in ["203.0.113.0/24", "203.0.113.7", "x/24"]
	_found({"IMPROVE_IP_RANGE"}, _with_condition("identity", {"IpAddress": {"aws:VpcSourceIp": value}})) == set()
}
