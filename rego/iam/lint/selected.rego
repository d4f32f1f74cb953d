package iam.lint

import data.iam.pattern

# ACT-3, RES-3
advice contains finding if {
	is_selected("OPA_IAM_FULL_ACCESS")
	_is_identity
	some statement in statements
	statement.effect == "Allow"
	statement.tests == []
	_is_everything(statement.action)
	_is_everything(statement.resource)
	message := "allows everything on everything (ACT-3, RES-3)"
	finding := _finding("OPA_IAM_FULL_ACCESS", "WARNING", statement.path, message)
}

# ACT-11
advice contains finding if {
	is_selected("OPA_IAM_ALLOW_WITH_NOT_ACTION")
	_is_identity
	some statement in statements
	statement.effect == "Allow"
	statement.action.negated
	message := "allows every action that AWS will ever add (ACT-11)"
	finding := _finding("OPA_IAM_ALLOW_WITH_NOT_ACTION", "WARNING", statement.action.path, message)
}

# RES-30; asked of the reference, with which alone one knows.
advice contains finding if {
	is_selected("OPA_IAM_OVER_WIDE_WRITE")
	_is_identity
	some statement in statements
	statement.effect == "Allow"
	statement.tests == []
	not statement.action.negated
	_is_everything(statement.resource)
	writes := {value_path(statement.action, k): name |
		some k, value in statement.action.values
		name := _confinable_write(lower(value))
	}
	count(writes) > 0
	paths := [path | some k, _ in statement.action.values; path := value_path(statement.action, k); writes[path]]
	message := $"changes any resource, and could be confined to some, {writes[paths[0]]} for one (RES-30)"
	finding := _located(_finding("OPA_IAM_OVER_WIDE_WRITE", "WARNING", "", message), paths)
}

# An action that changes something which a policy could name: the one that is written, or the first of a pattern.
_confinable_write(value) := value if {
	not pattern.has_wildcard(value)
	[service, name] := split(value, ":")
	_is_confinable(service, data.iam.reference.services[service].actions[name])
}

_confinable_write(value) := sort(found)[0] if {
	pattern.has_wildcard(value)
	[service, written] := split(value, ":")
	expression := pattern.anchored([pattern.body(written)])
	found := {action |
		some name, group in data.iam.reference.services[service].actions
		regex.match(expression, name)
		_is_confinable(service, group)
		action := $"{service}:{name}"
	}
	count(found) > 0
}

default _is_confinable(_, _) := false

_is_confinable(service, group) if {
	data.iam.reference.services[service].groups[group].writes
	count(data.iam.reference.services[service].groups[group].types) > 0
}

# IAM-4, EVAL-9
advice contains finding if {
	is_selected("OPA_IAM_PRIVILEGE_ESCALATION")
	_is_identity
	ways := [way | some way in _ways_up; _is_open_way(way)]
	count(ways) > 0
	told := [concat(" with ", way) | some way in ways]
	message := $"lets its principal widen its own rights: by {concat("; by ", told)} (IAM-4)"
	paths := [statements[i].action.path |
		some i, statement in statements
		statement.effect == "Allow"
		count([action | some way in ways; some action in way; is_about(i, lower(action))]) > 0
	]
	finding := _located(_finding("OPA_IAM_PRIVILEGE_ESCALATION", "SECURITY_WARNING", "", message), paths)
}

default _is_open_way(_) := false

_is_open_way(way) if {
	every action in way {
		_grants(lower(action))
	}
}

default _grants(_) := false

_grants(action) if {
	some i, statement in statements
	statement.effect == "Allow"
	is_about(i, action)
	not _is_denied(action)
}

default _is_denied(_) := false

_is_denied(action) if {
	some i, statement in statements
	statement.effect == "Deny"
	statement.tests == []
	_is_everything(statement.resource)
	is_about(i, action)
}

# Actions that together give their caller what others may: new versions and attachments of policies, credentials of others,
# trust in oneself, and roles passed to what runs the caller's code.
_ways_up := [
	["iam:AddUserToGroup"],
	["iam:AttachGroupPolicy"],
	["iam:AttachRolePolicy"],
	["iam:AttachUserPolicy"],
	["iam:CreateAccessKey"],
	["iam:CreateLoginProfile"],
	["iam:CreatePolicyVersion"],
	["iam:DeleteRolePermissionsBoundary"],
	["iam:DeleteUserPermissionsBoundary"],
	["iam:PutGroupPolicy"],
	["iam:PutRolePolicy"],
	["iam:PutUserPolicy"],
	["iam:SetDefaultPolicyVersion"],
	["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"],
	["iam:UpdateLoginProfile"],
	["iam:PassRole", "cloudformation:CreateStack"],
	["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
	["iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"],
	["iam:PassRole", "ec2:RunInstances"],
	["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"],
	["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
	["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
	["iam:PassRole", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"],
	["iam:PassRole", "ssm:StartAutomationExecution"],
	["lambda:UpdateFunctionCode"],
]
