# METADATA
# title: The request's context
# description: |
#   The condition keys of the request by lower-case name (COND-ALL-3), given and derived. IAM fills in what the principal
#   and the resource tell; a value that the request gives holds (IN-2). Values stand as they are given, save that a key
#   whose type is known has a list or one value by it (IN-4); a list is multivalued (COND-SET-1), anything else is compared
#   as text (GRAM-22).
# schemas:
#   - input: schema.request
#   - data.iam.account: schema.account
#   - data.iam.organization: schema.organization
package iam.context

import data.iam.catalogue
import data.iam.instant
import data.iam.number
import data.iam.pattern
import data.iam.request

# METADATA
# title: All keys of the request, with their values
keys := {key: found |
	some key in (object.keys(spelt) | _derived_names)
	found := _value_of(key)
}

# A bucket's tags are in the request only where the bucket's attribute-based access control is on (S3-4).
default _is_withheld(_) := false

_is_withheld(key) if {
	regex.match(`^(aws:resourcetag|s3:buckettag)/`, key)
	request.is_about_bucket
	not request.settings.s3_bucket_abac == true
}

# A value that the request gives holds (IN-2).
_value_of(key) := found if {
	found := _given(key)
} else := _derived(key)

_given(key) := _by_type(key, spelt[key]) if not _is_withheld(key)

# METADATA
# title: The keys that the request gives, in lower case (COND-ALL-2)
spelt := {lower(name): given | some name, given in input.context}

_by_type(key, given) := [given] if {
	not is_array(given)
	catalogue.is_multivalued(key)
} else := given if {
	not is_array(given)
} else := given if {
	not _is_single_valued(key)
} else := given[0]

default _is_single_valued(_) := false

_is_single_valued(key) if catalogue.is_multivalued(key) == false

# METADATA
# title: A key's value, undefined where the request lacks the key
# description: |
#   The current time is told from the clock when a policy asks for it and the request says neither of its two keys; where
#   it says one, the other agrees (IN-2).
value(key) := given if {
	given := _plain(key)
} else := _given(key) if {
	object.get(spelt, key, null) != null
} else := _derived(key) if {
	regex.match(`^aws:(?:calledvia|multifactor|principal|resource|user)`, key)
} else := instant.written(_now) if {
	key == "aws:currenttime"
	not _gives(key)
} else := _now if {
	key == "aws:epochtime"
	not _gives(key)
}

# Most values stand as they are given.
_plain(key) := given if {
	given := spelt[key]
	not is_array(given)
	not regex.match(`^(?:aws:resourcetag|s3:buckettag)/`, key)
	not catalogue.is_multivalued(key)
}

# METADATA
# title: A key's value as text; undefined where the request lacks the key or gives it as a list
text(key) := _text(value(key))

# METADATA
# title: A key's values as texts; none where the request lacks the key
# scope: document
default texts(_) := set()

texts(key) := {_text(item) | some item in items} if {
	items := value(key)
	is_array(items)
} else := {text(key)}

# METADATA
# title: Whether a key has a value
# description: An empty list counts as absent (COND-NULL-2).
# scope: document
default is_present(_) := false

is_present(key) if {
	not is_array(object.get(spelt, key, []))
	not regex.match(`^(?:aws:resourcetag|s3:buckettag)/`, key)
} else if {
	value(key) != []
}

_text(value) := value if {
	is_string(value)
} else := json.marshal(value) if {
	is_boolean(value)
} else := number.text(value) if {
	is_number(value)
}

default _gives(_) := false

_gives(key) if _given(key) != null

_now := instant.seconds(_text(_given("aws:epochtime")))

_now := instant.seconds(_text(_given("aws:currenttime"))) if not _gives("aws:epochtime")

# Taken from the digits, for nanoseconds are more than a number holds in WebAssembly.
_now := to_number(substring(digits, 0, count(digits) - 9)) if {
	not _gives("aws:currenttime")
	not _gives("aws:epochtime")
	digits := json.marshal(time.now_ns())
}

# METADATA
# title: A template with the request's values put in, as an anchored expression
# description: |
#   Undefined where a variable can't be resolved: its key is missing or multivalued and it has no default (VAR-5). A value
#   is literal, whatever characters it has (RES-16, VAR-8).
resolved(template) := pattern.anchored([resolved_body(template)])

# METADATA
# title: The body of that expression
resolved_body(template) := concat("", bodies) if {
	bodies := [body | some part in template; body := _body(part)]
	count(bodies) == count(template)
}

# METADATA
# title: A template with the request's values put in, as a text to show (VAR-10)
resolved_text(template) := concat("", found) if {
	found := [text | some part in template; text := _shown(part)]
	count(found) == count(template)
}

_shown(part) := pattern.text(part.body) if {
	part.body
} else := variable_value(part)

_body(part) := part.body if {
	part.body
} else := pattern.literal(variable_value(part))

# METADATA
# title: What a template's variable stands for
# description: Undefined where it can't be resolved (VAR-5).
variable_value(part) := _value(lower(part.variable), part)

# A key with an empty value has none (VAR-6).
_value(key, part) := found if {
	found := text(key)
	found != ""
} else := part.default if {
	not _is_filled(key)
}

default _is_filled(_) := false

_is_filled(key) if not value(key) in ["", null]
