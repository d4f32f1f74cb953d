package iam.ci.resource_type_test

import data.iam.ci.resource_type
import data.iam.document

_types := object.keys(resource_type.policies) | object.keys(resource_type.names)

test_types_are_spelt_as_cloudformation_does if {
	every type in _types {
		regex.match(`^AWS::[A-Z][A-Za-z0-9]+::[A-Z][A-Za-z0-9]+$`, type)
	}
}

test_policies_are_of_types_that_are_known if {
	every places in resource_type.policies {
		every place in places {
			document.policy_types[place.policy_type]
			count(place.steps) > 0
		}
	}
}

test_judged[type] if {
	some type, is_judged in {
		"AWS::EC2::Instance": false,
		"AWS::IAM::User": true,
		"AWS::IAM::UserToGroupAddition": true,
		"AWS::Lambda::Permission": true,
		"AWS::S3::BucketPolicy": true,
	}
	resource_type.is_judged(type) == is_judged
}

test_names[type] if {
	some type, [ref, attributes] in {
		"AWS::IAM::ManagedPolicy": [
			"arn:${AWS::Partition}:iam::${AWS::AccountId}:policy${Path}${name}",
			{"Arn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy${Path}${name}"},
		],
		"AWS::SQS::Queue": [
			"https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/${name}",
			{"Arn": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${name}", "QueueName": "${name}"},
		],
	}
	resource_type.names[type].ref == ref
	resource_type.names[type].attributes == attributes
}
