package iam.lint

import data.iam.catalogue
import data.iam.pattern

# Statements about certain ARNs alone, of which each entry can be read.
_is_specific(s) if {
	not statements[s].resource.negated
	count(statements[s].resource.values) > 0
	count(_statement_arns[s]) == count(statements[s].resource.values)
}

# The entries of a statement that can be about none of its ARNs (RES-30, RES-40).
_mismatched[s] := [entry |
	some entry in _action_groups[s]
	not _some_fits(s, entry.service, entry.groups)
] if {
	some s, _ in statements
	_is_specific(s)
	not statements[s].action.negated
}

default _some_fits(_, _, _) := false

_some_fits(s, service, groups) if {
	some group in groups
	some type in data.iam.reference.services[service].groups[group].types
	_type_fits(s, service, type)
}

default _type_fits(_, _, _) := false

_type_fits(s, service, type) if {
	[owner, _, _, form] := data.iam.reference.services[service].types[type].form
	some found in _statement_arns[s]
	_is_owner(owner, found.service)
	_fits(form, found.resource, _head(found.resource))
}

default _is_owner(_, _) := false

_is_owner(owner, service) if owner == service

_is_owner("*", _)

_is_owner(owner, service) if {
	pattern.has_wildcard(service)
	regex.match(pattern.anchored([pattern.segment(service)]), owner)
}

_types_of(service, groups) := {type |
	some group in groups
	some type in data.iam.reference.services[service].groups[group].types
}

_is_for_accounts if input.policy_type in ["identity", "permissions_boundary", "service_control", "session"]

# RES-31, OPEN-5
advice contains finding if {
	_is_for_accounts
	some s, entries in _mismatched
	untyped := [entry | some entry in entries; count(_types_of(entry.service, entry.groups)) == 0]
	some service in _services_among(untyped)
	places := _places_among(untyped, service)
	message := $"by {_source}, {service} has no resources for this: only the resource '*' matches (RES-31)"
	finding := _mended(_of_entries("OPA_IAM_ACTION_NEEDS_STAR", s, places, message), "*")
}

# RES-30, RES-40
advice contains finding if {
	_is_for_accounts
	some s, entries in _mismatched
	typed := [entry |
		some entry in entries
		count(_types_of(entry.service, entry.groups)) > 0
		not _is_half_of_bucket(s, entry.service, entry.groups)
	]
	some service in _services_among(typed)
	types := {type | some entry in typed; entry.service == service; some type in _types_of(service, entry.groups)}
	names := concat(", ", sort(types))
	message := $"none of the resources is of a type that this is about, by {_source}: {names} (RES-30)"
	finding := _of_entries("OPA_IAM_RESOURCE_MISMATCH", s, _places_among(typed, service), message)
}

# RES-35
advice contains finding if {
	_is_for_buckets
	some s, entries in _mismatched
	places := [entry.place | some entry in entries; _is_half_of_bucket(s, entry.service, entry.groups)]
	count(places) > 0
	value := statements[s].resource.values[0]
	message := $"'{value}' is {_halves[_has_object(s)].is}, this is about {_halves[_has_object(s)].wants} (RES-35)"
	found := _of_entries("OPA_IAM_BUCKET_WITHOUT_OBJECTS", s, places, message)
	finding := _mended(object.union(found, {"severity": "WARNING"}), _other_half(value, _has_object(s)))
}

_is_for_buckets if _is_for_accounts

_is_for_buckets if input.resource_type == "AWS::S3::Bucket"

_halves := {
	false: {"is": "a bucket", "wants": "its objects"},
	true: {"is": "of objects", "wants": "the bucket"},
}

_other_half(value, false) := $"{value}/*"

_other_half(value, true) := concat("/", array.slice(split(value, "/"), 0, 1))

default _has_object(_) := false

_has_object(s) if _type_fits(s, "s3", "object")

# Object actions beside buckets, or bucket actions beside objects.
default _is_half_of_bucket(_, _, _) := false

_is_half_of_bucket(s, "s3", groups) if {
	some [wanted, there] in [["object", "bucket"], ["bucket", "object"]]
	_types_of("s3", groups)[wanted]
	_type_fits(s, "s3", there)
}

# A finding on entries of a statement's actions.
_of_entries(code, s, places, message) := _located(
	_finding(code, _void_severity(statements[s]), statements[s].action.path, message),
	[value_path(statements[s].action, i) | some i in places],
)

# What never denies endangers.
default _void_severity(_) := "WARNING"

_void_severity(statement) := "SECURITY_WARNING" if statement.effect == "Deny"

# IN-3: of all that the statement's actions have by the reference, the key is none.
advice contains finding if {
	some s, statement in statements
	not statement.action.negated
	some test in statement.tests
	test.base != "null"
	catalogue.key_type(test.key)
	not catalogue.is_global_key(test.key)
	not contains(split(test.key, ":")[0], ".")
	_all_lack(s, catalogue.listed_names(test.key))
	message := $"by {_source}, no request for these actions has '{test.written}' (IN-3)"
	finding := _at_key("OPA_IAM_KEY_NEVER_PRESENT", "WARNING", test.path, message)
}

default _all_lack(_, _) := false

_all_lack(s, names) if {
	entries := _action_groups[s]
	count(entries) == count(statements[s].action.values)
	every entry in entries {
		every group in entry.groups {
			not _lists(entry.service, group, names)
		}
	}
}
