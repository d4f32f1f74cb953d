package iam.lookup

# The action, in lower case and in two, of a request in the commonest form, which one expression knows by its JSON, whose members
# stand in order: nothing but an action whose service is in lower case, a context of common keys in AWS's own spelling with one
# plain value each (`request.has_common_context`), a user, role or session, and an ARN as policies are compared with it, of the
# caller's own account or of none; or every resource. Beside the action the partition of the ARN, if there is one. No text of a
# request has more characters than its JSON.
_read := [service, lower(name), named] if {
	[[_, service, name, partition, account, named, owner]] = regex.find_all_string_submatch_n(
		`^\{"action":"([a-z0-9-]+):([^":*?\\\s]+)",(?:"context":\{(?:"aws:(?:CalledVia|CurrentTime|EpochTime|MultiFactorAuthAge|MultiFactorAuthPresent|PrincipalAccount|PrincipalArn|PrincipalIsAWSService|PrincipalOrgID|PrincipalType|RequestedRegion|ResourceAccount|SecureTransport|SourceAccount|SourceArn|SourceIdentity|SourceIp|TokenIssueTime|UserAgent|ViaAWSService|userid|username)":(?:"[^"\\]*"|true|false|-?[0-9][0-9.eE+-]*),?)*\},)?"principal":"arn:([a-z-]+):[a-z]+::([0-9]{12}):[^"\\]+"(?:,"resource":"(?:[*]|arn:([a-z-]+):[^":*A-Z\\]*:[^":*A-Z\\]*:([0-9]*):[^"*\\]*)")?\}$`,
		substring(json.marshal(input), 0, 8192),
		1,
	)
	{partition, ""}[named]
	{account, ""}[owner]
	_has_no_policy
}

_has_no_policy if {
	_caller.own
} else if {
	not _has_own_policy
}
