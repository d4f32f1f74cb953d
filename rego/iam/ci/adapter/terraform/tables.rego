package iam.ci.adapter.terraform

# Which attribute of which type holds a policy as JSON: of what type it is, AWS's name for what has it, and the attribute
# that tells the ARN of that.
_attributes := {
	"aws_acmpca_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::ACMPCA::CertificateAuthority"},
	"aws_api_gateway_domain_name": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ApiGateway::DomainNameV2"},
	"aws_api_gateway_rest_api": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ApiGateway::RestApi"},
	"aws_api_gateway_rest_api_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ApiGateway::RestApi"},
	"aws_backup_vault_policy": {"attribute": "policy", "holder": "backup_vault_arn", "policy_type": "resource", "resource_type": "AWS::Backup::BackupVault"},
	"aws_bedrockagentcore_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::BedrockAgentCore::ResourcePolicy"},
	"aws_cloudsearch_domain_service_access_policy": {"attribute": "access_policy", "holder": "", "policy_type": "resource", "resource_type": ""},
	"aws_cloudwatch_event_bus_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::Events::EventBus"},
	"aws_cloudwatch_log_delivery_destination_policy": {"attribute": "delivery_destination_policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::Logs::DeliveryDestination"},
	"aws_cloudwatch_log_destination_policy": {"attribute": "access_policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::Logs::Destination"},
	"aws_cloudwatch_log_resource_policy": {"attribute": "policy_document", "holder": "", "policy_type": "resource", "resource_type": "AWS::Logs::ResourcePolicy"},
	"aws_codeartifact_domain_permissions_policy": {"attribute": "policy_document", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::CodeArtifact::Domain"},
	"aws_codeartifact_repository_permissions_policy": {"attribute": "policy_document", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::CodeArtifact::Repository"},
	"aws_codebuild_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::CodeBuild::ReportGroup"},
	"aws_dynamodb_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::DynamoDB::Table"},
	"aws_ecr_registry_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ECR::RegistryPolicy"},
	"aws_ecr_repository_creation_template": {"attribute": "repository_policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ECR::Repository"},
	"aws_ecr_repository_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ECR::Repository"},
	"aws_ecrpublic_repository_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::ECR::PublicRepository"},
	"aws_efs_file_system_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::EFS::FileSystem"},
	"aws_elasticsearch_domain": {"attribute": "access_policies", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::Elasticsearch::Domain"},
	"aws_elasticsearch_domain_policy": {"attribute": "access_policies", "holder": "", "policy_type": "resource", "resource_type": "AWS::Elasticsearch::Domain"},
	"aws_glacier_vault": {"attribute": "access_policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::Glacier::Vault"},
	"aws_glacier_vault_lock": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::Glacier::Vault"},
	"aws_glue_resource_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::Glue::ResourcePolicy"},
	"aws_iam_group_policy": {"attribute": "policy", "holder": "", "policy_type": "identity", "resource_type": ""},
	"aws_iam_policy": {"attribute": "policy", "holder": "", "policy_type": "identity", "resource_type": ""},
	"aws_iam_role": {"attribute": "assume_role_policy", "holder": "arn", "policy_type": "role_trust", "resource_type": "AWS::IAM::AssumeRolePolicyDocument"},
	"aws_iam_role_policy": {"attribute": "policy", "holder": "", "policy_type": "identity", "resource_type": ""},
	"aws_iam_user_policy": {"attribute": "policy", "holder": "", "policy_type": "identity", "resource_type": ""},
	"aws_kinesis_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::Kinesis::Stream"},
	"aws_kms_external_key": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::KMS::Key"},
	"aws_kms_key": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::KMS::Key"},
	"aws_kms_key_policy": {"attribute": "policy", "holder": "key_id", "policy_type": "resource", "resource_type": "AWS::KMS::Key"},
	"aws_kms_replica_external_key": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::KMS::Key"},
	"aws_kms_replica_key": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::KMS::Key"},
	"aws_media_store_container_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::MediaStore::Container"},
	"aws_msk_cluster_policy": {"attribute": "policy", "holder": "cluster_arn", "policy_type": "resource", "resource_type": "AWS::MSK::Cluster"},
	"aws_networkfirewall_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": ""},
	"aws_opensearch_domain": {"attribute": "access_policies", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::OpenSearchService::Domain"},
	"aws_opensearch_domain_policy": {"attribute": "access_policies", "holder": "", "policy_type": "resource", "resource_type": "AWS::OpenSearchService::Domain"},
	"aws_organizations_resource_policy": {"attribute": "content", "holder": "", "policy_type": "resource", "resource_type": "AWS::Organizations::ResourcePolicy"},
	"aws_redshift_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::Redshift::Cluster"},
	"aws_redshiftserverless_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::RedshiftServerless::Namespace"},
	"aws_rolesanywhere_profile": {"attribute": "session_policy", "holder": "", "policy_type": "session", "resource_type": ""},
	"aws_s3_access_point": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::S3::AccessPoint"},
	"aws_s3_bucket": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::S3::Bucket"},
	"aws_s3_bucket_policy": {"attribute": "policy", "holder": "bucket", "policy_type": "resource", "resource_type": "AWS::S3::Bucket"},
	"aws_s3control_access_point_policy": {"attribute": "policy", "holder": "access_point_arn", "policy_type": "resource", "resource_type": "AWS::S3::AccessPoint"},
	"aws_s3control_bucket_policy": {"attribute": "policy", "holder": "bucket", "policy_type": "resource", "resource_type": "AWS::S3Outposts::Bucket"},
	"aws_s3control_object_lambda_access_point_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::S3ObjectLambda::AccessPoint"},
	"aws_s3tables_table_bucket_policy": {"attribute": "resource_policy", "holder": "table_bucket_arn", "policy_type": "resource", "resource_type": "AWS::S3Tables::TableBucket"},
	"aws_s3tables_table_policy": {"attribute": "resource_policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::S3Tables::Table"},
	"aws_sagemaker_model_package_group_policy": {"attribute": "resource_policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::SageMaker::ModelPackageGroup"},
	"aws_schemas_registry_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::EventSchemas::RegistryPolicy"},
	"aws_secretsmanager_secret": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::SecretsManager::Secret"},
	"aws_secretsmanager_secret_policy": {"attribute": "policy", "holder": "secret_arn", "policy_type": "resource", "resource_type": "AWS::SecretsManager::Secret"},
	"aws_ses_identity_policy": {"attribute": "policy", "holder": "identity", "policy_type": "resource", "resource_type": "AWS::SES::EmailIdentity"},
	"aws_sesv2_email_identity_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::SES::EmailIdentity"},
	"aws_sns_topic": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::SNS::Topic"},
	"aws_sns_topic_policy": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::SNS::Topic"},
	"aws_sqs_queue": {"attribute": "policy", "holder": "arn", "policy_type": "resource", "resource_type": "AWS::SQS::Queue"},
	"aws_sqs_queue_policy": {"attribute": "policy", "holder": "", "policy_type": "resource", "resource_type": "AWS::SQS::Queue"},
	"aws_ssoadmin_permission_set_inline_policy": {"attribute": "inline_policy", "holder": "", "policy_type": "identity", "resource_type": ""},
	"aws_transfer_access": {"attribute": "policy", "holder": "", "policy_type": "session", "resource_type": ""},
	"aws_transfer_user": {"attribute": "policy", "holder": "", "policy_type": "session", "resource_type": ""},
	"aws_vpc_endpoint": {"attribute": "policy", "holder": "", "policy_type": "vpc_endpoint", "resource_type": ""},
	"aws_vpc_endpoint_policy": {"attribute": "policy", "holder": "", "policy_type": "vpc_endpoint", "resource_type": ""},
	"aws_vpclattice_auth_policy": {"attribute": "policy", "holder": "resource_identifier", "policy_type": "resource", "resource_type": "AWS::VpcLattice::Service"},
	"aws_vpclattice_resource_policy": {"attribute": "policy", "holder": "resource_arn", "policy_type": "resource", "resource_type": "AWS::VpcLattice::ResourcePolicy"},
	"aws_xray_resource_policy": {"attribute": "policy_document", "holder": "", "policy_type": "resource", "resource_type": "AWS::XRay::ResourcePolicy"},
}

# Which types attach policies: to what kind of principal, the attribute that names it, and the one with the ARN or, of
# `inline` ones, the document.
_attaching := {
	"aws_iam_group_policy": [{"inline": true, "kind": "group", "policy": "policy", "target": "group"}],
	"aws_iam_group_policy_attachment": [{"inline": false, "kind": "group", "policy": "policy_arn", "target": "group"}],
	"aws_iam_group_policy_attachments_exclusive": [{"inline": false, "kind": "group", "policy": "policy_arns", "target": "group_name"}],
	"aws_iam_policy_attachment": [
		{"inline": false, "kind": "group", "policy": "policy_arn", "target": "groups"},
		{"inline": false, "kind": "role", "policy": "policy_arn", "target": "roles"},
		{"inline": false, "kind": "user", "policy": "policy_arn", "target": "users"},
	],
	"aws_iam_role_policy": [{"inline": true, "kind": "role", "policy": "policy", "target": "role"}],
	"aws_iam_role_policy_attachment": [{"inline": false, "kind": "role", "policy": "policy_arn", "target": "role"}],
	"aws_iam_role_policy_attachments_exclusive": [{"inline": false, "kind": "role", "policy": "policy_arns", "target": "role_name"}],
	"aws_iam_user_policy": [{"inline": true, "kind": "user", "policy": "policy", "target": "user"}],
	"aws_iam_user_policy_attachment": [{"inline": false, "kind": "user", "policy": "policy_arn", "target": "user"}],
	"aws_iam_user_policy_attachments_exclusive": [{"inline": false, "kind": "user", "policy": "policy_arns", "target": "user_name"}],
}

_kinds := {"aws_iam_group": "group", "aws_iam_role": "role", "aws_iam_user": "user"}

_joining := {
	"aws_iam_group_membership": {"group": {"kind": "group", "target": "group"}, "user": {"kind": "user", "target": "users"}},
	"aws_iam_user_group_membership": {
		"group": {"kind": "group", "target": "groups"},
		"user": {"kind": "user", "target": "user"},
	},
}

# What else is read.
_other_types := {
	"aws_iam_group", "aws_iam_group_membership", "aws_iam_group_policies_exclusive", "aws_iam_role_policies_exclusive",
	"aws_iam_user", "aws_iam_user_group_membership", "aws_iam_user_policies_exclusive", "aws_lambda_permission",
	"aws_organizations_policy", "aws_organizations_policy_attachment",
}

# Types whose policies are of other languages than IAM's, or repeat what another resource says.
_not_of_iam := {
	"aws_ecr_lifecycle_policy", "aws_ecrpublic_repository", "aws_fms_policy", "aws_iot_policy", "aws_lambda_layer_version_permission",
	"aws_opensearchserverless_access_policy", "aws_opensearchserverless_lifecycle_policy",
	"aws_opensearchserverless_security_policy", "aws_verifiedpermissions_policy",
}
