package iam.lint_test

# RCP-4, GRAM-33
test_services_without_resource_control[note] if {
	code := "RCP_SYNTAX_ERROR_ACTION"
	some note, [action, findings] in {
		"with": [["s3:*", "STS:AssumeRole"], set()],
		"without": [["s3:*", "ec2:*"], {["ERROR", "/1"]}],
		"any": ["*", {["WARNING", ""]}],
		"no service": ["s*:x", set()],
	}
	_found({code}, _item("resource_control", {"Action": action})) == {
	[code, severity, $"/Statement/0/Action{path}"] |
		some [severity, path] in findings
	}
	_found({code}, _item("service_control", {"Effect": "Deny", "Action": action})) == set()
	_found({code}, _item("resource_control", {"Action": null, "NotAction": action})) == set()
}

# RCP-5, RCP-6, COND-MISS-3
test_keys_that_a_guardrail_needs_beside_others[note] if {
	codes := {
		"RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
		"RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
		"RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
	}
	of_caller := {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
	of_source := {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-1"}}
	some note, [block, found] in {
		"the caller's": [of_caller, {"RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY"}],
		"the caller's, services spared": [
			object.union(of_caller, {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}),
			set(),
		],
		"the caller's, services hit": [
			object.union(of_caller, {"BoolIfExists": {"aws:PrincipalIsAWSService": true}}),
			{"RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY"},
		],
		"the source's": [of_source, {
			"RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
			"RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
		}],
		"the source's, of services only": [
			object.union(of_source, {"Bool": {"aws:PrincipalIsAWSService": "True"}}),
			{"RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK"},
		],
		"the source's, of services that tell it": [
			object.union(of_source, {"Bool": {"aws:PrincipalIsAWSService": "true"}, "Null": {"aws:SourceArn": "false"}}),
			set(),
		],
		"the source's, where its account is told": [
			object.union(of_source, {"Bool": {"aws:PrincipalIsAWSService": "true"}, "Null": {"aws:SourceAccount": false}}),
			set(),
		],
		"the network's": [{"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, set()],
	}
	{[code, severity] | some [code, severity, _] in _found(codes, _with_condition("resource_control", block))} == {
	[code, "WARNING"] |
		some code in found
	}
	_found(codes, _with_condition("resource", block)) == set()
}

# LINT-2
test_all_keys_concerned_are_told if {
	block := {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}
	_places("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", _with_condition("resource_control", block)) == [
		"/Statement/0/Condition/ArnNotLike/aws:PrincipalArn",
		"/Statement/0/Condition/StringNotEquals/aws:PrincipalOrgID",
	]
}

# SCP-1, SCP-5, RCP-3, RCP-5, STS-1, STS-2
test_guardrails_too_wide_or_in_vain[note] if {
	codes := {"OPA_IAM_GUARDRAIL_CANNOT_REACH", "OPA_IAM_GUARDRAIL_WITHOUT_EXCEPTION"}
	linked := "arn:aws:iam::*:role/aws-service-role/*"
	some note, [members, findings] in {
		"everything": [
			{"Action": "*", "Resource": "*"},
			{["OPA_IAM_GUARDRAIL_WITHOUT_EXCEPTION", "WARNING", ""]},
		],
		"everything, on a condition": [
			{"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
			set(),
		],
		"everything of a service": [{"Action": "s3:*", "Resource": "*"}, set()],
		"every action on some": [{"Action": ["*"], "Resource": "arn:aws:s3:::b"}, set()],
		"everything else": [{"Action": null, "NotAction": "*", "Resource": "*"}, set()],
		"everything allowed": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, set()],
		"what nobody can deny": [
			{"Action": ["s3:*", "sts:GetCallerIdentity", "sts:getsessiontoken"]},
			{
				["OPA_IAM_GUARDRAIL_CANNOT_REACH", "SUGGESTION", "/Action/1"],
				["OPA_IAM_GUARDRAIL_CANNOT_REACH", "SUGGESTION", "/Action/2"],
			},
		],
		"what nobody can deny left out": [{"Action": null, "NotAction": "sts:GetCallerIdentity"}, set()],
		"linked roles": [
			{"Condition": {"ArnLike": {"aws:PrincipalArn": [linked]}}},
			{["OPA_IAM_GUARDRAIL_CANNOT_REACH", "SUGGESTION", "/Condition/ArnLike/aws:PrincipalArn/0"]},
		],
		"linked roles spared": [{"Condition": {"ArnNotLike": {"aws:PrincipalArn": [linked]}}}, set()],
	}
	_found(codes, _item("service_control", object.union({"Effect": "Deny"}, members))) == {
	[code, severity, $"/Statement/0{path}"] |
		some [code, severity, path] in findings
	}
	_found(codes, _item("identity", object.union({"Effect": "Deny"}, members))) == set()
}
