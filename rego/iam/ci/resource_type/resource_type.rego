# METADATA
# title: CloudFormation's resource types that have to do with IAM
# description: |
#   How the resources of a type are named, and which of their properties are policies. Of types that are not here, a policy in
#   their properties is found by what it looks like.
package iam.ci.resource_type

# METADATA
# title: Whether the resources of a type are looked at by what is known of it
# scope: document
default is_judged(_) := false

is_judged(type) if some place in policies[type]

is_judged(type) if type in attaching

is_judged(type) if type in special

# METADATA
# title: The types of resources that give policies, or members, to others
attaching := {
	"AWS::IAM::GroupPolicy",
	"AWS::IAM::ManagedPolicy",
	"AWS::IAM::Policy",
	"AWS::IAM::RolePolicy",
	"AWS::IAM::UserPolicy",
	"AWS::IAM::UserToGroupAddition",
}

# METADATA
# title: The types of resources that are written otherwise than as a policy
# description: They say what a policy says, or what the stack's own policies depend on.
special := {
	"AWS::CloudFormation::Stack",
	"AWS::Events::EventBusPolicy",
	"AWS::Lambda::LayerVersionPermission",
	"AWS::Lambda::Permission",
	"AWS::Organizations::Policy",
	"AWS::Serverless::Api",
	"AWS::Serverless::Application",
	"AWS::Serverless::Connector",
	"AWS::Serverless::Function",
	"AWS::Serverless::StateMachine",
}

# METADATA
# title: How the resources of a type are named
# description: |
#   `name`, the property that does it, or the name of what CloudFormation makes up; `ref`, what Ref gives, and `attributes`, what
#   Fn::GetAtt gives, in which `${…}` are properties and pseudo parameters, and `defaults` of such properties.
names[type] := {
	"attributes": object.union({"Arn": arn}, {attribute: "${name}" | some attribute in own}),
	"defaults": object.get(_defaults, type, {}),
	"name": property,
	"ref": {"arn": arn, "name": "${name}", "url": _url}[ref],
} if {
	some type, [property, ref, form, own] in _named
	arn := $"arn:$\{AWS::Partition}:{form}"
}

_url := "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/${name}"

_defaults := {
	"AWS::IAM::Group": {"Path": "/"},
	"AWS::IAM::InstanceProfile": {"Path": "/"},
	"AWS::IAM::ManagedPolicy": {"Path": "/"},
	"AWS::IAM::Role": {"Path": "/"},
	"AWS::IAM::User": {"Path": "/"},
}

# The property that names it, what Ref gives, its ARN after the partition, and the attributes that are the name.
_named := {
	"AWS::ApiGateway::RestApi": ["RestApiId", "name", "apigateway:${AWS::Region}::/restapis/${name}", ["RestApiId"]],
	"AWS::Backup::BackupVault": ["BackupVaultName", "name", _regional("backup", "backup-vault:${name}"), ["BackupVaultName"]],
	"AWS::CodeBuild::Project": ["Name", "name", _regional("codebuild", "project/${name}"), []],
	"AWS::DynamoDB::GlobalTable": ["TableName", "name", _regional("dynamodb", "table/${name}"), []],
	"AWS::DynamoDB::Table": ["TableName", "name", _regional("dynamodb", "table/${name}"), []],
	"AWS::ECR::Repository": ["RepositoryName", "name", _regional("ecr", "repository/${name}"), []],
	"AWS::ECS::Cluster": ["ClusterName", "name", _regional("ecs", "cluster/${name}"), []],
	"AWS::EFS::FileSystem": ["FileSystemId", "name", _regional("elasticfilesystem", "file-system/${name}"), ["FileSystemId"]],
	"AWS::Events::EventBus": ["Name", "name", _regional("events", "event-bus/${name}"), ["Name"]],
	"AWS::Events::Rule": ["Name", "name", _regional("events", "rule/${name}"), []],
	"AWS::IAM::Group": ["GroupName", "name", "iam::${AWS::AccountId}:group${Path}${name}", []],
	"AWS::IAM::InstanceProfile": ["InstanceProfileName", "name", "iam::${AWS::AccountId}:instance-profile${Path}${name}", []],
	"AWS::IAM::ManagedPolicy": ["ManagedPolicyName", "arn", "iam::${AWS::AccountId}:policy${Path}${name}", []],
	"AWS::IAM::Role": ["RoleName", "name", "iam::${AWS::AccountId}:role${Path}${name}", []],
	"AWS::IAM::User": ["UserName", "name", "iam::${AWS::AccountId}:user${Path}${name}", []],
	"AWS::KMS::Key": ["KeyId", "name", _regional("kms", "key/${name}"), ["KeyId"]],
	"AWS::KMS::ReplicaKey": ["KeyId", "name", _regional("kms", "key/${name}"), ["KeyId"]],
	"AWS::Kinesis::Stream": ["Name", "name", _regional("kinesis", "stream/${name}"), []],
	"AWS::KinesisFirehose::DeliveryStream": ["DeliveryStreamName", "name", _regional("firehose", "deliverystream/${name}"), []],
	"AWS::Lambda::Function": ["FunctionName", "name", _regional("lambda", "function:${name}"), []],
	"AWS::Logs::LogGroup": ["LogGroupName", "name", _regional("logs", "log-group:${name}:*"), []],
	"AWS::S3::Bucket": ["BucketName", "name", "s3:::${name}", []],
	"AWS::SNS::Topic": ["TopicName", "arn", _regional("sns", "${name}"), ["TopicName"]],
	"AWS::SQS::Queue": ["QueueName", "url", _regional("sqs", "${name}"), ["QueueName"]],
	"AWS::SecretsManager::Secret": ["Name", "arn", _regional("secretsmanager", "secret:${name}-GENERATED"), []],
	"AWS::Serverless::Function": ["FunctionName", "name", _regional("lambda", "function:${name}"), []],
	"AWS::Serverless::SimpleTable": ["TableName", "name", _regional("dynamodb", "table/${name}"), []],
	"AWS::Serverless::StateMachine": ["Name", "arn", _regional("states", "stateMachine:${name}"), ["Name"]],
	"AWS::StepFunctions::StateMachine": ["StateMachineName", "arn", _regional("states", "stateMachine:${name}"), ["Name"]],
}

_regional(service, rest) := $"{service}:$\{AWS::Region}:$\{AWS::AccountId}:{rest}"

# METADATA
# title: Where a type's resources have policies
# description: |
#   The `steps` from the properties to it (`*` stands for each of a list), its `policy_type`, AWS's name for the `resource_type` of what
#   has it, and `holder`, the ARN of that, where it is the resource itself (`self`) or named by properties (`each of` a list).
policies[type] contains {
	"holder": holder,
	"policy_type": "resource",
	"resource_type": resource_type,
	"steps": steps,
} if {
	some [type, steps, resource_type, holder] in _of_resources
}

policies[type] contains {"holder": "", "policy_type": policy_type, "resource_type": "", "steps": steps} if {
	some [type, steps, policy_type] in _of_others
}

policies["AWS::IAM::Role"] contains {
	"holder": "self",
	"policy_type": "role_trust",
	"resource_type": "AWS::IAM::AssumeRolePolicyDocument",
	"steps": ["AssumeRolePolicyDocument"],
}

_of_others := [
	["AWS::EC2::VPCEndpoint", ["PolicyDocument"], "vpc_endpoint"],
	["AWS::IAM::Group", ["Policies", "*", "PolicyDocument"], "identity"],
	["AWS::IAM::GroupPolicy", ["PolicyDocument"], "identity"],
	["AWS::IAM::ManagedPolicy", ["PolicyDocument"], "identity"],
	["AWS::IAM::Policy", ["PolicyDocument"], "identity"],
	["AWS::IAM::Role", ["Policies", "*", "PolicyDocument"], "identity"],
	["AWS::IAM::RolePolicy", ["PolicyDocument"], "identity"],
	["AWS::IAM::User", ["Policies", "*", "PolicyDocument"], "identity"],
	["AWS::IAM::UserPolicy", ["PolicyDocument"], "identity"],
	["AWS::RolesAnywhere::Profile", ["SessionPolicy"], "session"],
	["AWS::SSO::PermissionSet", ["InlinePolicy"], "identity"],
	["AWS::Transfer::User", ["Policy"], "session"],
]

# The type, where it has the policy, what has the policy, and the ARN of that.
_of_resources := [
	["AWS::ACMPCA::Permission", ["Policy"], "AWS::ACMPCA::CertificateAuthority", ""],
	["AWS::ApiGateway::RestApi", ["Policy"], "AWS::ApiGateway::RestApi", ""],
	["AWS::ApiGateway::DomainNameV2", ["Policy"], "AWS::ApiGateway::DomainNameV2", ""],
	["AWS::Backup::BackupVault", ["AccessPolicy"], "AWS::Backup::BackupVault", "self"],
	["AWS::Backup::LogicallyAirGappedBackupVault", ["AccessPolicy"], "AWS::Backup::BackupVault", ""],
	["AWS::CloudTrail::ResourcePolicy", ["ResourcePolicy"], "AWS::CloudTrail::Channel", "${ResourceArn}"],
	["AWS::CodeArtifact::Domain", ["PermissionsPolicyDocument"], "AWS::CodeArtifact::Domain", ""],
	["AWS::CodeArtifact::Repository", ["PermissionsPolicyDocument"], "AWS::CodeArtifact::Repository", ""],
	["AWS::DynamoDB::GlobalTable", ["Replicas", "*", "ReplicaStreamSpecification", "ResourcePolicy", "PolicyDocument"], "AWS::DynamoDB::Table", ""],
	["AWS::DynamoDB::GlobalTable", ["Replicas", "*", "ResourcePolicy", "PolicyDocument"], "AWS::DynamoDB::Table", "self"],
	["AWS::DynamoDB::Table", ["ResourcePolicy", "PolicyDocument"], "AWS::DynamoDB::Table", "self"],
	["AWS::DynamoDB::Table", ["StreamSpecification", "ResourcePolicy", "PolicyDocument"], "AWS::DynamoDB::Table", ""],
	["AWS::ECR::PublicRepository", ["RepositoryPolicyText"], "AWS::ECR::PublicRepository", ""],
	["AWS::ECR::RegistryPolicy", ["PolicyText"], "AWS::ECR::RegistryPolicy", ""],
	["AWS::ECR::Repository", ["RepositoryPolicyText"], "AWS::ECR::Repository", "self"],
	["AWS::ECR::RepositoryCreationTemplate", ["RepositoryPolicy"], "AWS::ECR::Repository", ""],
	["AWS::EFS::FileSystem", ["FileSystemPolicy"], "AWS::EFS::FileSystem", "self"],
	["AWS::Elasticsearch::Domain", ["AccessPolicies"], "AWS::Elasticsearch::Domain", ""],
	["AWS::EventSchemas::RegistryPolicy", ["Policy"], "AWS::EventSchemas::RegistryPolicy", ""],
	["AWS::Events::EventBus", ["Policy"], "AWS::Events::EventBus", "self"],
	["AWS::KMS::Key", ["KeyPolicy"], "AWS::KMS::Key", "self"],
	["AWS::KMS::ReplicaKey", ["KeyPolicy"], "AWS::KMS::Key", "self"],
	["AWS::Kinesis::ResourcePolicy", ["ResourcePolicy"], "AWS::Kinesis::Stream", "${ResourceArn}"],
	["AWS::Lex::ResourcePolicy", ["Policy"], "AWS::Lex::ResourcePolicy", "${ResourceArn}"],
	["AWS::Logs::DeliveryDestination", ["DeliveryDestinationPolicy"], "AWS::Logs::DeliveryDestination", ""],
	["AWS::Logs::Destination", ["DestinationPolicy"], "AWS::Logs::Destination", ""],
	["AWS::Logs::LogGroup", ["ResourcePolicyDocument"], "AWS::Logs::LogGroup", ""],
	["AWS::Logs::ResourcePolicy", ["PolicyDocument"], "AWS::Logs::ResourcePolicy", ""],
	["AWS::MSK::ClusterPolicy", ["Policy"], "AWS::MSK::Cluster", "${ClusterArn}"],
	["AWS::MediaStore::Container", ["Policy"], "AWS::MediaStore::Container", ""],
	["AWS::OpenSearchService::Domain", ["AccessPolicies"], "AWS::OpenSearchService::Domain", ""],
	["AWS::Organizations::ResourcePolicy", ["Content"], "AWS::Organizations::ResourcePolicy", ""],
	["AWS::Redshift::Cluster", ["NamespaceResourcePolicy"], "AWS::Redshift::Cluster", ""],
	["AWS::RedshiftServerless::Namespace", ["NamespaceResourcePolicy"], "AWS::RedshiftServerless::Namespace", ""],
	["AWS::S3::AccessPoint", ["Policy"], "AWS::S3::AccessPoint", ""],
	["AWS::S3::BucketPolicy", ["PolicyDocument"], "AWS::S3::Bucket", "arn:${AWS::Partition}:s3:::${Bucket}"],
	["AWS::S3::MultiRegionAccessPointPolicy", ["Policy"], "AWS::S3::MultiRegionAccessPoint", ""],
	["AWS::S3Express::AccessPoint", ["Policy"], "AWS::S3Express::AccessPoint", ""],
	["AWS::S3Express::BucketPolicy", ["PolicyDocument"], "AWS::S3Express::DirectoryBucket", ""],
	["AWS::S3ObjectLambda::AccessPointPolicy", ["PolicyDocument"], "AWS::S3ObjectLambda::AccessPoint", ""],
	["AWS::S3Outposts::AccessPoint", ["Policy"], "AWS::S3Outposts::AccessPoint", ""],
	["AWS::S3Outposts::BucketPolicy", ["PolicyDocument"], "AWS::S3Outposts::Bucket", "${Bucket}"],
	["AWS::S3Tables::TableBucketPolicy", ["ResourcePolicy"], "AWS::S3Tables::TableBucket", "${TableBucketARN}"],
	["AWS::S3Tables::TablePolicy", ["ResourcePolicy"], "AWS::S3Tables::Table", "${TableARN}"],
	["AWS::S3Vectors::VectorBucketPolicy", ["Policy"], "AWS::S3Vectors::VectorBucket", "${VectorBucketArn}"],
	["AWS::SNS::TopicInlinePolicy", ["PolicyDocument"], "AWS::SNS::Topic", "${TopicArn}"],
	["AWS::SNS::TopicPolicy", ["PolicyDocument"], "AWS::SNS::Topic", "each of Topics"],
	["AWS::SQS::QueueInlinePolicy", ["PolicyDocument"], "AWS::SQS::Queue", "each of Queue"],
	["AWS::SQS::QueuePolicy", ["PolicyDocument"], "AWS::SQS::Queue", "each of Queues"],
	["AWS::SSM::ResourcePolicy", ["Policy"], "AWS::SSM::ResourcePolicy", "${ResourceArn}"],
	["AWS::SageMaker::ModelPackageGroup", ["ModelPackageGroupPolicy"], "AWS::SageMaker::ModelPackageGroup", ""],
	["AWS::SecretsManager::ResourcePolicy", ["ResourcePolicy"], "AWS::SecretsManager::Secret", "${SecretId}"],
	["AWS::VpcLattice::AuthPolicy", ["Policy"], "AWS::VpcLattice::Service", "${ResourceIdentifier}"],
	["AWS::VpcLattice::ResourcePolicy", ["Policy"], "AWS::VpcLattice::ResourcePolicy", "${ResourceArn}"],
	["AWS::XRay::ResourcePolicy", ["PolicyDocument"], "AWS::XRay::ResourcePolicy", ""],
]
