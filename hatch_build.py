"""What a wheel carries besides the package: the Rego library, the policies, the default bundle.yaml, the tool pins.

An editable install carries nothing: there, `opa_iam.library` finds the checkout's own folders.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CARRIED = ("bundle.yaml", "policies", "rego", "tools")


class LibraryHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own default argument
    """Puts the library's folders into the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Extend a standard wheel; hatchling calls this before it builds."""
        if version == "standard":
            build_data["force_include"].update({name: f"opa_iam/_library/{name}" for name in _CARRIED})
