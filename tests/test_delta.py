from __future__ import annotations

import gzip
import io
import json
import tarfile
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opa_iam import archive, bundle, delta, project
from opa_iam.bundle import Contents
from polling import PollingOpa, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REGO = b"package iam.authz\n\nallow := data.iam.policies.a == 1\n"
AWKWARD = ["/", "~", "%", "%2f", "~1", "~01", "a/b", "ends/", "/", "é", "☃", " ", "-", "0", "+", '"', "\\", "."]


def contents(data: object, revision: str = "1", rego: bytes = REGO, **manifest: object) -> Contents:
    says = {"rego_version": 1, "roots": ["iam/policies", "iam/index"], "revision": revision, **manifest}
    return Contents({"iam/authz/authz.rego": rego}, {"iam": data}, None, says)


def full(of: Contents) -> bytes:
    values = {".manifest": of.manifest, "data.json": of.data}
    return archive.packed({**{name: json.dumps(value).encode() for name, value in values.items()}})


def files(packed: bytes) -> dict[str, Any]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        opened = {member.name: tar.extractfile(member) for member in tar}
        return {name: json.load(file) for name, file in opened.items() if file}


def changes(old: object, new: object) -> list[delta.Patch]:
    return list(delta.patches({"iam": old}, {"iam": new}, ["iam"]))


def test_what_is_in_a_delta_bundle() -> None:
    old, new = contents({"policies": {"a": 1, "b": 2}}), contents({"policies": {"a": 1}}, "2")
    made = delta.of(old, new)
    assert made is not None
    assert files(made) == {
        "/.manifest": new.manifest,
        "/patch.json": {"data": [{"op": "remove", "path": "/iam/policies/b"}]},
    }
    assert delta.of(old, new) == made
    assert gzip.decompress(made).count(b"\0root\0") == 0


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1, "b": []}, [{"op": "upsert", "path": "/iam/b", "value": []}]),
        ({"a": 1, "b": 2}, {"a": 1}, [{"op": "remove", "path": "/iam/b"}]),
        ({"a": 1}, {"a": True}, [{"op": "replace", "path": "/iam/a", "value": True}]),
        ({"a": None, "b": "x" * 40}, {"b": "x" * 40}, [{"op": "remove", "path": "/iam/a"}]),
        ({"a": [1, 2], "b": "x" * 40}, {"a": [2], "b": "x" * 40}, [{"op": "replace", "path": "/iam/a", "value": [2]}]),
        ({"a": 1, "b": "x" * 40}, {"a": 1.0, "b": "x" * 40}, [{"op": "replace", "path": "/iam/a", "value": 1.0}]),
        (
            {"p": {"s": {"1": "x" * 40, "2": "y"}}},
            {"p": {"s": {"1": "x" * 40, "2": "z"}}},
            [{"op": "replace", "path": "/iam/p/s/2", "value": "z"}],
        ),
        (
            {"a/b": {"~": 1, "x": "x" * 40}, "%2f": 1},
            {"a/b": {"~": 2, "x": "x" * 40}},
            [{"op": "remove", "path": "/iam/%252f"}, {"op": "replace", "path": "/iam/a~1b/~0", "value": 2}],
        ),
        (
            {"a": {"": 1, "b": "x" * 40}},
            {"a": {"b": "x" * 40}},
            [{"op": "replace", "path": "/iam/a", "value": {"b": "x" * 40}}],
        ),
        (
            {"a": {"x": 1}, "b": {"x": "x" * 40}},
            {"a": {"x": 1}, "b": {"x": "x" * 40, "y": 1}, "c": 1},
            [{"op": "upsert", "path": "/iam/b/y", "value": 1}, {"op": "upsert", "path": "/iam/c", "value": 1}],
        ),
    ],
    ids=["new", "gone", "true for 1", "null gone", "list", "1.0 for 1", "statement", "awkward names", "no name", "two"],
)
def test_patches(old: object, new: object, expected: list[delta.Patch]) -> None:
    assert json.dumps(changes(old, new)) == json.dumps(expected)  # for 1, 1.0 and True are equal


def test_many_new_members_are_one_patch() -> None:
    old = {"a": {"x": "x" * 10_000}}
    few, many = ({"a": {**old["a"], **{str(number): 1 for number in range(count)}}} for count in (32, 33))
    assert [patch["op"] for patch in changes(old, few)] == ["upsert"] * 32
    assert changes(old, many) == [{"op": "replace", "path": "/iam/a", "value": many["a"]}]


def test_only_the_roots_are_patched() -> None:
    old, new = {"iam": {"policies": 1, "other": 1}, "x": 1}, {"iam": {"policies": 2, "other": 2}, "x": 2}
    assert list(delta.patches(old, new, ["iam/policies", "iam/index"])) == [
        {"op": "replace", "path": "/iam/policies", "value": 2}
    ]


@pytest.mark.parametrize(
    "new",
    [
        contents({"policies": {"a": 1}}, "2"),
        contents({"policies": {"a": 2}}, "2", rego=REGO + b"\n"),
        contents({"policies": {"a": 2}}, "2", roots=["iam/policies"]),
        contents({"policies": {"a": 2}}, "2", wasm=[]),
        Contents({"iam/authz/authz.rego": REGO}, {"iam": {"policies": 2}}, b"wasm", contents({}).manifest),
    ],
    ids=["equal data", "Rego", "roots", "wasm in the manifest", "policy.wasm"],
)
def test_what_a_delta_cannot_say(new: Contents) -> None:
    assert delta.of(contents({"policies": {"a": 1}}), new) is None


def test_a_bundle_that_claims_all_data_has_no_deltas() -> None:
    assert delta.of(contents({"policies": 1}, roots=[""]), contents({"policies": 2}, roots=[""])) is None


names = st.sampled_from([*AWKWARD, "a", "b", "policies", ""])
leaves = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.sampled_from([0.0, 1.0, -2.5, 1e300]) | names
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)


def applied(patches: list[delta.Patch], value: Any) -> Any:  # noqa: ANN401
    """What OPA makes of patches, by its documentation."""
    for patch in patches:
        *way, last = [
            step.replace("%25", "%").replace("~1", "/").replace("~0", "~")
            for step in patch["path"].strip("/").split("/")
        ]
        place = value
        for step in way:
            place = place[step]
        assert (patch["op"] == "upsert") is (last not in place)
        if patch["op"] == "remove":
            del place[last]
        else:
            place[last] = patch["value"]
    return value


@given(values, values)
def test_patches_make_the_new_of_the_old(old: object, new: object) -> None:
    before, after = json.dumps({"iam": {"x": old}}), json.dumps({"iam": {"x": new}}, sort_keys=True)
    found = list(delta.patches(json.loads(before), json.loads(after), ["iam/x"]))
    assert json.dumps(applied(found, json.loads(before)), sort_keys=True) == after
    assert bool(found) is (json.dumps({"iam": {"x": old}}, sort_keys=True) != after)


@pytest.fixture(params=[[], ["--optimize-store-for-read-speed"]], ids=["plain", "store for reading"])
def polling(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, PollingOpa]]:
    """A site, and an OPA that polls `b` there."""
    with Site() as site:
        config = {"services": {"site": {"url": site.url}}, "bundles": {"b": {"service": "site", "resource": "b"}}}
        with PollingOpa(tmp_path, config, *request.param) as server:
            yield site, server


def test_a_real_opa_makes_the_new_data_of_the_old(polling: tuple[Site, PollingOpa]) -> None:
    site, server = polling
    big = {str(number): {"x": [number], "y": "y" * 40} for number in range(50)}
    states: list[dict[str, Any]] = [
        {"policies": {"a": 1, "big": big}},
        {"policies": {"a": 2, "big": {**big, "7": {"x": [7, 8], "y": "y" * 40}, **{name: name for name in AWKWARD}}}},
        {
            "policies": {"a": 2, "big": {**big, **{name: {name: [1, 2, {name: None}]} for name in AWKWARD}}},
            "index": {"": 1},
        },
        {"policies": {"a": 2.5, "big": {name: value for name, value in big.items() if name != "7"}, "": {"": {}}}},
        {"policies": {}, "index": [1, {"": 2**70}]},
        {"policies": {"a": 1, "big": big}},
    ]
    site.resources["b"] = full(contents(states[0], "0"))
    server.await_revision("b", "0")
    for number, (old, new) in enumerate(pairwise(states), start=1):
        made = delta.of(contents(old, str(number - 1)), contents(new, str(number), metadata={"number": number}))
        assert made is not None
        site.resources["b"] = made
        server.await_revision("b", str(number))
        assert server.data("iam") == new
        assert server.data("system/bundles/b/manifest/metadata") == {"number": number}


def test_a_delta_that_would_take_longer_than_the_bundle_is_not_made() -> None:
    """OPA copies all the data of a bundle for each rule in it; a bundle of data has none."""
    rego, big = REGO + b"#" * 100_000, "x" * 20_000
    states = [contents({"policies": {"a": number, "big": big}}, str(number), rego) for number in (1, 2)]
    assert delta.of(*states) is None
    old, new = (replace(state, rego={}) for state in states)
    assert delta.of(old, new) is not None


def test_the_difference_of_two_projects(tmp_path: Path, make_project: Callable[..., Path]) -> None:
    def built(name: str, *actions: str) -> tuple[Path, Path]:
        policies = {
            f"p{number}": {
                "arn": f"arn:aws:iam::aws:policy/P{number}",
                "document": {"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}},
            }
            for number, action in enumerate(actions)
        }
        users = [{"name": "Ana", "managed_policies": [f"P{number}" for number in range(len(actions))]}]
        source = {"name": "p", "policies": ["policies/*.yaml"], "accounts": {"111122223333": {"users": users}}}
        rego, data = bundle.build_split(project.read(make_project(source, **policies)), tmp_path / name)
        return rego, data

    def revision(place: Path) -> str:
        found: str = bundle.contents(str(place)).manifest["revision"]
        return found

    rego, old = built("old.tar.gz", "s3:GetObject", "s3:PutObject")
    _, new = built("new.tar.gz", "s3:GetObject", "sqs:SendMessage", "ec2:*")
    made = delta.between(old, new)
    assert made is not None
    with Site() as site:
        site.resources |= {"rego": rego.read_bytes(), "data": old.read_bytes()}
        bundles = {name: {"service": "site", "resource": name} for name in site.resources}
        with PollingOpa(tmp_path, {"services": {"site": {"url": site.url}}, "bundles": bundles}) as server:
            server.await_revision("rego", revision(rego))
            server.await_revision("data", revision(old))
            site.resources["data"] = made
            server.await_revision("data", revision(new))
            expected = bundle.contents(str(new)).data["iam"]
            assert {name: server.data(f"iam/{name}") for name in expected} == expected
            assert server.data("iam/authz/decision")["revision"] == revision(new)
