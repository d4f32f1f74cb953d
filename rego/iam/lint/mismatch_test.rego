package iam.lint_test

import data.iam.lint

_object_arn := "arn:aws:s3:::b/k"

_role_arn := "arn:aws:iam::111122223333:role/x"

# RES-31, OPEN-5
test_actions_about_everything[note] if {
	codes := {"OPA_IAM_ACTION_NEEDS_STAR", "OPA_IAM_BUCKET_WITHOUT_OBJECTS", "OPA_IAM_RESOURCE_MISMATCH"}
	some note, [actions, resources, found] in {
		"what suits": [["s3:GetObject"], [_object_arn], set()],
		"what one of several suits": [["s3:GetObject"], [_role_arn, "arn:aws:s3:::b*"], set()],
		"what is about everything only": [
			["s3:GetObject", "s3:ListAllMyBuckets", "logs:DescribeLogGroups"],
			[_object_arn],
			{
				["OPA_IAM_ACTION_NEEDS_STAR", ["/Statement/0/Action/1"]],
				["OPA_IAM_ACTION_NEEDS_STAR", ["/Statement/0/Action/2"]],
			},
		],
		"everything": [["s3:ListAllMyBuckets"], ["*"], set()],
		"a resource that can't be read": [["s3:ListAllMyBuckets"], [_object_arn, "arn:aws:s3"], set()],
	}
	policy := _policy("identity", [{"Action": actions, "Resource": resources}])
	findings := lint.findings with input as policy with data.iam.reference as _small
	{[finding.code, finding.locations] | some finding in findings; finding.code in codes} == found
}

# RES-30, RES-40
test_actions_about_other_resources[note] if {
	codes := {"OPA_IAM_ACTION_NEEDS_STAR", "OPA_IAM_BUCKET_WITHOUT_OBJECTS", "OPA_IAM_RESOURCE_MISMATCH"}
	some note, [actions, resources, found] in {
		"another service's resource": [
			["ec2:StopInstances", "ec2:RunInstances"],
			[_object_arn],
			{["OPA_IAM_RESOURCE_MISMATCH", ["/Statement/0/Action/0", "/Statement/0/Action/1"]]},
		],
		"another type": [
			["ec2:StopInstances"],
			["arn:aws:ec2:*::image/*"],
			{["OPA_IAM_RESOURCE_MISMATCH", ["/Statement/0/Action/0"]]},
		],
		"a type of any service": [["backup:DescribeRecoveryPoint"], ["arn:aws:ec2:*::snapshot:x"], set()],
		"any service's": [["ec2:StopInstances"], ["arn:aws:ec?:*:*:instance/*"], set()],
		"a pattern of which one suits": [["s3:*"], [_object_arn], set()],
	}
	policy := _policy("identity", [{"Action": actions, "Resource": resources}])
	findings := lint.findings with input as policy with data.iam.reference as _small
	{[finding.code, finding.locations] | some finding in findings; finding.code in codes} == found
}

# RES-30, RES-35
test_actions_about_half_of_a_bucket[note] if {
	codes := {"OPA_IAM_ACTION_NEEDS_STAR", "OPA_IAM_BUCKET_WITHOUT_OBJECTS", "OPA_IAM_RESOURCE_MISMATCH"}
	some note, [actions, resources, found] in {
		"a pattern of which none suits": [
			["ec2:Stop*"],
			[_object_arn],
			{["OPA_IAM_RESOURCE_MISMATCH", ["/Statement/0/Action/0"]]},
		],
		"objects of a bucket": [
			["s3:GetObject"],
			["arn:aws:s3:::b"],
			{["OPA_IAM_BUCKET_WITHOUT_OBJECTS", ["/Statement/0/Action/0"]]},
		],
		"the bucket of objects": [
			["s3:ListBucket"],
			["arn:aws:s3:::b/*"],
			{["OPA_IAM_BUCKET_WITHOUT_OBJECTS", ["/Statement/0/Action/0"]]},
		],
		"both": [["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], set()],
		"an unknown action": [["s3:Nope"], [_role_arn], set()],
	}
	policy := _policy("identity", [{"Action": actions, "Resource": resources}])
	findings := lint.findings with input as policy with data.iam.reference as _small
	{[finding.code, finding.locations] | some finding in findings; finding.code in codes} == found
}

# What never denies endangers; in a resource policy the resource is its own.
test_mismatch_by_effect_and_policy_type[policy_type] if {
	some policy_type, [effect, severities] in {
		"identity": ["Deny", {"SECURITY_WARNING"}],
		"service_control": ["Allow", {"WARNING"}],
		"resource": ["Allow", set()],
	}
	policy := _policy(policy_type, [{"Effect": effect, "Action": "ec2:StopInstances"}])
	{severity | some [severity, _] in _reported("OPA_IAM_RESOURCE_MISMATCH", policy)} == severities
}

test_no_mismatch_with_negated_elements if {
	_reported_of("OPA_IAM_RESOURCE_MISMATCH", [
		{"Action": "ec2:StopInstances", "Resource": null, "NotResource": _object_arn},
		{"Action": null, "NotAction": "ec2:StopInstances"},
	]) == set()
}

# RES-35
test_mends_of_buckets[resource] if {
	some resource, [action, mend] in {
		"arn:aws:s3:::b": ["s3:GetObject", "arn:aws:s3:::b/*"],
		"arn:aws:s3:::b/*": ["s3:ListBucket", "arn:aws:s3:::b"],
	}
	bucket := object.union(
		_policy("resource", [{"Effect": "Deny", "Action": action, "Resource": resource}]),
		{"resource_type": "AWS::S3::Bucket"},
	)
	_reported("OPA_IAM_BUCKET_WITHOUT_OBJECTS", bucket) == {["WARNING", ["/Statement/0/Action"]]}
	_mends("OPA_IAM_BUCKET_WITHOUT_OBJECTS", bucket) == {mend}
}

# IN-3
test_keys_that_no_action_has[note] if {
	some note, [action, key, count_of_findings] in {
		"not this action's": ["s3:ListBucket", "s3:AuthType", 1],
		"its own": ["s3:GetObject", "s3:AuthType", 0],
		"its resource's": ["ec2:StopInstances", "ec2:Vpc", 0],
		"with a tag": ["s3:GetObject", "s3:ExistingObjectTag/a", 0],
		"of two colons": ["s3:GetObject", "kms:EncryptionContext:dept", 0],
	}
	found := _reported_of("OPA_IAM_KEY_NEVER_PRESENT", [{"Action": action, "Condition": {"StringEquals": {key: "x"}}}])
	count(found) == count_of_findings
}

# IN-3
test_keys_of_patterns[note] if {
	some note, [action, key, count_of_findings] in {
		"one of a pattern's": ["s3:*", "s3:AuthType", 0],
		"none of a pattern's": ["s3:List*", "s3:AuthType", 1],
		"beside an unknown action": [["s3:ListBucket", "s3:Nope"], "s3:AuthType", 0],
		"of every request": ["s3:ListBucket", "aws:SourceIp", 0],
		"an unknown one": ["s3:ListBucket", "s3:Nope", 0],
	}
	found := _reported_of("OPA_IAM_KEY_NEVER_PRESENT", [{"Action": action, "Condition": {"StringEquals": {key: "x"}}}])
	count(found) == count_of_findings
}

test_presence_of_a_key_that_no_action_has if {
	absent := {"Null": {"s3:AuthType": "true"}}
	_reported_of("OPA_IAM_KEY_NEVER_PRESENT", [{"Action": "s3:ListBucket", "Condition": absent}]) == set()
}
