# METADATA
# title: What the decision log tells
# description: |
#   The log keeps who asked for what, and what was decided by which statements; it doesn't keep what may be secret: the
#   values of condition keys, tags, and policies that came with the request.
#
#   Input and result are replaced as wholes by what is listed here. Masking value by value would leave keys with a slash
#   or a blank in them, as in aws:RequestTag/cost centre, which no path of OPA's masks can name.
package system.log

# METADATA
# title: How OPA changes a decision before it logs it
# scope: document
mask contains {"op": "upsert", "path": "/input", "value": _asked} if _is_decision

mask contains {"op": "upsert", "path": "/result", "value": _answered} if _is_decision

# What should not have been asked at all is not told either.
mask contains {"op": "remove", "path": path} if {
	some path in ["/input", "/result", "/nd_builtin_cache"]
	not _is_decision
}

default _is_decision := false

_is_decision if startswith(input.path, "iam/authz/")

_hidden := "***"

# Keys whose values say where and how the call was made, not what it was about.
_plain := {
	"aws:calledvia",
	"aws:currenttime",
	"aws:epochtime",
	"aws:multifactorauthpresent",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principaltype",
	"aws:requestedregion",
	"aws:resourceaccount",
	"aws:securetransport",
	"aws:sourceaccount",
	"aws:sourcearn",
	"aws:viaawsservice",
}

default _asked := "***"

_asked := {"requests": [_request(request) | some request in input.input.requests]} if _is_batch

_asked := _request(input.input) if not _is_batch

default _is_batch := false

_is_batch if is_array(input.input.requests)

default _request(_) := "***"

_request(request) := object.union(
	{name: request[name] | some name in {"action", "as_of", "mode", "resource", "resource_account", "settings"}},
	{name: _secret(name, value) | some name, value in request; name in {"context", "policies", "principal"}},
) if {
	is_object(request)
}

default _secret(_, _) := "***"

_secret("principal", arn) := arn if is_string(arn)

_secret("principal", principal) := {name: value |
	some name, value in principal
	name in {"arn", "mfa", "role_arn", "service_linked", "session_name", "unique_id"}
} if {
	is_object(principal)
}

_secret("context", context) := {key: shown |
	some key, value in context
	shown := [value, _hidden][_rank(key)]
} if {
	is_object(context)
}

default _rank(_) := 1

_rank(key) := 0 if lower(key) in _plain

default _answered := "***"

_answered := [_decision(one) | some one in input.result] if is_array(input.result)

_answered := _decision(input.result) if not is_array(input.result)

default _decision(_) := "***"

_decision(answer) := answer if is_boolean(answer)

_decision(answer) := object.union(
	{name: answer[name] | some name in _told},
	{name: reasons |
		some name in {"errors", "near_misses", "warnings"}
		found := answer[name]
		reasons := [_reason(one) | some one in found]
	},
) if {
	is_object(answer)
}

_told := {
	"allow",
	"blocked_by",
	"decision",
	"matched_statements",
	"missing_context_keys",
	"missing_inputs",
	"revision",
	"verdicts",
}

# Messages, `given` and `resolved` have values in them.
_reason(one) := object.union(
	{name: one[name] | some name in {"code", "effect", "index", "path", "policy", "policy_type", "sid"}},
	{"failed": [_failure(failed) | some failed in one.failed] | some "failed", _ in one},
)

_failure(failed) := {name: failed[name] | some name in {"element", "key", "operator", "reason"}}
