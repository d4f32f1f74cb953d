# METADATA
# title: Who may call which of OPA's own APIs
# description: |
#   What `opa run --authorization=basic` asks before each call. A client may ask for decisions, and anybody who reaches
#   the server may read its health and its metrics, which tell nothing of policies; all else is refused: reading or
#   writing policies and data, queries of one's own, compiling, the configuration, and the names below `/v0` and `/` by
#   which the same rules could be asked.
#
#   Who is a client, `data.system.clients` says; where it is missing, nobody is.
package system.authz

# METADATA
# title: Whether the call may be made
# scope: document
default allow := false

allow if {
	_is_client
	_asks_for_a_decision
}

allow if {
	input.method == "GET"
	input.path in {["health"], ["metrics"]}
}

# The path comes split and decoded as the handler of this API takes it, and as a whole, so that a slash too many, an
# encoded one, or dots are other paths.
_asks_for_a_decision if {
	input.method == "POST"
	input.path in {
		["v1", "data", "iam", "authz", "allow"],
		["v1", "data", "iam", "authz", "decision"],
		["v1", "data", "iam", "authz", "batch"],
		["v1", "data", "iam", "authz", "batch_allow"],
	}

	# `explain` would show how a decision came about, with what other principals have.
	every name, _ in input.params {
		name in {"instrument", "metrics", "pretty", "provenance", "strict-builtin-errors"}
	}
}

_is_client if data.system.clients.anonymous == true

# --authentication=token: clients.json holds the tokens' digests alone.
_is_client if {
	not input.client_certificates
	data.system.clients.tokens[crypto.sha256(input.identity)]
}

# --authentication=tls: OPA has verified the certificate, whose subject is the identity.
_is_client if {
	input.client_certificates
	data.system.clients.subjects[input.identity]
}
