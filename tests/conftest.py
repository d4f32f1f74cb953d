"""What several test modules share: a project to change, and a real OPA that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import settings

import sidecar as kit
from opa_iam import bundle, library, project
from opa_iam.engines import LocalOpa, open_engine
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opa_iam.errors import Finding
    from opa_iam.project import Project

pytest_plugins = ["pytester"]

# The same examples at every run, or as many others as there is time for: pytest --hypothesis-profile=long.
settings.register_profile("same", derandomize=True, max_examples=1_000, deadline=None, database=None)
settings.register_profile("long", max_examples=20_000, deadline=None, database=None, print_blob=True)
settings.load_profile("same")


@pytest.fixture(scope="session")
def archive() -> Path:
    """The bundle that ships with opa-iam, as an archive."""
    return bundle.locate(str(library.root()))


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> kit.Key:
    """A pair of keys with which the sidecar's bundles are signed."""
    return kit.make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="session")
def engine() -> Iterator[LocalOpa]:
    """A real OPA with the bundle that ships with opa-iam."""
    with open_engine("opa", str(library.root())) as opened:
        assert isinstance(opened, LocalOpa)
        yield opened


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a bundle.yaml, and policy files beside it, and returns bundle.yaml's path."""

    def make(bundle: dict[str, object] | str, **policies: dict[str, object] | str) -> Path:
        (tmp_path / "policies").mkdir(exist_ok=True)
        for name, policy in policies.items():
            text = policy if isinstance(policy, str) else yaml.safe_dump(policy, sort_keys=False)
            (tmp_path / "policies" / f"{name}.yaml").write_text(text, "utf-8")
        file = tmp_path / "bundle.yaml"
        file.write_text(bundle if isinstance(bundle, str) else yaml.safe_dump(bundle, sort_keys=False), "utf-8")
        return file

    return make


@pytest.fixture(scope="session")
def shipped() -> Project:
    """The project that ships with opa-iam."""
    return project.read(library.root() / project.FILE)


@pytest.fixture
def refused() -> Callable[..., tuple[Finding, ...]]:
    """A function that makes a call which must find documents wrong, and returns the findings."""

    def refuse(call: Callable[..., object], *arguments: object) -> tuple[Finding, ...]:
        with pytest.raises(DocumentError) as raised:
            call(*arguments)
        return raised.value.findings

    return refuse


@pytest.fixture
def marked() -> Callable[[str], tuple[str, list[tuple[int, int]]]]:
    """A function that takes the marks » out of a text and returns it with their places, in order."""

    def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
        *pieces, _ = text.split("»")
        before = ["".join(pieces[: count + 1]) for count in range(len(pieces))]
        places = [(part.count("\n") + 1, len(part) - part.rfind("\n")) for part in before]
        return text.replace("»", ""), places

    return unmark
