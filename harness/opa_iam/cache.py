"""The folder in which opa-iam keeps what is dear to make: outside programs, bundles built from a project."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def folder(name: str) -> Path:
    """Return one of the cache's folders, whether it exists or not; `OPA_IAM_CACHE` names another place for all."""
    given = os.environ.get("OPA_IAM_CACHE")
    return (Path(given).expanduser().absolute() if given else platformdirs.user_cache_path("opa-iam")) / name
