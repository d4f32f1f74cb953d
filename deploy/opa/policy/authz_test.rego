package system.authz_test

import data.system.authz

_clients := {
	"anonymous": false,
	"tokens": {crypto.sha256("a token"): "shop"},
	"subjects": {"CN=shop": "shop"},
}

_decision := {"method": "POST", "path": ["v1", "data", "iam", "authz", "decision"], "params": {}, "headers": {}}

_by_token(token) := object.union(_decision, {"identity": token})

_by_certificate(subject) := object.union(_decision, {"identity": subject, "client_certificates": [{}]})

test_clients[note] if {
	some note, [caller, expected] in {
		"nobody": [_decision, false],
		"a token": [_by_token("a token"), true],
		"another token": [_by_token("another"), false],
		"a token's digest for the token": [_by_token(crypto.sha256("a token")), false],
		"an empty token": [_by_token(""), false],
		"a subject for a token": [_by_token("CN=shop"), false],
		"a certificate": [_by_certificate("CN=shop"), true],
		"another certificate": [_by_certificate("CN=shop,O=other"), false],
		"a token for a subject": [_by_certificate("a token"), false],
		"a certificate with nothing": [_by_certificate(""), false],
	}
	authz.allow == expected with input as caller with data.system.clients as _clients
}

test_nobody_is_a_client_where_none_are_listed[note] if {
	some note, clients in {
		"empty": {},
		"nothing": null,
		"not quite true": {"anonymous": "true"},
		"no lists": {"tokens": true, "subjects": "CN=shop"},
	}
	some caller in [_decision, _by_token("a token"), _by_certificate("CN=shop")]
	not authz.allow with input as caller with data.system.clients as clients
}

test_everybody_is_one_where_that_is_said if {
	authz.allow with input as _decision with data.system.clients as {"anonymous": true}
}

test_calls[note] if {
	some note, [method, path, expected] in {
		"decision": ["POST", "v1/data/iam/authz/decision", true],
		"allow": ["POST", "v1/data/iam/authz/allow", true],
		"batch": ["POST", "v1/data/iam/authz/batch", true],
		"batch_allow": ["POST", "v1/data/iam/authz/batch_allow", true],
		"health": ["GET", "health", true],
		"health's head": ["HEAD", "health", false],
		"metrics": ["GET", "metrics", true],
		"the whole package": ["POST", "v1/data/iam/authz", false],
		"below a rule": ["POST", "v1/data/iam/authz/decision/allow", false],
		"a slash behind": ["POST", "v1/data/iam/authz/decision/", false],
		"a slash before": ["POST", "/v1/data/iam/authz/decision", false],
		"dots": ["POST", "v1/data/iam/authz/../authz/decision", false],
		"another case": ["POST", "v1/data/iam/authz/Decision", false],
		"another method": ["GET", "v1/data/iam/authz/decision", false],
		"data's head": ["HEAD", "v1/data/iam/authz/decision", false],
		"writing": ["PUT", "v1/data/iam/authz/decision", false],
		"the older API": ["POST", "v0/data/iam/authz/decision", false],
		"another rule": ["POST", "v1/data/iam/index", false],
		"the clients": ["GET", "v1/data/system/clients", false],
		"the default decision": ["POST", "", false],
		"a page for queries": ["GET", "", false],
		"a query": ["POST", "v1/query", false],
		"compiling": ["POST", "v1/compile/iam/authz/allow", false],
		"policies": ["GET", "v1/policies", false],
		"the configuration": ["GET", "v1/config", false],
		"status": ["GET", "v1/status", false],
		"profiles": ["GET", "debug/pprof/heap", false],
		"writing health": ["POST", "health", false],
		"below health": ["GET", "health/live", false],
	}
	call := {"method": method, "path": split(path, "/"), "params": {}, "identity": "a token"}
	authz.allow == expected with input as call with data.system.clients as _clients
}

test_parameters[note] if {
	some note, [params, expected] in {
		"for people": [{"pretty": ["true"], "metrics": [""]}, true],
		"a trace": [{"explain": ["full"]}, false],
		"a trace among others": [{"pretty": ["true"], "explain": ["notes"]}, false],
		"an unknown one": [{"q": ["data"]}, false],
	}
	call := object.union(_by_token("a token"), {"params": params})
	authz.allow == expected with input as call with data.system.clients as _clients
}
