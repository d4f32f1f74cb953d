package iam.ci.adapter.terraform_test

import data.iam.ci.adapter.terraform
import data.iam.ci.example_test as example

_read := example.allowing("s3:GetObject", "*")

_text := example.text([_read])

_managed(name, unknown) := example.created("aws_iam_policy", name, {"name": name, "path": "/", "policy": _text}, unknown)

_own(type, name, expressions) := {"expressions": expressions, "mode": "managed", "name": name, "type": type}

# What a principal has, told by the documents' addresses.
_policies(id) := {entry_told |
	some entry in terraform.principals[id].identity
	entry_told := object.get(entry, "document", object.get(entry, "arn", object.get(entry, "unknown", "")))
}

test_roles_have_their_inline_and_trust_policies if {
	plan := example.plan([example.role("web", [_read])])
	terraform.principals == {"0 aws_iam_role.web": {
		"address": "aws_iam_role.web",
		"arn": "arn:aws:iam::000000000000:role/web",
		"file": "",
		"identity": [{
			"address": "aws_iam_role.web",
			"document": "0 aws_iam_role.web inline_policy 0",
			"path": "/resource_changes/0/change/after/inline_policy/0/policy",
		}],
		"kind": "role",
		"path": "/resource_changes/0/change/after",
		"trust": "0 aws_iam_role.web assume_role_policy",
		"whole": true,
	}} with input as plan
	found := terraform.documents with input as plan
	{one.policy_type | some one in found} == {"identity", "role_trust"}
	terraform.unknowns == set() with input as plan
	terraform.before == {} with input as plan
	terraform.before_principals == {} with input as plan
	terraform.compared == {""} with input as plan
}

test_policies_of_every_kind_are_read[type] if {
	some type, row in terraform._attributes
	plan := example.plan([example.created(type, "x", {row.attribute: _text}, {})])
	found := terraform.documents with input as plan
	[[one.policy_type, one.resource_type, one.value.Version] | some one in found] == [[
		row.policy_type,
		row.resource_type,
		"2012-10-17",
	]]
}

test_documents_without_text_are_none[note] if {
	some note, value in {"null": null, "empty": " ", "no text": 1}
	terraform.documents == {} with input as example.plan([example.created("aws_sqs_queue", "q", {"policy": value}, {})])
}

test_documents_can_be_values_and_broken if {
	value := terraform.documents with input as example.plan([example.created(
		"aws_sqs_queue_policy", "q",
		{"policy": {"Statement": []}}, {},
	)])
	[one.value | some one in value] == [{"Statement": []}]
	broken := terraform.documents with input as example.plan([example.created("aws_sqs_queue_policy", "q", {"policy": "{"}, {})])
	[one.fault | some one in broken] == ["the text is no JSON"]
}

test_control_policies_by_their_type[note] if {
	some note, tc in {
		"service": {"type": "SERVICE_CONTROL_POLICY", "policy_type": "service_control"},
		"resource": {"type": "RESOURCE_CONTROL_POLICY", "policy_type": "resource_control"},
		"unsaid": {"type": null, "policy_type": "service_control"},
	}
	values := {"content": _text, "name": "n", "type": tc.type}
	found := terraform.documents with input as example.plan([example.created("aws_organizations_policy", "x", values, {})])
	[[one.policy_type, one.managed, one.policy] | some one in found] == [[tc.policy_type, true, "n"]]
}

# Other policies of organizations, on tags for one, have another language.
test_other_policies_of_organizations_are_none if {
	values := {"content": "{}", "name": "n", "type": "TAG_POLICY"}
	terraform.documents == {} with input as example.plan([example.created("aws_organizations_policy", "x", values, {})])
}

test_holder_is_told[note] if {
	some note, tc in {
		"by its ARN": {"type": "aws_sns_topic", "values": {"arn": "arn:aws:sns:eu-west-1:111122223333:t"}, "holder": "arn:aws:sns:eu-west-1:111122223333:t"},
		"by its bucket's name": {"type": "aws_s3_bucket_policy", "values": {"bucket": "b"}, "holder": "arn:aws:s3:::b"},
		"by nothing": {"type": "aws_s3_bucket_policy", "values": {"bucket": ""}, "holder": ""},
		"by no ARN": {"type": "aws_kms_key_policy", "values": {"key_id": "1234"}, "holder": ""},
	}
	values := object.union(tc.values, {"policy": _text})
	found := terraform.documents with input as example.plan([example.created(tc.type, "x", values, {})])
	[one.holder | some one in found] == [tc.holder]
}

test_sensitive_policies_are_marked[note] if {
	some note, tc in {
		"the attribute": {"marks": {"policy": true}, "sensitive": true, "name": "n"},
		"all": {"marks": true, "sensitive": true, "name": "aws_iam_policy.x"},
		"a part": {"marks": {"policy": {"Statement": [true]}}, "sensitive": true, "name": "n"},
		"another": {"marks": {"name": true}, "sensitive": false, "name": "aws_iam_policy.x"},
		"nothing": {"marks": false, "sensitive": false, "name": "n"},
	}
	change := example.created("aws_iam_policy", "x", {"name": "n", "policy": _text}, {})
	plan := example.plan([object.union(change, {"change": {"after_sensitive": tc.marks}})])
	found := terraform.documents with input as plan
	[[one.sensitive, one.policy] | some one in found] == [[tc.sensitive, tc.name]]
}

test_new_policies_are_found_by_reference[note] if {
	some note, tc in {
		"directly": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"], "found": {"0 aws_iam_policy.p policy"}},
		"two": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.q.arn"], "found": {"policy_arn"}},
		"none": {"references": ["local.arn", "var.arn"], "found": {"policy_arn"}},
		"a policy that is not known": {"references": ["aws_iam_policy.r.arn"], "found": {"policy"}},
		"another type": {"references": ["aws_iam_role.web.arn"], "found": {"policy_arn"}},
	}
	plan := example.configured(
		[
			example.role("web", []), _managed("p", {"arn": true}), _managed("q", {"arn": true}),
			example.created("aws_iam_policy", "r", {"name": "r"}, {"arn": true, "policy": true}),
			example.attached("a", {"role": "web"}, {"policy_arn": true}),
		],
		{"resources": [
			_own("aws_iam_role_policy_attachment", "a", {"policy_arn": {"references": tc.references}}),
			_own("aws_iam_policy", "r", {"policy": {"references": []}}),
		]},
	)
	found := _policies("0 aws_iam_role.web") with input as plan
	found - {"0 aws_iam_role.web inline_policy 0"} == tc.found
}

test_indexed_references[note] if {
	some note, tc in {
		"the written index": {"reference": `aws_iam_policy.p["b"].arn`, "index": 0, "found": {`0 aws_iam_policy.p["b"] policy`}},
		"the same index": {"reference": "aws_iam_policy.p", "index": "a", "found": {`0 aws_iam_policy.p["a"] policy`}},
		"no index": {"reference": "aws_iam_policy.p", "index": 0, "found": {"policy_arn"}},
	}
	instances := [object.union(_managed("p", {"arn": true}), {"address": $`aws_iam_policy.p["{index}"]`, "index": index}) |
		some index in ["a", "b"]
	]
	attachment := object.union(example.attached("a", {"role": "web"}, {"policy_arn": true}), {"index": tc.index})
	plan := example.configured(
		array.concat(instances, [attachment]),
		{"resources": [_own("aws_iam_role_policy_attachment", "a", {"policy_arn": {"references": [tc.reference]}})]},
	)
	_policies("0 role web") == tc.found with input as plan
}

test_references_through_modules if {
	attach := {"resources": [_own("aws_iam_role_policy_attachment", "a", {"policy_arn": {"references": ["var.policy"]}})]}
	make := {"outputs": {"arn": {"expression": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"]}}}}
	plan := example.configured(
		[
			object.union(_managed("p", {"arn": true}), {"address": "module.make.aws_iam_policy.p", "module_address": "module.make"}),
			object.union(
				example.attached("a", {"role": "web"}, {"policy_arn": true}),
				{"address": `module.use["x.y"].aws_iam_role_policy_attachment.a`, "module_address": `module.use["x.y"]`},
			),
		],
		{"module_calls": {
			"make": {"module": make},
			"use": {"expressions": {"policy": {"references": ["module.make.arn", "module.make"]}}, "module": attach},
		}},
	)
	_policies("0 role web") == {"0 module.make.aws_iam_policy.p policy"} with input as plan
	terraform.unknowns == set() with input as plan
}

test_known_arn_of_a_new_policy_is_found_by_its_name if {
	plan := example.plan([
		_managed("p", {"arn": true}),
		example.attached("a", {"policy_arn": "arn:aws:iam::111122223333:policy/p", "role": "web"}, {}),
		example.attached("b", {"policy_arn": "arn:aws:iam::aws:policy/p", "role": "web"}, {}),
	])
	_policies("0 role web") == {"0 aws_iam_policy.p policy", "arn:aws:iam::aws:policy/p"} with input as plan
}

test_roles_are_found_by_reference if {
	plan := example.configured(
		[
			example.created("aws_iam_role", "r", {"path": null}, {"arn": true, "name": true}),
			example.attached("a", {"policy_arn": "arn:aws:iam::aws:policy/A"}, {"role": true}),
			example.attached("b", {"policy_arn": "arn:aws:iam::aws:policy/B"}, {"role": true}),
		],
		{"resources": [
			_own("aws_iam_role", "r", {}),
			_own("aws_iam_role_policy_attachment", "a", {"role": {"references": ["aws_iam_role.r.name"]}}),
			_own("aws_iam_role_policy_attachment", "b", {"role": {"references": ["var.role"]}}),
		]},
	)
	_policies("0 aws_iam_role.r") == {"arn:aws:iam::aws:policy/A"} with input as plan
	outside := terraform.principals["0 role of aws_iam_role_policy_attachment.b"] with input as plan
	[outside.whole, object.get(outside, "arn", null)] == [false, null]
	{[unknown.address, unknown.what] | some unknown in terraform.unknowns} == {["aws_iam_role_policy_attachment.b", "role"]} with input as plan
}

test_every_way_to_attach_is_read[note] if {
	arn := "arn:aws:iam::aws:policy/A"
	some note, tc in {
		"group": {"type": "aws_iam_group_policy_attachment", "values": {"group": "x", "policy_arn": arn}},
		"user": {"type": "aws_iam_user_policy_attachment", "values": {"policy_arn": arn, "user": "x"}},
		"role": {"type": "aws_iam_policy_attachment", "values": {"groups": null, "policy_arn": arn, "roles": ["x"], "users": []}},
		"role exclusively": {"type": "aws_iam_role_policy_attachments_exclusive", "values": {"policy_arns": [arn], "role_name": "x"}},
	}
	kind := split(note, " ")[0]
	id := $"0 {kind} x"
	_policies(id) == {arn} with input as example.plan([example.created(tc.type, "a", tc.values, {})])
	terraform.principals[id].kind == kind with input as example.plan([example.created(tc.type, "a", tc.values, {})])
}

test_inline_policies_of_their_own[note] if {
	some note, tc in {
		"known": {"unknown": {}, "found": {"0 aws_iam_user_policy.p policy"}, "told": set()},
		"unknown": {"unknown": {"policy": true}, "found": {"policy"}, "told": {["aws_iam_user_policy.p", "policy"]}},
	}
	values := object.remove({"policy": _text, "user": "u"}, object.keys(tc.unknown))
	plan := example.plan([example.created("aws_iam_user_policy", "p", values, tc.unknown)])
	_policies("0 user u") == tc.found with input as plan
	{[unknown.address, unknown.what] | some unknown in terraform.unknowns} == tc.told with input as plan
}

test_roles_own_attributes if {
	values := {
		"arn": "arn:aws:iam::111122223333:role/web",
		"managed_policy_arns": ["arn:aws:iam::aws:policy/A"],
		"name": "web",
		"permissions_boundary": "arn:aws:iam::aws:policy/B",
	}
	plan := example.plan([example.created("aws_iam_role", "r", values, {"inline_policy": true})])
	_policies("0 aws_iam_role.r") == {"arn:aws:iam::aws:policy/A", "inline_policy"} with input as plan
	role := terraform.principals["0 aws_iam_role.r"] with input as plan
	role.boundary.arn == "arn:aws:iam::aws:policy/B"
	role.arn == "arn:aws:iam::111122223333:role/web"
}

test_boundary_that_is_not_known_is_told if {
	plan := example.plan([example.created("aws_iam_user", "u", {"name": "u"}, {"permissions_boundary": true})])
	{[unknown.address, unknown.what] | some unknown in terraform.unknowns} == {["aws_iam_user.u", "permissions_boundary"]} with input as plan
}

# What the configuration doesn't set, the provider computes: of a new resource that is nothing.
test_what_is_not_configured_is_not_unknown if {
	plan := example.configured(
		[
			example.created("aws_iam_role", "r", {"name": "r"}, {"inline_policy": true, "managed_policy_arns": true}),
			example.created("aws_sqs_queue", "q", {}, {"policy": true}),
		],
		{"resources": [_own("aws_iam_role", "r", {"name": {}}), _own("aws_sqs_queue", "q", {})]},
	)
	terraform.unknowns == set() with input as plan
}

test_members_have_their_groups_policies[note] if {
	some note, joining in {
		"listed by group": example.created("aws_iam_group_membership", "m", {"group": "g", "users": ["u"]}, {}),
		"listed by user": example.created("aws_iam_user_group_membership", "m", {"groups": ["g"], "user": "u"}, {}),
	}
	plan := example.plan([
		example.created("aws_iam_user", "u", {"name": "u"}, {}),
		example.created("aws_iam_group", "g", {"name": "g"}, {}),
		example.created("aws_iam_group_policy", "p", {"group": "g", "policy": _text}, {}),
		joining,
	])
	_policies("0 aws_iam_user.u") == {"0 aws_iam_group_policy.p policy"} with input as plan
	_policies("0 aws_iam_group.g") == {"0 aws_iam_group_policy.p policy"} with input as plan
}

test_account_and_partition[note] if {
	role := example.created("aws_iam_role", "r", {"name": "r", "path": "/p/"}, {"arn": true})
	known := example.created("aws_iam_user", "u", {"arn": "arn:aws:iam::111122223333:user/u", "name": "u"}, {})
	caller := {"prior_state": {"values": {"root_module": {"resources": [{
		"mode": "data",
		"type": "aws_caller_identity",
		"values": {"account_id": "222233334444"},
	}]}}}}
	some note, tc in {
		"unknown": {"plan": example.plan([role]), "settings": {}, "arn": "arn:aws:iam::000000000000:role/p/r"},
		"others'": {"plan": example.plan([role, known]), "settings": {}, "arn": "arn:aws:iam::111122223333:role/p/r"},
		"Terraform's": {"plan": object.union(example.plan([role]), caller), "settings": {}, "arn": "arn:aws:iam::222233334444:role/p/r"},
		"said": {"plan": example.plan([role]), "settings": {"account": "333344445555", "partition": "aws-cn"}, "arn": "arn:aws-cn:iam::333344445555:role/p/r"},
	}
	found := terraform.principals["0 aws_iam_role.r"] with input as tc.plan with data.iam.ci.settings as tc.settings
	found.arn == tc.arn
}

test_permissions_of_lambda[note] if {
	some note, tc in {
		"to a service": {
			"values": {"principal": "s3.amazonaws.com", "source_account": "111122223333", "source_arn": ""},
			"unknown": {},
			"found": {"Principal": {"Service": "s3.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
		},
		"to an account": {"values": {"principal": "111122223333"}, "unknown": {}, "found": {"Principal": {"AWS": "111122223333"}}},
		"to all": {"values": {"principal": "*"}, "unknown": {}, "found": {"Principal": "*"}},
		"to a service with a source yet to come": {
			"values": {"principal": "s3.amazonaws.com"},
			"unknown": {"source_arn": true},
			"found": {"Principal": {"Service": "s3.amazonaws.com"}, "Condition": {"ArnLike": {"aws:SourceArn": "arn:*:*:*:*:*"}}},
		},
	}
	values := object.union({"action": "lambda:InvokeFunction", "function_name": "f"}, tc.values)
	plan := example.plan([example.created("aws_lambda_permission", "l", values, tc.unknown)])
	found := terraform.documents["0 aws_lambda_permission.l permission"] with input as plan
	found.value.Statement == [object.union({"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": "*"}, tc.found)]
}

test_permissions_that_are_not_known[note] if {
	some note, tc in {
		"the principal": {"values": {"action": "a"}, "unknown": {"principal": true}},
		"an account's source": {"values": {"action": "a", "principal": "111122223333"}, "unknown": {"source_arn": true}},
	}
	plan := example.plan([example.created("aws_lambda_permission", "l", tc.values, tc.unknown)])
	terraform.documents == {} with input as plan
	{unknown.what | some unknown in terraform.unknowns} == {"principal"} with input as plan
}

test_functions_arn_is_the_resource if {
	arn := "arn:aws:lambda:eu-west-1:111122223333:function:f"
	values := {"action": "lambda:InvokeFunction", "function_name": arn, "principal": "*"}
	plan := example.plan([example.created("aws_lambda_permission", "l", values, {})])
	found := terraform.documents with input as plan
	[one.value.Statement[0].Resource | some one in found] == [arn]
}

test_what_is_deleted_replaced_moved_or_forgotten[note] if {
	old := {"name": "p", "policy": _text}
	new := {"name": "p", "policy": example.text([])}
	some note, tc in {
		"deleted": {"change": {"actions": ["delete"], "before": old, "after": null}, "sides": [true, false]},
		"replaced": {"change": {"actions": ["delete", "create"], "before": old, "after": new}, "sides": [true, true]},
		"replaced in the other order": {"change": {"actions": ["create", "delete"], "before": old, "after": new}, "sides": [true, true]},
		"left alone": {"change": {"actions": ["no-op"], "before": old, "after": old}, "sides": [true, true]},
		"forgotten": {"change": {"actions": ["forget"], "before": old, "after": null}, "sides": [true, true]},
		"imported": {"change": {"actions": ["no-op"], "before": old, "after": old, "importing": {"id": "x"}}, "sides": [true, true]},
	}
	plan := example.plan([example.resource("aws_iam_policy", "p", {"change": tc.change, "previous_address": "aws_iam_policy.old"})])
	id := "0 aws_iam_policy.p policy"
	[is_before, is_after] := tc.sides
	[id in object.keys(terraform.before), id in object.keys(terraform.documents)] == [is_before, is_after] with input as plan
}

test_deposed_objects_are_on_their_way_out if {
	change := object.union(_managed("p", {}), {"deposed": "1234"})
	terraform.documents == {} with input as example.plan([change])
}

test_states_tell_what_there_is if {
	values := {"arn": "arn:aws:iam::111122223333:policy/p", "name": "p", "policy": _text}
	resource := {"address": "aws_iam_policy.p", "mode": "managed", "name": "p", "type": "aws_iam_policy", "values": values}
	nested := {"address": "module.a.module.b[0].aws_iam_policy.p", "mode": "managed", "name": "p", "type": "aws_iam_policy", "values": values}
	state := {"format_version": "1.0", "values": {"root_module": {
		"child_modules": [{"child_modules": [{"resources": [nested]}]}],
		"resources": [resource],
	}}}
	found := terraform.documents with input as state
	{one.path | some one in found} == {
		"/values/root_module/resources/0/values/policy",
		"/values/root_module/child_modules/0/child_modules/0/resources/0/values/policy",
	}
	terraform.before == found with input as state
	terraform.compared == set() with input as state
}

test_policies_of_unknown_types_are_not_skipped[note] if {
	some note, tc in {
		"a policy": {"type": "aws_new_thing", "values": {"any": _text}, "found": {"POLICY_NOT_JUDGED"}},
		"no policy": {"type": "aws_instance", "values": {"ami": "x"}, "found": set()},
		"another language": {"type": "aws_iot_policy", "values": {"policy": _text}, "found": set()},
		"another provider": {"type": "google_thing", "values": {"policy": _text}, "found": set()},
	}
	changes := example.plan([example.created(tc.type, "x", tc.values, {})])
	state := {"format_version": "1.0", "values": {"root_module": {"resources": [{
		"address": "x",
		"mode": "managed",
		"name": "x",
		"type": tc.type,
		"values": tc.values,
	}]}}}
	some given in [changes, state]
	example.rules(terraform.faults) == tc.found with input as given
}

test_unknown_policies_of_unknown_types_are_told if {
	plan := example.plan([example.created("aws_new_thing", "x", {}, {"id": true, "policy": true})])
	{[unknown.address, unknown.what] | some unknown in terraform.unknowns} == {["aws_new_thing.x", "policy"]} with input as plan
}

test_plans_that_are_not_whole[note] if {
	some note, tc in {
		"failed": {"given": {"errored": true}, "faults": {"PLAN_FAILED"}, "unknowns": set()},
		"incomplete": {"given": {"complete": false}, "faults": set(), "unknowns": {""}},
		"complete": {"given": {"complete": true, "errored": false}, "faults": set(), "unknowns": set()},
		"of another format": {"given": {"format_version": "2.0"}, "faults": {"UNSUPPORTED_FORMAT"}, "unknowns": set()},
		"deferred": {
			"given": {"deferred_changes": [{"reason": "x", "resource_change": {"address": "aws_iam_role.r", "type": "aws_iam_role"}}]},
			"faults": set(),
			"unknowns": {"aws_iam_role.r"},
		},
	}
	plan := object.union(example.plan([]), tc.given)
	example.rules(terraform.faults) == tc.faults with input as plan
	{unknown.address | some unknown in terraform.unknowns} == tc.unknowns with input as plan
}

_root(depth) := json.unmarshal(concat("", array.concat(
	[`{"module_calls": {"m": {"module": ` | some _ in numbers.range(1, depth)],
	array.concat(["{}"], ["}}}" | some _ in numbers.range(1, depth)]),
)))

test_modules_that_lie_too_deep_are_told if {
	example.rules(terraform.faults) == {"MODULES_TOO_DEEP"} with input as example.configured([], _root(6))
	example.rules(terraform.faults) == set() with input as example.configured([], _root(5))
}

test_lists_of_policies_have_all_that_they_refer_to if {
	plan := example.configured(
		[
			_managed("p", {"arn": true}), _managed("q", {"arn": true}),
			example.created("aws_iam_role_policy_attachments_exclusive", "a", {"role_name": "web"}, {"policy_arns": true}),
		],
		{"resources": [_own(
			"aws_iam_role_policy_attachments_exclusive", "a",
			{"policy_arns": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.q.arn"]}},
		)]},
	)
	_policies("0 role web") == {"0 aws_iam_policy.p policy", "0 aws_iam_policy.q policy"} with input as plan
}

_looking_up(values) := {"prior_state": {"values": {"root_module": {"child_modules": [{"resources": [{
	"address": "module.a.data.aws_iam_policy.p",
	"mode": "data",
	"name": "p",
	"type": "aws_iam_policy",
	"values": values,
}]}]}}}}

test_policies_that_are_looked_up_are_known[note] if {
	arn := "arn:aws:iam::111122223333:policy/p"
	own := example.created("aws_iam_policy", "p", {"arn": arn, "name": "p", "policy": _text}, {})
	some note, tc in {
		"known": {"values": {"arn": arn, "policy": _text}, "changes": [], "found": {$"read {arn}"}},
		"without its document": {"values": {"arn": arn, "policy": null}, "changes": [], "found": set()},
		"of the change itself": {"values": {"arn": arn, "policy": _text}, "changes": [own], "found": {"0 aws_iam_policy.p policy"}},
	}
	plan := object.union(example.plan(tc.changes), _looking_up(tc.values))
	found := terraform.documents with input as plan
	object.keys(found) == tc.found
	object.keys(terraform.before) == {id | some id in tc.found; startswith(id, "read")} with input as plan
}
