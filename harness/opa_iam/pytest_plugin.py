"""The pytest plugin: collects `*.iam.yaml` files and gives tests an engine.

    pytest tests/ --opa-iam-bundle build/bundle.tar.gz

A file of another name is collected where the command line names it. Each case is a test; it fails with the differences
and the decision's reasons. Tests in Python take the fixture `opa_iam`, a function from request to decision.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from opa_iam.cases import Case, Result
    from opa_iam.engines import Engine

_ENDINGS = (".iam.yaml", ".iam.yml", ".iam.json")
_NAMED_ENDINGS = (".yaml", ".yml", ".json")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say what decides."""
    group = parser.getgroup("opa-iam")
    group.addoption("--opa-iam-bundle", metavar="FILE|DIR|URL", help="bundle or project (default: bundle.yaml here)")
    group.addoption(
        "--opa-iam-engine", metavar="opa|wasm|URL", help="what decides (default: OPA_IAM_ENGINE, else opa, else wasm)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the engine; it starts with the first case."""
    config.stash[_ENGINE] = _LazyEngine(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the engine."""
    if engine := config.stash.get(_ENGINE, None):
        engine.stack.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Collect case files."""
    is_named = parent.session.isinitpath(file_path) and file_path.name.endswith(_NAMED_ENDINGS)
    if is_named or file_path.name.endswith(_ENDINGS):
        return CaseFile.from_parent(parent, path=file_path)
    return None


@pytest.fixture(scope="session")
def opa_iam(pytestconfig: pytest.Config) -> Callable[[Any], dict[str, Any]]:
    """A function that gives the decision on a request."""
    from opa_iam import decisions  # noqa: PLC0415 - pytest starts in many projects that have no case

    engine = pytestconfig.stash[_ENGINE].get()
    return lambda request: decisions.decide(engine, request)


class CaseFile(pytest.File):
    """A case file."""

    def collect(self) -> Iterable[CaseItem]:
        """Yield a test for each case."""
        from opa_iam import cases  # noqa: PLC0415
        from opa_iam.errors import OpaIamError  # noqa: PLC0415

        try:
            found = cases.read(str(self.path))
        except OpaIamError as error:
            raise self.CollectError(str(error)) from error
        for case in found:
            yield CaseItem.from_parent(self, name=case.name, case=case)


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Decide the case's request and compare."""
        from opa_iam import cases  # noqa: PLC0415

        result = cases.run(self.config.stash[_ENGINE].get(), self.case)
        if not result.passed:
            raise CaseFailedError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Show what differs and why, without a traceback."""
        from opa_iam import report  # noqa: PLC0415
        from opa_iam.errors import OpaIamError  # noqa: PLC0415

        error = excinfo.value
        if isinstance(error, CaseFailedError):
            place = f"{self.case.file}:{self.case.line}"
            return "\n".join((place, *error.result.differences, *report.explanation(error.result.decision)))
        if isinstance(error, OpaIamError):
            return str(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands."""
        return self.path, self.case.line - 1, self.name


class CaseFailedError(Exception):
    """A decision is not what its case expects."""

    def __init__(self, result: Result) -> None:
        super().__init__("\n".join(result.differences))
        self.result = result


class _LazyEngine:
    """The engine of a pytest session."""

    def __init__(self, config: pytest.Config) -> None:
        self.stack = ExitStack()
        self._config = config
        self._engine: Engine | None = None

    def get(self) -> Engine:
        if self._engine is None:
            import os  # noqa: PLC0415

            from opa_iam import engines  # noqa: PLC0415

            name = self._config.getoption("--opa-iam-engine") or os.environ.get("OPA_IAM_ENGINE")
            opened = engines.open_engine(name, self._config.getoption("--opa-iam-bundle"))
            self._engine = self.stack.enter_context(opened)
        return self._engine


_ENGINE = pytest.StashKey[_LazyEngine]()
