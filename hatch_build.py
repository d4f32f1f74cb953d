"""What a wheel carries besides the package: the Rego library, the policies, the default bundle.yaml, the tool pins.

The Rego is in it as WebAssembly as well, so that a user without OPA can decide.

An editable install carries nothing: there, `opa_iam.library` finds the checkout's own folders.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

_CARRIED = ("bundle.yaml", "policies", "rego", "tools")


class LibraryHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own default argument
    """Puts the library's folders into the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Extend a standard wheel; hatchling calls this before it builds."""
        if version == "standard":
            build_data["force_include"].update(
                {str(file): f"opa_iam/_library/{file}" for file in _files(Path(self.root))}
            )
            build_data["force_include"][str(_module(Path(self.root)))] = "opa_iam/_library/policy.wasm"


def _module(root: Path) -> Path:
    """Compile the Rego library with OPA, obtained where it is missing; return the module's file."""
    sys.path.insert(0, str(root / "harness"))
    from opa_iam import library, webassembly  # noqa: PLC0415 - the package that is being built
    from opa_iam.errors import OpaIamError  # noqa: PLC0415

    try:
        return webassembly.file_of(library.rego())
    except OpaIamError as error:
        raise RuntimeError(f"a wheel carries the Rego as WebAssembly, which needs OPA: {error}") from error


def _files(root: Path) -> Iterator[Path]:
    """Yield what is carried, relative to the root; the Rego tests stay out."""
    for name in _CARRIED:
        for file in (root / name, *sorted((root / name).rglob("*"))):
            if file.is_file() and not file.name.endswith("_test.rego"):
                yield file.relative_to(root)
