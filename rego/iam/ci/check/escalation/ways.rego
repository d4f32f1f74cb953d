package iam.ci.check.escalation

import data.iam.ci.reach
import data.iam.ci.state
import data.iam.ci.world

# METADATA
# title: The ways to more rights
# description: |
#   Each the actions that it takes together, what each is done to (`role`, `user`, `group` or `policy`: any other one, or
#   the caller's own; `any`: some resource), and what is known of the context. Published knowledge: the research of Rhino
#   Security Labs on privilege escalation in AWS (2018) and its successors, Bishop Fox's "IAM Vulnerable" (2021),
#   and AWS's own lists of permissions management actions.
ways := object.union(_alone, _passing)

_alone := {action: [{"action": action, "on": on}] |
	some on, actions in {
		"any": [
			"codebuild:UpdateProject", "codestar:AssociateTeamMember", "ec2-instance-connect:SendSSHPublicKey",
			"glue:UpdateDevEndpoint", "iam:CreateServiceSpecificCredential", "lambda:UpdateFunctionCode",
			"sso:AttachManagedPolicyToPermissionSet", "sso:CreateAccountAssignment", "sso:PutInlinePolicyToPermissionSet",
		],
		"group": ["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:PutGroupPolicy"],
		"policy": ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"],
		"role": [
			"iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
			"iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy",
		],
		"user": [
			"iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:DeleteUserPermissionsBoundary",
			"iam:PutUserPolicy", "iam:UpdateLoginProfile",
		],
	}
	some action in actions
}

# A role that the caller chooses, handed to a service that runs what the caller says.
_passing := {name: steps |
	some [service, actions] in [
		["autoscaling.amazonaws.com", ["autoscaling:CreateLaunchConfiguration"]],
		["bedrock-agentcore.amazonaws.com", ["bedrock-agentcore:CreateCodeInterpreter"]],
		["cloudformation.amazonaws.com", ["cloudformation:CreateStack"]],
		["cloudformation.amazonaws.com", ["cloudformation:UpdateStack"]],
		["codebuild.amazonaws.com", ["codebuild:CreateProject", "codebuild:StartBuild"]],
		["datapipeline.amazonaws.com", ["datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"]],
		["ec2.amazonaws.com", ["ec2:RunInstances"]],
		["ecs-tasks.amazonaws.com", ["ecs:RegisterTaskDefinition", "ecs:RunTask"]],
		["glue.amazonaws.com", ["glue:CreateDevEndpoint"]],
		["glue.amazonaws.com", ["glue:CreateJob", "glue:StartJobRun"]],
		["lambda.amazonaws.com", ["lambda:CreateFunction", "lambda:InvokeFunction"]],
		["lambda.amazonaws.com", ["lambda:CreateFunction", "lambda:AddPermission"]],
		["lambda.amazonaws.com", ["lambda:CreateFunction", "lambda:CreateEventSourceMapping"]],
		["sagemaker.amazonaws.com", ["sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"]],
		["sagemaker.amazonaws.com", ["sagemaker:CreateProcessingJob"]],
		["sagemaker.amazonaws.com", ["sagemaker:CreateTrainingJob"]],
		["ssm.amazonaws.com", ["ssm:StartAutomationExecution"]],
		["states.amazonaws.com", ["states:CreateStateMachine", "states:StartExecution"]],
	]
	pass := {"action": "iam:PassRole", "context": {"iam:PassedToService": service}, "on": "role"}
	steps := array.concat([pass], [{"action": action, "on": "any"} | some action in actions])
	name := concat(" with ", [step.action | some step in steps])
}

# What a step is done to: any other one of its kind, and the caller itself.
_targets(_, "any") := {reach.any_arn, "*"}

_targets(id, on) := {other} | _own(id, on) if {
	on != "any"
	beginning := concat(":", array.slice(split(world.subjects.after[id].request.principal, ":"), 0, 5))
	other := $"{beginning}:{on}/opa-iam-any-other"
}

_own(id, on) := {arn | world.subjects.after[id].kind == on; arn := world.subjects.after[id].place.arn} if on != "policy"

_own(id, "policy") := {arn |
	some key in world.subjects.after[id].keys
	arn := object.get(state.documents, [key, "arn"], key)
	regex.match(`^arn:[^:]*:iam::[0-9]+:policy/`, arn)
}
