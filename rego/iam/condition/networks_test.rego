package iam.condition_test

import data.iam.condition

# COND-IP-1
test_network_of_a_block[written] if {
	some written, network in {
		"203.0.113.7/24": "203.0.113.0/24",
		"255.129.1.1/9": "255.128.0.0/9",
		"1.2.3.4/0": "0.0.0.0/0",
		"2001:db8::1/64": "2001:db8:0:0:0:0:0:0/64",
		"fe80:0:0:103::/63": "fe80:0:0:102:0:0:0:0/63",
		"2001:db8::ab:0/112": null,
		"203.0.113.0/24": null,
		"203.0.113.7": null,
		"x/8": null,
	}
	[found | found := condition.network(written)] == [network | network != null]
}
