package iam.request

# METADATA
# title: Whether the context is sound, and has nothing but what requests of every service can have
# description: |
#   In AWS's own spelling, one value each, and nothing that a request through a VPC endpoint has: of such a context the
#   catalogue has nothing to say. True of most requests, and told in few steps; undefined for all others. No text in the
#   context has more characters than all of its JSON.
has_common_context if {
	context := input.context
	object.remove(context, common_keys) == {}
	text := json.marshal(context)
	regex.match(`^\{(?:"[^"\\]*":(?:"[^"\\]*"|true|false|-?[0-9][0-9.eE+-]*)(?:,|\}$))*$`, text)
	count(text) <= 8192
} else if {
	object.get(input, "context", {}) == {}
}

# METADATA
# title: Condition keys that requests of every service can have, as AWS spells them
common_keys := {
	"aws:CalledVia", "aws:CurrentTime", "aws:EpochTime", "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent",
	"aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalOrgID",
	"aws:PrincipalType", "aws:RequestedRegion", "aws:ResourceAccount", "aws:SecureTransport", "aws:SourceAccount",
	"aws:SourceArn", "aws:SourceIdentity", "aws:SourceIp", "aws:TokenIssueTime", "aws:UserAgent", "aws:ViaAWSService",
	"aws:userid", "aws:username",
}
