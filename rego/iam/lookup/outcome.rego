package iam.lookup

import data.iam.catalogue
import data.iam.condition
import data.iam.evaluation

# METADATA
# title: Whether an action is allowed, of those that a way of the index tells
# description: |
#   Takes the way's key and the action in two, in lower case, of a sound request about a resource of the caller's account.
#   Undefined where more is to be seen. The first two are a statement that applies whatever the request, and one that one
#   expression and conditions tell; a way has them only of services for which nothing else is to be looked at.
told(way, service, name) if {
	some policy in data.iam.index.ways[way].free.always[service]
	data.iam.policies[policy].actions.Allow[service].always[name]
} else := false if {
	data.iam.index.ways[way].is_free
	not data.iam.index.ways[way].spoken[service]
} else if {
	some policy in data.iam.index.ways[way].free.tested[service]
	some number in data.iam.policies[policy].actions.Allow[service].tested[name]
	regex.match(data.iam.policies[policy].statements[number].reach, input.resource)
	every test in data.iam.policies[policy].statements[number].conditions {
		condition.satisfied(test)
	}
} else if {
	data.iam.index.ways[way].free.whole[service]
} else := false if {
	data.iam.index.ways[way].is_free
	not data.iam.index.ways[way].more[service]
} else := _told_if_not_barred(way, service, name) if {
	data.iam.index.ways[way].is_barred
	not data.iam.index.ways[way].more[service]
} else := _is_let(data.iam.index.ways[way].caller, service, name) if {
	not _is_set_apart(service, name)
	not _is_policed(data.iam.index.ways[way].caller, service)
}

_told_if_not_barred(way, service, name) if {
	_is_granted_by_name(way, service, name)
	every bar in data.iam.index.ways[way].bars {
		not _applies(bar[0], bar[1])
	}
} else := false

_is_granted_by_name(way, service, name) if {
	data.iam.index.ways[way].barred.whole[service]
} else if {
	some policy in data.iam.index.ways[way].barred.always[service]
	data.iam.policies[policy].actions.Allow[service].always[name]
} else if {
	some policy in data.iam.index.ways[way].barred.tested[service]
	some number in data.iam.policies[policy].actions.Allow[service].tested[name]
	_applies(policy, number)
} else := false

# Of a service of which resources have policies that are compiled.
_is_policed(caller, service) if {
	caller.among
	data.iam.index.policed[service]
	_has_own_policy
} else := false

# Of which more is to be said than policies do: assuming roles and asking for credentials (F.5, STS-1 to STS-3), and what
# resource control policies don't reach (RCP-3).
_is_set_apart(service, name) if {
	service == "sts"
} else if {
	service == "kms"
	some text in [name, input.resource]
	regex.match("^retiregrant$|:alias/aws/", text)
} else := false

# A statement of the caller's policies allows it, and nothing stands in the way.
_is_let(caller, service, name) if {
	applies_any(caller.identity, "Allow", service, name)
	not _is_closed(service)
	not _is_stopped(caller, service, name)
} else := false

# A key without a policy is closed to identity policies (KMS-2), and some things AWS keeps for itself (IAM-1 to IAM-3, KMS-7).
_is_closed(service) := false if {
	not {"iam", "kms"}[service]
} else if {
	service == "kms"
	regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/`, input.resource)
} else if {
	service == "iam"
	evaluation.is_kept(input.resource)
} else := false

# By a Deny, or by the silence of a boundary or of a level. The owner of the resource is the caller's account, which has
# levels of its own (RCP-1, RCP-3, RCP-4).
_is_stopped(caller, service, name) := false if {
	not caller.guarded
} else if {
	applies_any(caller.denying, "Deny", service, name)
} else if {
	some set in caller.caps
	not applies_any(set, "Allow", service, name)
} else if {
	not caller.linked
	applies_any(data.iam.index.accounts[caller.account].denying, "Deny", service, name)
	catalogue.supports_resource_control
} else := false
