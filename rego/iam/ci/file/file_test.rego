package iam.ci.file_test

import data.iam.ci.file

test_kind_is_told_by_content[note] if {
	some note, tc in {
		"a plan": {"given": {"format_version": "1.2", "resource_changes": []}, "kind": "terraform"},
		"a state": {"given": {"format_version": "1.0", "values": {}}, "kind": "terraform"},
		"a template": {"given": {"Resources": {}}, "kind": "cloudformation"},
		"a template without resources": {"given": {"AWSTemplateFormatVersion": "2010-09-09"}, "kind": "cloudformation"},
		"a serverless template": {"given": {"Transform": "AWS::Serverless-2016-10-31"}, "kind": "cloudformation"},
		"a policy": {"given": {"Statement": []}, "kind": "document"},
		"a policy in wrong capitals": {"given": {"statement": []}, "kind": "document"},
		"a policy with facts": {"given": {"arn": "arn:aws:iam::aws:policy/A", "document": {}}, "kind": "document"},
		"a printed version": {"given": {"PolicyVersion": {"Document": {}}}, "kind": "document"},
		"a printed policy": {"given": {"PolicyDocument": {}}, "kind": "document"},
		"something else": {"given": {"kind": "Deployment"}, "kind": "unknown"},
		"nothing": {"given": {}, "kind": "unknown"},
		"a text": {"given": "x", "kind": "unknown"},
		"null": {"given": null, "kind": "unknown"},
	}
	file.kinds == {0: tc.kind} with input as tc.given
}

test_one_file_is_the_input_itself if {
	file.files == [{"contents": {"a": 1}, "path": ""}] with input as {"a": 1}
}

test_several_files_are_a_list if {
	files := [{"contents": {"Statement": []}, "path": "a.json"}, {"contents": null, "path": "b.json"}]
	file.files == files with input as files
	file.kinds == {0: "document", 1: "unknown"} with input as files
}

test_other_lists_are_no_files[note] if {
	some note, given in {"none": [], "documents": [{"Statement": []}], "texts": ["x"]}
	file.files == [{"contents": given, "path": ""}] with input as given
}
