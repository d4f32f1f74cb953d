# METADATA
# title: What stands where a value is not known
# description: |
#   An object of one member, `name`, in which are `text`, a text that stands for it where it is a text (null where it need
#   not be one), `widest`, a pattern that every text which may stand here fits, and `what`, a list of what is not known of
#   it. A text that is known in part is a hole as well.
package iam.ci.hole

import data.iam.pointer

# METADATA
# title: The name of a hole's only member
name := "opa-iam: not known"

# METADATA
# title: A hole of which not even the type is known
opaque(what) := {name: {"text": null, "what": [what], "widest": null}}

# METADATA
# title: A hole in which a text will stand
text(stand_in, what) := {name: {"text": stand_in, "what": [what], "widest": "*"}}

# METADATA
# title: What is not known of the stack itself, which is in one account
of_stack := {"a name that CloudFormation makes up", "the Region", "the account", "the stack's name"}

# METADATA
# title: Whether a value is a hole
# scope: document
default is_hole(_) := false

is_hole(value) if value[name]

# METADATA
# title: What is not known of a value, a set
# description: Of the value itself; what stands in it is not looked at.
missing(value) := {what | some what in value[name].what}

# METADATA
# title: A value as a text, or what stands for it
# description: Undefined for what neither is nor can be a text.
as_text(value) := value if is_string(value)

as_text(value) := json.marshal(value) if is_number(value)

as_text(value) := json.marshal(value) if is_boolean(value)

as_text(value) := value[name].text if is_string(value[name].text)

# METADATA
# title: A text made of parts, some of which may be holes
# description: Undefined where a part can't be a text.
joined(parts, delimiter) := result if {
	texts := [as_text(part) | some part in parts]
	count(texts) == count(parts)
	widest := concat(delimiter, [_widest(part) | some part in parts])
	what := union({missing(part) | some part in parts})
	result := _made(concat(delimiter, texts), widest, what)
}

_made(whole, _, what) := whole if count(what) == 0

_made(whole, widest, what) := {name: {"text": whole, "what": sort(what), "widest": widest}} if count(what) > 0

_widest(part) := part[name].widest if is_hole(part)

_widest(part) := as_text(part) if not is_hole(part)

# METADATA
# title: What is not known of a value and of all that stands in it
within(value) := {what |
	walk(value, [_, inner])
	some what in missing(inner)
}

# METADATA
# title: A value with stand-ins for its holes, and where these are
# description: |
#   An object of `value` and of `holes`, what is missing and the widest pattern by JSON Pointer; where a hole has no text,
#   `value` has null.
filled(value) := {"holes": holes, "value": whole} if {
	holes := {path: object.filter(inner[name], ["what", "widest"]) |
		walk(value, [steps, inner])
		is_hole(inner)
		path := _pointer(steps)
	}
	texts := {old: new |
		walk(value, [_, inner])
		is_hole(inner)
		old := json.marshal(inner)
		new := json.marshal(inner[name].text)
	}
	whole := json.unmarshal(strings.replace_n(texts, json.marshal(value)))
}

_pointer(steps) := concat("", [pointer.step("", $"{step}") | some step in steps])
