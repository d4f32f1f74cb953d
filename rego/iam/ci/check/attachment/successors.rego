package iam.ci.check.attachment

# METADATA
# title: What takes the place of managed policies that AWS has deprecated
# description: From the pages on managed policies in AWS's documentation of each service.
successors := {
	"AWSConfigRole": "AWS_ConfigRole",
	"AWSElasticBeanstalkFullAccess": "AdministratorAccess-AWSElasticBeanstalk",
	"AWSElasticBeanstalkReadOnlyAccess": "AWSElasticBeanstalkReadOnly",
	"AWSElasticBeanstalkService": "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
	"AWSLambdaFullAccess": "AWSLambda_FullAccess",
	"AWSLambdaReadOnlyAccess": "AWSLambda_ReadOnlyAccess",
	"AmazonEC2RoleforSSM": "AmazonSSMManagedInstanceCore",
	"AmazonElasticMapReduceFullAccess": "AmazonEMRFullAccessPolicy_v2",
	"AmazonElasticMapReduceReadOnlyAccess": "AmazonEMRReadOnlyAccessPolicy_v2",
	"AmazonElasticMapReduceRole": "AmazonEMRServicePolicy_v2",
	"AmazonElasticTranscoderFullAccess": "AmazonElasticTranscoder_FullAccess",
	"AmazonElasticTranscoderJobsSubmitter": "AmazonElasticTranscoder_JobsSubmitter",
	"AmazonElasticTranscoderReadOnlyAccess": "AmazonElasticTranscoder_ReadOnlyAccess",
}
