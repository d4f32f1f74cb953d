package iam.lint

# API operations whose permission is called otherwise (ACT-14), in lower case, and what allows them.
_permissions := {
	"apigateway": {
		"createdeployment": ["apigateway:POST"],
		"createrestapi": ["apigateway:POST"],
		"deleterestapi": ["apigateway:DELETE"],
		"getrestapi": ["apigateway:GET"],
		"getrestapis": ["apigateway:GET"],
		"updaterestapi": ["apigateway:PATCH"],
	},
	"bedrock": {
		"converse": ["bedrock:InvokeModel"],
		"conversestream": ["bedrock:InvokeModelWithResponseStream"],
	},
	"dynamodb": {
		"transactgetitems": ["dynamodb:GetItem"],
		"transactwriteitems": [
			"dynamodb:ConditionCheckItem",
			"dynamodb:DeleteItem",
			"dynamodb:PutItem",
			"dynamodb:UpdateItem",
		],
	},
	"kms": {"reencrypt": ["kms:ReEncryptFrom", "kms:ReEncryptTo"]},
	"lambda": {"invoke": ["lambda:InvokeFunction"]},
	"s3": object.union(_s3_buckets, _s3_objects),
	"sns": {"publishbatch": ["sns:Publish"]},
	"sqs": {
		"changemessagevisibilitybatch": ["sqs:ChangeMessageVisibility"],
		"deletemessagebatch": ["sqs:DeleteMessage"],
		"sendmessagebatch": ["sqs:SendMessage"],
	},
}

_s3_buckets := {
	"deletebucketcors": ["s3:PutBucketCORS"],
	"deletebucketencryption": ["s3:PutEncryptionConfiguration"],
	"deletebucketlifecycle": ["s3:PutLifecycleConfiguration"],
	"deletebucketreplication": ["s3:PutReplicationConfiguration"],
	"deletebuckettagging": ["s3:PutBucketTagging"],
	"deletepublicaccessblock": ["s3:PutBucketPublicAccessBlock"],
	"getbucketaccelerateconfiguration": ["s3:GetAccelerateConfiguration"],
	"getbucketanalyticsconfiguration": ["s3:GetAnalyticsConfiguration"],
	"getbucketencryption": ["s3:GetEncryptionConfiguration"],
	"getbucketinventoryconfiguration": ["s3:GetInventoryConfiguration"],
	"getbucketlifecycle": ["s3:GetLifecycleConfiguration"],
	"getbucketlifecycleconfiguration": ["s3:GetLifecycleConfiguration"],
	"getbucketmetricsconfiguration": ["s3:GetMetricsConfiguration"],
	"getbucketnotificationconfiguration": ["s3:GetBucketNotification"],
	"getbucketreplication": ["s3:GetReplicationConfiguration"],
	"getobjectlockconfiguration": ["s3:GetBucketObjectLockConfiguration"],
	"getpublicaccessblock": ["s3:GetBucketPublicAccessBlock"],
	"headbucket": ["s3:ListBucket"],
	"listbuckets": ["s3:ListAllMyBuckets"],
	"listmultipartuploads": ["s3:ListBucketMultipartUploads"],
	"listobjects": ["s3:ListBucket"],
	"listobjectsv2": ["s3:ListBucket"],
	"listobjectversions": ["s3:ListBucketVersions"],
	"putbucketaccelerateconfiguration": ["s3:PutAccelerateConfiguration"],
	"putbucketanalyticsconfiguration": ["s3:PutAnalyticsConfiguration"],
	"putbucketencryption": ["s3:PutEncryptionConfiguration"],
	"putbucketinventoryconfiguration": ["s3:PutInventoryConfiguration"],
	"putbucketlifecycle": ["s3:PutLifecycleConfiguration"],
	"putbucketlifecycleconfiguration": ["s3:PutLifecycleConfiguration"],
	"putbucketmetricsconfiguration": ["s3:PutMetricsConfiguration"],
	"putbucketnotificationconfiguration": ["s3:PutBucketNotification"],
	"putbucketreplication": ["s3:PutReplicationConfiguration"],
	"putobjectlockconfiguration": ["s3:PutBucketObjectLockConfiguration"],
	"putpublicaccessblock": ["s3:PutBucketPublicAccessBlock"],
}

_s3_objects := {
	"completemultipartupload": ["s3:PutObject"],
	"copyobject": ["s3:GetObject", "s3:PutObject"],
	"createmultipartupload": ["s3:PutObject"],
	"deleteobjects": ["s3:DeleteObject"],
	"headobject": ["s3:GetObject"],
	"listparts": ["s3:ListMultipartUploadParts"],
	"selectobjectcontent": ["s3:GetObject"],
	"uploadpart": ["s3:PutObject"],
	"uploadpartcopy": ["s3:GetObject", "s3:PutObject"],
}
