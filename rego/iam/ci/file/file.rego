# METADATA
# title: The files that are judged
# description: |
#   One, which is the input itself, or several, which Conftest's `--combine` and `opa-iam ci` give as a list of objects of
#   `path` and `contents`. What kind a file is, is told by what is in it.
package iam.ci.file

# METADATA
# title: The files, in their order
# description: Each has its `path`, which is empty where the input is the file itself, and its `contents`.
files := input if is_combined

files := [{"contents": input, "path": ""}] if not is_combined

# METADATA
# title: Whether the input is a list of files
# scope: document
default is_combined := false

is_combined if {
	is_array(input)
	count(input) > 0
	every entry in input {
		object.keys(entry) == {"contents", "path"}
	}
}

# METADATA
# title: The kind of each file, by its number
# description: |
#   `terraform`, `cloudformation` or `document`; `unknown` for a file that is none of them. A plan can be large, so
#   that no file is ever handed to a function.
kinds[i] := "terraform" if {
	some i, file in files
	_is_terraform[i]
}

kinds[i] := "cloudformation" if {
	some i, file in files
	not _is_terraform[i]
	_is_cloudformation[i]
}

kinds[i] := "document" if {
	some i, file in files
	not _is_terraform[i]
	not _is_cloudformation[i]
	_is_document[i]
}

kinds[i] := "unknown" if {
	some i, file in files
	not _is_terraform[i]
	not _is_cloudformation[i]
	not _is_document[i]
}

_is_terraform[i] if {
	some i, file in files
	is_string(file.contents.format_version)
	some name in ["planned_values", "prior_state", "resource_changes", "terraform_version", "values"]
	_has_member[i][name]
}

_is_cloudformation[i] if {
	some i, file in files
	is_object(file.contents.Resources)
}

_is_cloudformation[i] if {
	some i, _ in files
	some name in ["AWSTemplateFormatVersion", "Transform"]
	_has_member[i][name]
}

# A policy as it is written, as the AWS CLI prints it, or in a file that has its facts with it.
_is_document[i] if {
	some i, _ in files
	some name, _ in _has_member[i]
	lower(name) == "statement"
}

_is_document[i] if {
	some i, _ in files
	_has_member[i].arn
	_has_member[i].document
}

_is_document[i] if {
	some i, file in files
	is_object(file.contents.PolicyVersion.Document)
}

_is_document[i] if {
	some i, _ in files
	_has_member[i].PolicyDocument
}

_has_member[i] := {name: true | some name, _ in file.contents} if {
	some i, file in files
	is_object(file.contents)
}
