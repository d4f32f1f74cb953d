# METADATA
# title: The parameters of CloudFormation's templates
# description: |
#   What a stack is deployed with is what `data.iam.ci.settings` says, else the template's own defaults. What is known only
#   when the stack is made is a hole.
package iam.ci.parameter

import data.iam.ci.file
import data.iam.ci.hole

# METADATA
# title: The templates, by the file's number
templates[i] := one.contents if {
	some i, one in file.files
	file.kinds[i] == "cloudformation"
	not i in without_tags
}

# METADATA
# title: The templates, by the file's number, of which it can't be told what was an intrinsic
# description: |
#   Conftest's parser drops YAML's tags: `!Ref Name` becomes the text `Name`. It tells the name of the file, and no JSON has tags.
# scope: document
without_tags contains i if {
	some i, one in file.files
	file.kinds[i] == "cloudformation"
	name := object.get({"": _name}, one.path, one.path)
	name != ""
	not regex.match(`(?i)\.json$`, name)
	not _settings.long_intrinsics
}

default _name := ""

_name := data.conftest.file.name

# METADATA
# title: The values of each template's parameters
values[i] := {name: value |
	some name, declared in object.get(template, "Parameters", {})
	value := _value(name, object.get(declared, "Type", "String"), declared)
} if {
	some i, template in templates
}

_value(name, type, _) := _typed(type, _given[name]) if _is_given(name)

_value(name, type, declared) := _typed(type, declared.Default) if {
	not _is_given(name)
	_is_readable(type, declared)
}

_value(name, type, declared) := _unknown(name, type) if {
	not _is_given(name)
	not _is_readable(type, declared)
}

default _is_given(_) := false

_is_given(name) if name in object.keys(_given)

# The default of a parameter that is kept in the Parameter Store is where it is kept; what must not be shown is not known.
default _is_readable(_, _) := false

_is_readable(type, declared) if {
	"Default" in object.keys(declared)
	not startswith(type, "AWS::SSM::Parameter::Value<")
	not _is_secret(declared)
}

default _is_secret(_) := false

_is_secret(declared) if lower(hole.as_text(declared.NoEcho)) == "true"

_typed(type, value) := [trim_space(item) | some item in split(hole.as_text(value), ",")] if {
	_is_list(type)
	not is_array(value)
}

_typed(type, value) := value if {
	_is_list(type)
	is_array(value)
}

_typed(type, value) := hole.as_text(value) if not _is_list(type)

_unknown(name, type) := hole.text(name, $"the parameter {name}") if not _is_list(type)

_unknown(name, type) := hole.opaque($"the parameter {name}") if _is_list(type)

default _is_list(_) := false

_is_list(type) if contains(type, "CommaDelimitedList")

_is_list(type) if contains(type, "List<")

# METADATA
# title: The pseudo parameters
# description: Without a partition in the settings, it is the Region's, else `aws`.
pseudo := {
	"AWS::AccountId": object.get(_settings, "account", hole.text("000000000000", "the account")),
	"AWS::NotificationARNs": hole.opaque("what is notified"),
	"AWS::Partition": partition,
	"AWS::Region": object.get(_settings, "region", hole.text("us-east-1", "the Region")),
	"AWS::StackId": hole.text("STACK-ID", "the stack's id"),
	"AWS::StackName": object.get(_settings, "stack_name", hole.text("STACK", "the stack's name")),
	"AWS::URLSuffix": object.get(_suffixes, partition, "amazonaws.com"),
}

# METADATA
# title: The partition in which the change is made
partition := object.get(_settings, "partition", _of_region)

_of_region := sort(found)[0] if {
	found := {name |
		some start, name in _partitions
		startswith(object.get(_settings, "region", ""), start)
	}
	count(found) > 0
} else := "aws"

_partitions := {
	"cn-": "aws-cn",
	"eu-isoe-": "aws-iso-e",
	"eusc-": "aws-eusc",
	"us-gov-": "aws-us-gov",
	"us-iso-": "aws-iso",
	"us-isob-": "aws-iso-b",
	"us-isof-": "aws-iso-f",
}

_suffixes := {
	"aws-cn": "amazonaws.com.cn",
	"aws-eusc": "amazonaws.eu",
	"aws-iso": "c2s.ic.gov",
	"aws-iso-b": "sc2s.sgov.gov",
	"aws-iso-e": "cloud.adc-e.uk",
	"aws-iso-f": "csp.hci.ic.gov",
}

_given := object.get(_settings, "parameters", {})

default _settings := {}

_settings := data.iam.ci.settings
