"""Where the files that ship with opa-iam are: Rego, managed policies, the default bundle, tool pins.

In a checkout they are the repository's own folders; in an installed wheel the same tree lies inside the package.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_library"


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


@cache
def harness() -> str:
    """Return a digest of this package's own code, on which what it compiles depends as well."""
    whole = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()
