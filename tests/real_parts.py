"""Parts that tests talk to and that are not everywhere: outside programs, a Docker daemon.

Without one a test is skipped; with OPA_IAM_REAL_PARTS=1, which CI sets after it has installed them all, it fails.
"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import docker
import pytest
from docker.errors import DockerException


def needs(program: str) -> str:
    """Return the path of an outside program that a test can't do without."""
    # Debian keeps servers in /usr/sbin, which is not on every user's PATH.
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        missing(f"there is no {program} on PATH")
    return found


def needs_docker() -> None:
    """Make sure that a Docker daemon answers."""
    try:
        client = docker.from_env()
        client.ping()
        client.close()
    except DockerException as error:
        missing(f"no Docker daemon answers: {error}")


def missing(reason: str) -> NoReturn:
    """Skip a test, or fail it where every part must be there."""
    if os.environ.get("OPA_IAM_REAL_PARTS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
