package iam.lint_test

# SVC-2
test_actions_in_policies_of_a_named_type[note] if {
	some note, [resource_type, action, found] in {
		"a bucket's": ["AWS::S3::Bucket", "s3:ListBucket", set()],
		"some of a bucket's": ["AWS::S3::Bucket", "s3:List*", set()],
		"another service's": ["AWS::S3::Bucket", "ec2:StopInstances", {["ERROR", ["/Statement/0/Action"]]}],
		"no bucket's": ["AWS::S3::Bucket", "s3:ListAllMyBuckets", {["ERROR", ["/Statement/0/Action"]]}],
		"every action": ["AWS::S3::Bucket", "*", set()],
		"an unknown one": ["AWS::S3::Bucket", "s3:Nope", set()],
		"a role's": ["AWS::IAM::AssumeRolePolicyDocument", "sts:AssumeRole", set()],
		"no role's": ["AWS::IAM::AssumeRolePolicyDocument", "sts:GetCallerIdentity", {["ERROR", ["/Statement/0/Action"]]}],
		"of a type not named": ["", "ec2:StopInstances", set()],
	}
	policy := object.union(_policy("resource", [{"Action": action}]), {"resource_type": resource_type})
	_reported("UNSUPPORTED_ACTION_IN_POLICY", policy) == found
}

# SVC-2
test_resources_in_policies_of_a_named_type[note] if {
	some note, [resource_type, resource, found] in {
		"a bucket": ["AWS::S3::Bucket", "arn:aws:s3:::b", set()],
		"objects": ["AWS::S3::Bucket", "arn:aws:s3:::b/*", set()],
		"a table": ["AWS::S3::Bucket", "arn:aws:dynamodb:*:*:table/t", {["ERROR", ["/Statement/0/Resource"]]}],
		"a table's index": ["AWS::DynamoDB::Table", "arn:aws:dynamodb:*:*:table/t/index/i", set()],
		"a backup": ["AWS::DynamoDB::Table", "arn:aws:dynamodb:*:*:backup/t", {["ERROR", ["/Statement/0/Resource"]]}],
		"a function": ["AWS::S3ObjectLambda::AccessPoint", "arn:aws:lambda:*:*:function:f", {["ERROR", ["/Statement/0/Resource"]]}],
		"an access point": ["AWS::S3ObjectLambda::AccessPoint", "arn:aws:s3-object-lambda:*:*:accesspoint/a", set()],
		"of a type not named": ["", "arn:aws:dynamodb:*:*:table/t", set()],
	}
	policy := object.union(_policy("resource", [{"Resource": resource}]), {"resource_type": resource_type})
	_reported("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", policy) == found
}
