package iam.lint_test

import data.iam.lint

# ACT-2, ACT-4, ACT-9
test_redundant_actions[note] if {
	some note, [actions, found] in {
		"nothing": [["s3:GetObject", "s3:ListBucket", "ec2:Get*"], set()],
		"one covered": [["s3:ListBucket", "s3:getobject", "s3:Get*"], {[1, 2]}],
		"a pattern covered": [["s3:*", "s3:Get*", "s3:GetObject"], {[0, 1, 2]}],
		"two patterns that cover one": [["s3:Get*", "s3:*Object", "s3:GetObject"], {[0, 2], [1, 2]}],
		"everything": [["ec2:RunInstances", "*", "s3:Get*"], {[0, 1, 2]}],
		"the same": [["s3:GetObject", "S3:GetObject", "s3:Get"], {[0, 1]}],
	}
	places := {["SUGGESTION", [$"/Statement/0/Action/{i}" | some i in group]] | some group in found}
	_reported_of("REDUNDANT_ACTION", [{"Action": actions}]) == places
}

# ACT-4, ACT-9
test_redundant_patterns[note] if {
	some note, [actions, found] in {
		"the same pattern": [["s3:Get*", "s3:get*"], {[0, 1]}],
		"the same twice, covered": [["s3:GetX", "s3:GetX", "s3:Get*"], {[0, 1, 2]}],
		"one character": [["s3:GetO?ject", "s3:GetObject"], {[0, 1]}],
		"not a star by one character": [["s3:Get?", "s3:Get*X"], set()],
		"not a longer one": [["s3:Get?", "s3:Get*"], {[0, 1]}],
		"one value": ["s3:Get*", set()],
	}
	places := {["SUGGESTION", [$"/Statement/0/Action/{i}" | some i in group]] | some group in found}
	_reported_of("REDUNDANT_ACTION", [{"Action": actions}]) == places
}

# RES-4, RES-9
test_redundant_resources[note] if {
	some note, [resources, found, mends] in {
		"nothing": [["arn:aws:s3:::a*", "arn:aws:s3:::b"], set(), set()],
		"case counts": [["arn:aws:s3:::A*", "arn:aws:s3:::ab"], set(), set()],
		"one covered": [["arn:aws:s3:::a*", "arn:aws:s3:::a/*"], {[0, 1]}, {""}],
		"the same": [["arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:s3:::a"], {[0, 2]}, {""}],
		"everything": [["arn:aws:s3:::a", "*"], {[0, 1]}, {""}],
		"everything in two stars": [["arn:aws:s3:::a", "**"], {[0, 1]}, {""}],
		"across colons": [
			["arn:aws:sns:*:t", "arn:aws:sns:eu-west-1:111122223333:t"],
			{[0, 1]},
			{"keep arn:aws:sns:eu-west-1:111122223333:t: it does not match them (RES-4)"},
		],
		"across segments": [
			["arn:aws:sns:*", "arn:aws:sns:a:1:x"],
			{[0, 1]},
			{"keep arn:aws:sns:a:1:x: it does not match them (RES-4)"},
		],
		"within segments": [["arn:aws:sns:*:1:t*", "arn:aws:sns:a:1:t:u"], {[0, 1]}, {""}],
	}
	findings := lint.advice with input as _policy("identity", [{"Resource": resources}])
	redundant := [finding | some finding in findings; finding.code == "REDUNDANT_RESOURCE"]
	places := {[$"/Statement/0/Resource/{i}" | some i in group] | some group in found}
	{finding.locations | some finding in redundant} == places
	{finding.mend | some finding in redundant} == mends
}
