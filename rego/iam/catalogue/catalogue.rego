# METADATA
# title: What AWS says there is
# description: |
#   Actions, resource types and condition keys, by AWS's service authorization reference, which a bundle has where its
#   bundle.yaml asks for it (`data.iam.reference`). Without it, or for what it does not know, nothing is claimed: rules are
#   undefined, not false. The global condition keys (section I) are known in any case.
# schemas:
#   - input: schema.request
#   - data.iam.reference: schema.reference
package iam.catalogue

import data.iam.action
import data.iam.order
import data.iam.request

# METADATA
# title: Whether the bundle has the reference
# scope: document
default is_loaded := false

is_loaded if data.iam.reference.source

# METADATA
# title: Whether the request's action can be about a resource (RES-30)
# description: False where the only resource is `*`; undefined where nobody knows.
supports_resources := data.iam.reference.services[action.service].groups[_number].types != []

# METADATA
# title: Whether resource control policies are applied to the service of the request's action (RCP-4)
# scope: document
default supports_resource_control := false

supports_resource_control if resource_control_services[action.service]

# METADATA
# title: Whether a key has several values, by its type (COND-SET-1)
# description: Takes the name in lower case; undefined for keys of unknown type.
is_multivalued(key) := startswith(key_type(key), "ArrayOf")

# METADATA
# title: Keys of the request that neither its action, nor its resource types, nor all requests have (IN-3)
# description: As they are spelt; they count all the same, for the caller knows the request best.
foreign_context_keys := [] if {
	request.has_common_context
} else := [] if {
	count(_foreign) == 0
} else := order.texts(_foreign)

_foreign := {name |
	_number
	some name, _ in _uncommon
	not _is_listed(lower(name))
}

# METADATA
# title: What could not be checked of this request
# scope: document
not_checked := [] if {
	_number
} else := ["context_keys", "resource_type"] if {
	is_loaded
} else := ["action", "context_keys", "resource_type"]

default _given := {}

_given := input.context if is_object(input.context)

_uncommon := object.remove(_given, request.common_keys)

# Ground references all the way: the service's subtree as a value would be converted whole.
_number := data.iam.reference.services[action.service].actions[action.name]

# METADATA
# title: A key's type, as AWS names types
# description: |
#   Takes the name in lower case; undefined for unknown keys. A key that the requester completes is listed by its beginning,
#   up to the slash or, for encryption contexts, the colon.
key_type(key) := type if {
	type := _global_keys[key]
} else := type if {
	type := data.iam.reference.keys[key]
} else := type if {
	type := _type_by_name(_to_slash(key))
} else := _type_by_name(_to_second_colon(key))

# METADATA
# title: Whether requests of every service can have a key
# description: Takes the name in lower case.
# scope: document
default is_global_key(_) := false

is_global_key(key) if _global_keys[key]

is_global_key(key) if _global_keys[_to_slash(key)]

# METADATA
# title: The names under which a key may be listed
# description: Takes and gives names in lower case.
listed_names(key) := {key, _to_slash(key)} | {name | name := _to_second_colon(key)}

_type_by_name(name) := _global_keys[name]

_type_by_name(name) := data.iam.reference.keys[name] if not _global_keys[name]

_to_slash(key) := substring(key, 0, indexof(key, "/") + 1)

_to_second_colon(key) := $"{pieces[0]}:{pieces[1]}:" if {
	pieces := split(key, ":")
	count(pieces) > 2
}

default _is_listed(_) := false

_is_listed(key) if {
	_global_keys[key]
} else if {
	_is_listed_name(key)
} else if {
	contains(key, "/")
	_is_listed_name(_to_slash(key))
} else if {
	_is_listed_name(_to_second_colon(key))
}

_is_listed_name(name) if {
	_global_keys[name]
} else if {
	name in data.iam.reference.services[action.service].groups[_number].keys
} else if {
	some type in data.iam.reference.services[action.service].groups[_number].types
	name in data.iam.reference.services[action.service].types[type].keys
}
