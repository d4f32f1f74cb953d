package iam.attachment

import data.iam.action
import data.iam.request

# Of a managed policy the version of the day that the request names (MGD-4); one that is superseded is compiled under a
# key of its own.
_statements(id) := action.statements(id) if not request.as_of

_statements(id) := action.statements(id) if {
	request.as_of
	not data.iam.policies[id].created
}

_statements(id) := action.statements(id) if request.as_of >= data.iam.policies[id].since

_statements(id) := _oldest_statements(id) if {
	request.as_of < data.iam.policies[id].recorded
	request.as_of >= data.iam.policies[id].created
}

_statements(id) := action.statements(version.policy) if {
	some version in data.iam.policies[id].earlier
	request.as_of >= version.since
	request.as_of < version.until
}

_statements(id) := [] if request.as_of < data.iam.policies[id].created

_oldest_statements(id) := action.statements(data.iam.policies[id].earlier[0].policy)

_oldest_statements(id) := action.statements(id) if count(data.iam.policies[id].earlier) == 0

warnings contains {"code": "POLICY_NOT_YET_CREATED", "path": "/as_of", "message": message} if {
	some id in _managed
	created := data.iam.policies[id].created
	created > request.as_of
	message := $"{id} did not exist before {created}"
}

warnings contains {"code": "NO_HISTORY", "path": "/as_of", "message": message} if {
	some id in _managed
	recorded := data.iam.policies[id].recorded
	request.as_of < recorded
	request.as_of >= data.iam.policies[id].created
	message := $"{id} has no record of its documents before {recorded}: the oldest one was taken"
}

warnings contains {"code": "NO_HISTORY", "path": "/as_of", "message": message} if {
	some id in _managed
	not data.iam.policies[id].created
	message := $"{id} has no recorded history: its present document was taken"
}

# The managed policies of a request about a day.
_managed contains id if {
	request.as_of
	some key, entry in _entries
	_is_managed_type(key[0])
	id := _policy_id(entry)
}

_managed contains id if {
	request.as_of
	some type in ["identity", "permissions_boundary"]
	some id in _compiled[type]
}
