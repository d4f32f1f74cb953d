package iam.lint

import data.iam.pointer

# The most characters of a document, by its type or that of its resource (A.6): the code, how severe it is, the quota, and
# whether white space counts. Of an identity policy this is the widest that there is, whichever kind it is of.
_quotas := {
	"AWS::KMS::Key": ["POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", "WARNING", 32768, true],
	"AWS::S3::Bucket": ["POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", "WARNING", 20480, true],
	"identity": ["POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", "WARNING", 10240, false],
	"resource_control": ["POLICY_SIZE_EXCEEDS_RCP_QUOTA", "ERROR", 5120, true],
	"role_trust": ["POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", "WARNING", 2048, false],
	"service_control": ["POLICY_SIZE_EXCEEDS_SCP_QUOTA", "ERROR", 5120, true],
	"vpc_endpoint": ["POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", "WARNING", 20480, true],
}

_quota := _quotas[input.resource_type] if input.policy_type == "resource"

_quota := _quotas.identity if _is_identity

_quota := _quotas[input.policy_type] if not _is_identity

faults contains finding if {
	_quota[1] == "ERROR"
	some finding in _size_findings
}

advice contains finding if {
	_quota[1] == "WARNING"
	some finding in _size_findings
}

_size_findings contains finding if {
	[code, severity, quota, spaced] := _quota
	size := _size(spaced)
	size > quota
	counted := {true: "with white space", false: "without white space"}[spaced]
	message := $"{size} characters {counted}, and {quota} are the most (A.6)"
	finding := _finding(code, severity, "", message)
}

# What the document is written as may be told by `size`; the shortest text is the least that it can be. Where white space
# does not count, AWS counts one character more than there are.
_size(true) := object.get(input, "size", count(_text))

_size(false) := count(replace(_text, " ", "")) + 1

# OPA's JSON escapes three characters that nobody else does.
_text := strings.replace_n({`\u0026`: "&", `\u003c`: "<", `\u003e`: ">"}, _marshalled)

_marshalled := json.marshal(input.document)

# What IAM stores of texts (GRAM-8): the first expression looks for what is not, in the whole document.
default _has_foreign_characters := false

_has_foreign_characters if {
	input.policy_type != "resource"
	input.policy_type != "vpc_endpoint"
	regex.match(`[^\x00-\xff]|\\[bf]|\\u(?:00[^23]|0[^0]|[^0])`, _marshalled)
}

_foreign := `[^\t\n\r\x20-\x{ff}]`

# GRAM-8
faults contains finding if {
	_has_foreign_characters
	walk(input.document, [path, value])
	is_string(value)
	[[character]] := regex.find_all_string_submatch_n(_foreign, value, 1)
	finding := _finding("OPA_IAM_UNSUPPORTED_CHARACTER", "ERROR", _pointer(path), _foreign_message(character))
}

faults contains finding if {
	_has_foreign_characters
	walk(input.document, [path, value])
	is_object(value)
	some name, _ in value
	[[character]] := regex.find_all_string_submatch_n(_foreign, name, 1)
	place := pointer.step(_pointer(path), name)
	finding := _at_key("OPA_IAM_UNSUPPORTED_CHARACTER", "ERROR", place, _foreign_message(character))
}

_foreign_message(character) := $"IAM stores no {json.marshal(character)}: U+0020 to U+00FF, tabs and line breaks only (GRAM-8)"

_pointer(path) := concat("", [step | some name in path; step := pointer.step("", $"{name}")])
