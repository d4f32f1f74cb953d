"""Folders, and buckets through fsspec.

NAME/sha256-….tar.gz                   a bundle, by the digest of its archive, for ever
NAME/sha256-….tar.gz.provenance.json   where it comes from
NAME/latest.tar.gz                     the moving name: the same archive, put there last
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from opa_iam import files
from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opa_iam.publishing.artifacts import Artifact

_FILE = "file://"


@dataclass(frozen=True)
class Published:
    """What has become of a bundle.

    Attributes:
        place: where servers get it.
        artifact: the bundle.
        is_new: whether anything had to be written.
    """

    place: str
    artifact: Artifact
    is_new: bool


class Place(Protocol):
    """Somewhere files can be put."""

    def read(self, name: str) -> bytes | None:
        """Return a file; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file in one step, so that nobody sees a part of it."""


def put(artifacts: Sequence[Artifact], target: str, tag: str) -> list[Published]:
    """Publish bundles in a folder or a bucket. No name moves before all bundles are there.

    Raises:
        InputError: there is no such place, or a package for it is not installed.
        EngineError: it can't be reached, or refuses.
    """
    local = target.removeprefix(_FILE)
    place: Place = Bucket(target) if "://" in local else Folder(Path(local))
    is_new = [_ensure(place, _by_digest(artifact)) for artifact in artifacts]
    return [
        Published(
            place=f"{target.rstrip('/')}/{artifact.name}/{tag}.tar.gz",
            artifact=artifact,
            is_new=_ensure(place, {f"{artifact.name}/{tag}.tar.gz": artifact.content}) or new,
        )
        for artifact, new in zip(artifacts, is_new, strict=True)
    ]


def _by_digest(artifact: Artifact) -> dict[str, bytes]:
    """Return the files of a bundle that stay for ever, by their names."""
    name = f"{artifact.name}/sha256-{artifact.digest}.tar.gz"
    statement = {f"{name}.provenance.json": artifact.statement} if artifact.statement else {}
    return {name: artifact.content, **statement}


def _ensure(place: Place, wanted: Mapping[str, bytes]) -> bool:
    """Put files where they are not already, in their order; tell whether any had to be written."""
    missing = {name: content for name, content in wanted.items() if place.read(name) != content}
    for name, content in missing.items():
        place.write(name, content)
    return bool(missing)


class Folder:
    """A folder, for any web server of files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes | None:
        """Return a file; see `Place`."""
        file = self._root / name
        return file.read_bytes() if file.is_file() else None

    def write(self, name: str, content: bytes) -> None:
        """Write a file; see `Place`. Others than its owner can read it, as a web server must."""
        file = self._root / name
        with files.replacing(file) as new:
            (new / file.name).write_bytes(content)


class Bucket:
    """A place that fsspec knows by its URL: an object there is replaced in one step."""

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - it is only there with opa-iam[publish]
        except ImportError as error:
            raise InputError("buckets need the package fsspec: pip install 'opa-iam[publish]'") from error
        self._url = url
        try:
            self._system, self._root = url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise InputError(f"{url}: {error}") from error

    def read(self, name: str) -> bytes | None:
        """Return a file; see `Place`."""
        try:
            content: bytes = self._system.cat_file(f"{self._root}/{name}")
        except FileNotFoundError:
            return None
        except Exception as error:  # every store has errors of its own
            raise self._error(name, error) from error
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file; see `Place`."""
        try:
            self._system.pipe_file(f"{self._root}/{name}", content)
        except Exception as error:
            raise self._error(name, error) from error

    def _error(self, name: str, error: Any) -> EngineError:  # noqa: ANN401
        return EngineError(f"{self._url.rstrip('/')}/{name}: {type(error).__name__}: {error}")
