package iam.lint

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
