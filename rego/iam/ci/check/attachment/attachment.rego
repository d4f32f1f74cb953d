# METADATA
# title: Policies that somebody gets, and can't get or shouldn't
# description: Attachability (MGD-3), policies that don't exist, those that nobody here knows, and those that AWS has replaced.
package iam.ci.check.attachment

import data.iam.ci.model
import data.iam.ci.world
import data.iam.principal

# METADATA
# title: What refuses the change
denied contains _finding("POLICY_NOT_ATTACHABLE", "deny", subject, entry, message, "") if {
	some [subject, entry] in _entries
	_is_for_services(entry.arn)
	not _is_service_linked(subject)
	message := $"{entry.arn} can only be attached to a service-linked role, by its service (MGD-3)"
}

denied contains _finding("NO_SUCH_MANAGED_POLICY", "deny", subject, entry, message, "") if {
	some [subject, entry] in _missing
	_is_of_aws(entry.arn)
	_knows_aws
	message := $"AWS has no managed policy {entry.arn}, or has it no more"
}

denied contains _finding("POLICY_NOT_KNOWN", "undecided", subject, entry, message, mend) if {
	some [subject, entry] in _missing
	not _is_for_services(entry.arn)
	not _is_settled(entry.arn)
	message := $"what {entry.arn} allows is not known here, so that what depends on it can't be decided"
	mend := "compile it into the data that the gate is given"
}

# METADATA
# title: What is told
warned contains _finding("DEPRECATED_MANAGED_POLICY", "warn", subject, entry, message, mend) if {
	some [subject, entry] in _entries
	name := regex.find_all_string_submatch_n(`^arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)$`, entry.arn, 1)[0][1]
	successor := successors[name]
	message := $"AWS has deprecated {name}: it can't be attached anew"
	mend := $"use {successor}"
}

_entries contains [subject, entry] if {
	some subject in world.subjects.after
	some entry in array.concat(subject.entries, [subject.place.boundary | subject.place.boundary])
	entry.arn
}

_missing contains [subject, entry] if {
	some subject in world.subjects.after
	some entry in subject.missing
	entry.arn
}

default _is_service_linked(_) := false

_is_service_linked(subject) if principal.is_service_linked(subject.place.arn)

default _is_for_services(_) := false

_is_for_services(arn) if startswith(arn, "arn:aws:iam::aws:policy/aws-service-role/")

_is_for_services(arn) if data.iam.policies[arn].attachable_to == "service-linked-role"

default _is_of_aws(_) := false

_is_of_aws(arn) if regex.match(`^arn:[^:]*:iam::aws:policy/`, arn)

# Where AWS's managed policies are compiled, what is not among them does not exist.
default _knows_aws := false

_knows_aws if {
	every name in ["AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess"] {
		arn := $"arn:aws:iam::aws:policy/{name}"
		data.iam.policies[arn]
	}
}

default _is_settled(_) := false

_is_settled(arn) if {
	_is_of_aws(arn)
	_knows_aws
}

_finding(rule, verdict, subject, entry, message, mend) := model.finding("attachment", rule, verdict, place, message, mend) if {
	place := {"address": entry.address, "file": subject.place.file, "path": entry.path, "policy": entry.arn}
}
