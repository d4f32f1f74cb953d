package iam.catalogue_test

import data.iam.catalogue

# RES-30
test_action_supports_resources_where_the_reference_names_any[action] if {
	some action, expected in {"S3:GetObject": true, "s3:ListAllMyBuckets": false}
	catalogue.supports_resources == expected with input.action as action
		with data.iam.reference.actions as {
			"s3:getobject": {"resource_types": ["object"]},
			"s3:listallmybuckets": {"resource_types": []},
		}
}

test_unknown_action_is_undefined if {
	not catalogue.supports_resources with input.action as "a:b" with data.iam.reference.actions as {}
}
