package iam.ci.intrinsic.function_test

import data.iam.ci.hole
import data.iam.ci.intrinsic.function

_bucket := hole.text("STACK-Bucket", "the name of Bucket")

_env := {
	"attributes": {"Bucket": {"Arn": "arn:aws:s3:::b", "Nested.Name": "n"}},
	"conditions": {"Maybe": hole.opaque("the parameter Env"), "No": false, "Yes": true},
	"imports": {"shared": "arn:aws:s3:::shared"},
	"mappings": {"Accounts": {"prod": {"id": "111122223333", "none": null}}},
	"refs": {"AWS::Region": "eu-west-1", "Bucket": _bucket, "Env": "dev"},
}

_maybe := hole.opaque("whether the condition Maybe holds")

_of_bucket := hole.opaque("the name of Bucket")

# An intrinsic and what it gives.
_cases := [
	[{"Ref": "AWS::Region"}, "eu-west-1"],
	[{"Ref": "Bucket"}, _bucket],
	[{"Ref": "Nobody"}, hole.opaque("what Ref gives")],
	[{"Condition": "No"}, false],
	[{"Condition": "Nowhere"}, hole.opaque("what Condition gives")],
	[{"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::b"],
	[{"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::b"],
	[{"Fn::GetAtt": "Bucket.Nested.Name"}, "n"],
	[{"Fn::GetAtt": ["Bucket", "Other"]}, hole.text("Bucket.Other", "the Other of Bucket")],
	[{"Fn::GetAtt": ["Nobody", "Arn"]}, hole.text("Nobody.Arn", "the Arn of Nobody")],
	[{"Fn::GetAtt": ["Bucket", _bucket]}, hole.opaque("what Fn::GetAtt gives")],
	[{"Fn::GetAtt": "Bucket"}, hole.opaque("what Fn::GetAtt gives")],
	[{"Fn::If": ["Yes", "a", "b"]}, "a"],
	[{"Fn::If": ["No", "a", {"b": 1}]}, {"b": 1}],
	[{"Fn::If": ["Maybe", "a", "b"]}, _maybe],
	[{"Fn::If": ["Yes", "a"]}, hole.opaque("what Fn::If gives")],
	[{"Fn::FindInMap": ["Accounts", "prod", "id"]}, "111122223333"],
	[{"Fn::FindInMap": ["Accounts", "prod", "id", {"DefaultValue": "x"}]}, "111122223333"],
	[{"Fn::FindInMap": ["Accounts", "dev", "id", {"DefaultValue": "x"}]}, "x"],
	[{"Fn::FindInMap": ["Accounts", _bucket, "id", {"DefaultValue": "x"}]}, hole.opaque("what Fn::FindInMap gives")],
	[{"Fn::FindInMap": ["Accounts", "dev", "id"]}, hole.opaque("what Fn::FindInMap gives")],
	[{"Fn::ImportValue": "shared"}, "arn:aws:s3:::shared"],
	[{"Fn::ImportValue": "other"}, hole.text("other", "the value that is exported as other")],
	[{"Fn::ImportValue": _bucket}, hole.opaque("what Fn::ImportValue gives")],
	[{"Fn::Sub": "${Env}.${ Bucket.Arn }"}, "dev.arn:aws:s3:::b"],
	[{"Fn::Sub": "${!aws:username}"}, "${aws:username}"],
	[{"Fn::Sub": ["${Env}-${Own}", {"Env": "mine", "Own": 1}]}, "mine-1"],
	[{"Fn::Sub": "x${Bucket}"}, hole.joined(["x", _bucket], "")],
	[{"Fn::Sub": "${Nobody}"}, hole.text("Nobody", "Nobody, which is not there")],
	[{"Fn::Sub": "${Bucket.Other}"}, hole.text("Bucket.Other", "the Other of Bucket")],
	[{"Fn::Sub": [1]}, hole.opaque("what Fn::Sub gives")],
	[{"Fn::Join": ["-", ["a", 1, true]]}, "a-1-true"],
	[{"Fn::Join": ["-", "a"]}, hole.opaque("what Fn::Join gives")],
	[{"Fn::Select": ["1", ["a", "b"]]}, "b"],
	[{"Fn::Select": [0, ["a", "b"]]}, "a"],
	[{"Fn::Select": [7, ["a", "b"]]}, hole.opaque("what Fn::Select gives")],
	[{"Fn::Split": [",", "a,b"]}, ["a", "b"]],
	[{"Fn::Split": [",", _bucket]}, hole.opaque("what Fn::Split gives")],
	[{"Fn::Base64": "a"}, "YQ=="],
	[{"Fn::Base64": _bucket}, _of_bucket],
	[{"Fn::ToJsonString": {"a": 1}}, `{"a":1}`],
	[{"Fn::ToJsonString": {"a": _bucket}}, _of_bucket],
	[{"Fn::Length": ["a", "b"]}, 2],
	[{"Fn::Equals": ["1", 1]}, true],
	[{"Fn::Equals": ["a", "b"]}, false],
	[{"Fn::Equals": [["a"], ["a"]]}, true],
	[{"Fn::Equals": ["STACK-Bucket", _bucket]}, _of_bucket],
	[{"Fn::Equals": [_maybe, "a"]}, hole.opaque("what Fn::Equals gives")],
	[{"Fn::And": [true, true]}, true],
	[{"Fn::And": [_maybe, false]}, false],
	[{"Fn::And": [_maybe, true]}, _maybe],
	[{"Fn::Or": [false, false]}, false],
	[{"Fn::Or": [_maybe, true]}, true],
	[{"Fn::Or": [_maybe, false]}, _maybe],
	[{"Fn::Not": [true]}, false],
	[{"Fn::Not": [false]}, true],
	[{"Fn::Not": [_maybe]}, _maybe],
	[{"Fn::GetAZs": ""}, hole.opaque("what Fn::GetAZs gives")],
]

test_value[text] if {
	some [node, given] in _cases
	text := json.marshal(node)
	function.value(node, _env) == given
}
