"""The WebAssembly engine: where its module comes from, and what no request can do to it."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import bundle, decisions, engines, library, opa, project, webassembly
from opa_iam.engines import expressions, open_engine
from opa_iam.engines.wasm import WasmEngine
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUEST = {
    "principal": "arn:aws:iam::111122223333:role/OnCallEngineer",
    "action": "ssm-incidents:StartIncident",
}
CLOCK = b"""package iam.authz
# METADATA
# entrypoint: true
allow := [time.now_ns(), time.now_ns()]
"""
MATCHING = b"""package iam.authz
# METADATA
# entrypoint: true
allow := [regex.match(data.patterns[number], "a7b") | some number in input]
"""
ECHO = b"""package iam.authz
# METADATA
# entrypoint: true
allow := input
"""
PRINTING = b"""package iam.authz
# METADATA
# entrypoint: true
allow := sprintf("%v", [input])
"""


@pytest.fixture
def wasm() -> Iterator[WasmEngine]:
    with open_engine("wasm", str(library.root())) as opened:
        assert isinstance(opened, WasmEngine)
        yield opened


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def test_queries_leave_little_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opa_iam.engines.wasm._LEFT", 1 << 20)
    with open_engine("wasm", str(library.root())) as wasm:
        assert isinstance(wasm, WasmEngine)
        before = wasm.memory
        assert [decisions.decide(wasm, {**REQUEST, "context": {f"k{n}": "x"}})["allow"] for n in range(300)] == [
            True
        ] * 300
        assert before <= wasm.memory < before + (4 << 20)


def test_a_module_that_can_not_be_mended_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "mended", lambda _: None)
    with open_engine("wasm", str(library.root())) as wasm:
        assert isinstance(wasm, WasmEngine)
        assert decisions.allow(wasm, REQUEST) is True
        before = wasm.memory
        assert [decisions.allow(wasm, REQUEST) for _ in range(100)] == [True] * 100
        assert wasm.memory == before


@pytest.mark.parametrize("queries", [1, 100])
def test_a_module_can_keep_many_expressions(queries: int) -> None:
    drawn = random.Random(1).choices(range(300), k=4800)  # noqa: S311 - to draw the same each time
    data = json.dumps({"patterns": [f"^a{number}.$" for number in range(300)]})
    with WasmEngine(webassembly.of_rego({"iam/authz.rego": MATCHING}), data.encode()) as engine:
        for number in range(queries):
            part = drawn[number::queries]
            assert engine.query("iam/authz/allow", part) == [each == 7 for each in part]


def test_what_is_mended_is_one_number() -> None:
    module = webassembly.of_library()
    mended = expressions.mended(module)
    assert mended is not None
    assert len(mended) == len(module)
    assert [(old, new) for old, new in zip(module, mended, strict=True) if old != new] == [(0xE4, 0x80), (0x00, 0x7F)]


@pytest.mark.parametrize("cut", [0, 8, 9, 1000, 500_000])
def test_what_is_not_as_opa_makes_it_is_not_mended(cut: int) -> None:
    assert expressions.mended(webassembly.of_library()[:cut]) is None


def test_an_expression_of_another_cache_is_not_mended() -> None:
    module = webassembly.of_library()
    for old, new in ((b"reuse(re2::RE2*)", b"reuse(re2::RE3*)"), (b"\x41\xe4\x00\x49", b"\x41\xe5\x00\x49")):
        assert expressions.mended(module.replace(old, new)) is None


@pytest.mark.parametrize("size", [60_000, 200_000])
def test_an_input_of_any_size_has_room(size: int) -> None:
    with WasmEngine(webassembly.of_rego({"iam/authz.rego": ECHO}), b"{}") as engine:
        for text in ("x" * size, "short", "y" * size):
            assert engine.query("iam/authz/allow", text) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({**REQUEST, "context": {"k": ["x"] * 3_000_000}}, "gave up: opa_malloc: failed"),
        (nested(100_000), "can't be written as JSON"),
        ({"principal": float("nan")}, "can't be written as JSON"),
        ({"principal": REQUEST.keys()}, "can't be written as JSON"),
    ],
    ids=["too large", "too deep", "no number", "no JSON"],
)
def test_what_can_not_be_decided_is_an_error_and_the_next_is_decided(
    wasm: WasmEngine, value: object, message: str
) -> None:
    with pytest.raises(EngineError, match=message):
        decisions.decide(wasm, value)
    assert decisions.allow(wasm, REQUEST) is True


def test_a_deep_request_is_denied(wasm: WasmEngine) -> None:
    assert decisions.allow(wasm, {**REQUEST, "context": nested(500)}) is False


def test_what_is_no_entrypoint_is_an_error(wasm: WasmEngine) -> None:
    with pytest.raises(EngineError, match="the module has no iam/authz/nothing: its entrypoints are iam/authz/allow"):
        wasm.query("iam/authz/nothing", REQUEST)


def test_a_query_has_one_time() -> None:
    with WasmEngine(webassembly.of_rego({"iam/authz.rego": CLOCK}), b"{}") as engine:
        first, second = (engine.query("iam/authz/allow", {}) for _ in range(2))
    assert first[0] == first[1] < second[0]


def test_constants_of_any_size_have_room() -> None:
    rego = f'package iam.authz\n# METADATA\n# entrypoint: true\nallow := "{"x" * 500_000}"\n'
    with WasmEngine(webassembly.of_rego({"iam/authz.rego": rego.encode()}), b"{}") as engine:
        assert engine.query("iam/authz/allow", {}) == "x" * 500_000


def test_a_builtin_that_only_opa_has_is_refused() -> None:
    module = webassembly.of_rego({"iam/authz.rego": PRINTING})
    with pytest.raises(EngineError, match="built-ins that only OPA has: sprintf"):
        WasmEngine(module, b"{}")


@pytest.mark.parametrize("module", [b"", b"no module", b"\0asm\1\0\0\0"])
def test_what_is_no_module_is_refused(module: bytes) -> None:
    with pytest.raises(EngineError):
        WasmEngine(module, b"{}")


def test_machine_code_that_others_could_have_written_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = webassembly.of_library()
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path))
    WasmEngine(module, b"{}")
    (kept,) = (tmp_path / "wasm").iterdir()
    good = kept.read_bytes()
    kept.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    WasmEngine(module, b"{}")
    assert kept.read_bytes() == good
    kept.chmod(0o666)
    WasmEngine(module, b"{}")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_bundle_with_our_rego_needs_no_opa(tmp_path: Path) -> None:
    archive = tmp_path / "b.tar.gz"
    bundle.build(project.read(library.root() / project.FILE), archive)
    assert bundle.contents(str(archive)).rego == library.deciding()
    with open_engine("wasm", str(archive)) as engine:
        assert decisions.allow(engine, REQUEST) is True


def test_another_rego_is_not_replaced_by_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = "package iam.authz\n# METADATA\n# entrypoint: true\nallow := input.mine\n"
    (tmp_path / "iam").mkdir()
    (tmp_path / "iam" / "authz.rego").write_text(own)
    (tmp_path / ".manifest").write_text(json.dumps({"roots": ["iam"]}))
    with open_engine("wasm", str(tmp_path)) as engine:
        assert decisions.allow(engine, {"mine": True}) is True
    monkeypatch.setattr(opa, "is_at_hand", lambda: False)
    with pytest.raises(EngineError, match=r"carries no policy\.wasm"), open_engine("wasm", str(tmp_path)):
        pass


def test_a_bundle_carries_its_module_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(library.root() / "policies", tmp_path / "policies")
    (tmp_path / "bundle.yaml").write_text("name: p\npolicies: [policies/*.yaml]\ntargets: [rego, wasm]\n")
    archive = tmp_path / "b.tar.gz"
    bundle.build(project.read(tmp_path / "bundle.yaml"), archive)
    found = bundle.contents(str(archive))
    assert found.module == webassembly.of_library()
    monkeypatch.setattr(opa, "is_at_hand", lambda: False)
    assert webassembly.of_bundle({}, found.module) == found.module
    with open_engine("opa", str(archive)) as engine:
        assert decisions.allow(engine, {}) is False


@pytest.mark.parametrize(
    ("shipped", "at_hand", "name"), [(True, False, "wasm"), (True, True, "opa"), (False, False, "opa")]
)
def test_the_engine_that_is_taken_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, shipped: bool, at_hand: bool
) -> None:
    monkeypatch.setattr(webassembly, "shipped", lambda: tmp_path if shipped else None)
    monkeypatch.setattr(opa, "is_at_hand", lambda: at_hand)
    assert engines.default() == name
