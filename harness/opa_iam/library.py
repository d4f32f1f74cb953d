"""Where the files that ship with opa-iam are: Rego, managed policies, the default bundle, tool pins.

In a checkout they are the repository's own folders; in an installed wheel the same tree lies inside the package.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_library"
_PACKAGE_NAME = re.compile(r"^package ([\w.]+)$", re.MULTILINE)
_REFERENCE = re.compile(r"\bdata\.([\w.]*\w)")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


def root() -> Path:
    """Return the folder that holds `rego/`, `policies/`, `tools/` and `bundle.yaml`."""
    return _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parents[1]


def rego() -> dict[str, bytes]:
    """Return the files of the Rego library by their names below `rego/`, without the tests."""
    folder = root() / "rego"
    files = (path for path in (folder / "iam").rglob("*.rego") if not path.match("*_test.rego"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def deciding() -> dict[str, bytes]:
    """Return those of the library's files that decisions need, which are what a bundle has: not lint and gate."""
    return {name: content for name, content in rego().items() if not name.startswith(("iam/ci/", "iam/lint/"))}


def reached(query: str) -> list[Path]:
    """Return the files of the packages that a query speaks of, of those that these speak of, and so on.

    OPA takes longer to compile the whole library than to lower some hundred documents.
    """
    packages = _packages()
    found: dict[str, tuple[Path, ...]] = {}
    missing = list(_named(query, packages))
    while missing:
        name = missing.pop()
        if name not in found:
            found[name], text = packages[name]
            missing += _named(text, packages)
    return sorted(path for paths in found.values() for path in paths)


@cache
def _packages() -> dict[str, tuple[tuple[Path, ...], str]]:
    """Return the files of each package of the library, and what stands in them besides comments."""
    packages: dict[str, tuple[tuple[Path, ...], str]] = {}
    for name, content in rego().items():
        text = _COMMENT.sub("", content.decode())
        (package,) = _PACKAGE_NAME.findall(text)
        paths, texts = packages.get(package, ((), ""))
        packages[package] = (*paths, root() / "rego" / name), texts + text
    return packages


def _named(text: str, packages: dict[str, tuple[tuple[Path, ...], str]]) -> Iterator[str]:
    """Yield the packages that a text refers to: to something in them, or to what they are in."""
    for reference in set(_REFERENCE.findall(text)):
        parts = reference.split(".")
        yield from packages.keys() & {".".join(parts[: end + 1]) for end in range(len(parts))}
        yield from (package for package in packages if package.startswith(f"{reference}."))


@cache
def harness() -> str:
    """Return a digest of this package's own code, on which what it compiles depends as well."""
    whole = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()
