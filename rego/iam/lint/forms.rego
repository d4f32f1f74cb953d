package iam.lint

import data.iam.pattern

# Region and account of the formats of its service that an ARN's resource part can be of (RES-40), for ARNs of which one
# expression doesn't say already that a format fits. Of a service without formats nothing is known.
_fitting_forms := [object.union(found, {"forms": forms}) |
	some found in _arns
	not regex.match(data.iam.reference.forms[found.service].sound, found.tail)
	forms := _forms_of(found.service, found.resource)
]

_forms_of(service, resource) := {[region, account] |
	head := _head(resource)
	some [region, account, form] in data.iam.reference.forms[service].all
	_fits(form, resource, head)
}

# What a pattern begins with for certain.
_head(text) := split(replace(text, "?", "*"), "*")[0]

# Whether a format, with `*` for what is free in it, and a policy's resource part have a text in common. Most differ in
# what they begin with, and most formats are free from there to their end: only the rest takes an expression.
default _fits(_, _, _) := false

_fits(form, resource, head) if {
	pieces := split(form, "*")
	_agree(pieces[0], head)
	not _is_other_kind(form, resource)
	_has_common_text(form, resource, pieces, substring(resource, count(head), 1))
}

default _has_common_text(_, _, _, _) := false

_has_common_text(_, resource, [start, ""], wildcard) if startswith(resource, {"": start, "*": ""}[wildcard])

_has_common_text(form, resource, pieces, wildcard) if {
	_takes_expression(pieces, wildcard)
	pattern.overlaps(pattern.marked(resource), pattern.marked(form))
}

_takes_expression(pieces, _) if count(pieces) != 2

_takes_expression([_, end], _) if end != ""

_takes_expression(_, "?")

default _agree(_, _) := false

_agree(one, other) if startswith(one, other)

_agree(one, other) if startswith(other, one)

# An identifier with which a format begins has no slash: that tells a bucket from its objects.
default _is_other_kind(_, _) := false

_is_other_kind(form, resource) if {
	startswith(form, "*")
	not contains(form, "/")
	contains(resource, "/")
}

# AWS takes the name of a log group without its type word.
default _is_bare_log_group(_) := false

_is_bare_log_group(found) if {
	found.service == "logs"
	startswith(found.resource, "/")
}

# RES-6, RES-40
faults contains finding if {
	some found in _fitting_forms
	count(found.forms) == 0
	not _is_bare_log_group(found)
	message := $"'{found.resource}' can be none of the resources that {_source} knows of {found.service} (RES-6)"
	finding := _unknown("INVALID_ARN_RESOURCE", found.path, message)
}

# RES-2, RES-35
faults contains finding if {
	some found in _fitting_forms
	trim(found.region, "*") != ""
	{region | some [region, _] in found.forms} == {""}
	message := $"ARNs of such a resource have no Region, so '{found.region}' matches none (RES-2)"
	finding := _unknown("ARN_REGION_NOT_ALLOWED", found.path, message)
}

# RES-2
faults contains finding if {
	some found in _fitting_forms
	found.region == ""
	regions := {region | some [region, _] in found.forms}
	count(regions - {""}) == count(regions)
	count(regions) > 0
	finding := _unknown("MISSING_ARN_REGION", found.path, "ARNs of such a resource have a Region: name it, or '*' (RES-2)")
}

# RES-2, RES-35, RES-36
faults contains finding if {
	some found in _fitting_forms
	trim(found.account, "*") != ""
	{account | some [_, account] in found.forms} == {""}
	message := $"ARNs of such a resource have no account, so '{found.account}' matches none (RES-2)"
	finding := _unknown("ARN_ACCOUNT_NOT_ALLOWED", found.path, message)
}

# RES-2; AWS took such an ARN for an error for a while only. Its own documents and parameters have no account.
advice contains finding if {
	some found in _fitting_forms
	found.account == ""
	not regex.match(`(?i)[:/](?:aws|amazon)`, found.resource)
	accounts := {account | some [_, account] in found.forms}
	count(accounts - {""}) == count(accounts)
	count(accounts) > 0
	message := "ARNs of such a resource have an account: name it, or '*' (RES-2)"
	finding := _finding("MISSING_ARN_ACCOUNT", "WARNING", found.path, message)
}
