# METADATA
# title: Terraform's plans and states, as `terraform show -json` gives them
# description: |
#   Formats 0.1 to 1.x. What is known after the change only is followed by the configuration's references to what the plan has; what
#   stays unknown is told.
package iam.ci.adapter.terraform

import data.iam.ci.file
import data.iam.ci.model

# METADATA
# title: The policy documents after the change
documents := object.get(_documents, "after", {})

# METADATA
# title: The policy documents before the change
before := object.get(_documents, "before", {})

# METADATA
# title: Who has identity policies after the change
principals := object.get(_principals, "after", {})

# METADATA
# title: Who had identity policies before the change
before_principals := object.get(_principals, "before", {})

# METADATA
# title: A plan tells what was before, a state does not
compared := {file.files[i].path | some i in _plans}

# METADATA
# title: The accounts that the plan tells, by its credentials and its principals
accounts := _accounts

# METADATA
# title: What is known only when the change is made
unknowns contains _unknown(instance, [row.attribute]) if {
	some key, instance in _instances.after
	row := _row(instance)
	_is_unknown(instance, [row.attribute])
	id := $"{key} {row.attribute}"
	not documents[id]
}

unknowns contains _unknown(instance, ["principal"]) if {
	some instance in _instances.after
	instance.type == "aws_lambda_permission"
	_lacks_permission(instance)
}

# Which policies somebody gets, and who gets them.
unknowns contains {"address": entry.address, "file": principal.file, "path": entry.path, "what": entry.unknown} if {
	some principal in principals
	some entry in array.concat(principal.identity, [principal.boundary | principal.boundary])
	entry.unknown
}

unknowns contains _unknown(attachment.instance, [attachment.way.target]) if {
	some key, attachments in _attached.after
	not principals[key].arn
	not principals[key].whole
	some attachment in attachments
}

unknowns contains {
	"address": resource.address,
	"file": file.files[i].path,
	"path": $"/deferred_changes/{k}",
	"what": "a change that Terraform puts off",
} if {
	some i in _plans
	some k, deferred in file.files[i].contents.deferred_changes
	resource := deferred.resource_change
	_is_known[resource.type]
}

unknowns contains {"address": "", "file": file.files[i].path, "path": "/complete", "what": "what an incomplete plan leaves out"} if {
	some i in _plans
	file.files[i].contents.complete == false
}

# METADATA
# title: What only this adapter can find
faults contains model.finding("coverage", "PLAN_FAILED", "deny", place, "Terraform could not finish this plan", "") if {
	some i in _plans
	file.files[i].contents.errored == true
	place := {"file": file.files[i].path, "path": "/errored"}
}

faults contains model.finding("coverage", "UNSUPPORTED_FORMAT", "deny", place, message, "") if {
	some i, kind in file.kinds
	kind == "terraform"
	version := file.files[i].contents.format_version
	not regex.match(`^[01]\.[0-9]+$`, version)
	place := {"file": file.files[i].path, "path": "/format_version"}
	message := $"format {version} of Terraform's plans is not known"
}

faults contains model.finding("coverage", "MODULES_TOO_DEEP", "deny", {"file": file.files[i].path}, message, "") if {
	some [i, _, _] in array.concat(_config_6, _level_6)
	message := "modules are nested too deep to be judged"
}

_unknown(instance, steps) := {
	"address": instance.address,
	"file": instance.file,
	"path": _path(instance.path, steps),
	"what": concat(".", steps),
}
