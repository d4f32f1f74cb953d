"""Where the bundles come from: archives in a folder, or projects that are built anew when their sources change."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from opa_iam import bundle_commands, project
from opa_iam.errors import InputError, OpaIamError
from opa_iam.server import archives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.server.archives import Archive

    Seen = tuple[tuple[str, int, int, int], ...]

_SUFFIX = ".tar.gz"
_SECONDS_BETWEEN_TRIES = 30.0
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class News:
    """What a source has to say of one bundle: another archive, or why there is none.

    Attributes:
        name: the bundle's, or that of the project which has several.
        archive: what is to be served from now on; None for what was.
        problem: why it is not what the source would be; empty where nothing is wrong any more.
    """

    name: str
    archive: Archive | None
    problem: str = ""


class Source(Protocol):
    """One thing that was named on the command line."""

    def news(self) -> Iterator[News]:
        """Yield what has changed since the last call; it may take as long as a build."""


def of(path: Path) -> Source:
    """Return what a path stands for.

    Args:
        path: an archive, a folder of archives, a project's folder or its bundle.yaml.

    Raises:
        InputError: it is none of these.
    """
    if (path / project.FILE).is_file():
        return Project(path / project.FILE)
    if path.is_file() and path.suffix in (".yaml", ".yml"):
        return Project(path)
    if path.is_dir() or path.name.endswith(_SUFFIX):
        return Archives(path)
    raise InputError(f"{path}: no folder with bundles, no bundle archive (*{_SUFFIX}) and no {project.FILE}")


@dataclass
class Archives:
    """Archives that something else writes, each served under its file's name. One that is gone is served on."""

    place: Path
    _seen: dict[Path, Seen] = field(default_factory=dict)

    def news(self) -> Iterator[News]:
        """Read those that are new or other than they were; see `Source.news`."""
        found = sorted(self.place.glob(f"*{_SUFFIX}")) if self.place.is_dir() else [self.place]
        files = [file for file in found if not file.name.startswith(".")]
        for file in {*files, *self._seen}:
            seen = state([str(file)])
            if seen != self._seen.get(file):
                self._seen[file] = seen
                yield _read(file)


@dataclass
class Project:
    """A project, built when any of its sources is another than before; signed and in two parts where it says so.

    What fails is tried again from time to time: its sources need not be the reason.
    """

    file: Path
    _seen: Seen | None = None
    _name: str = ""
    _again: float = math.inf

    def news(self) -> Iterator[News]:
        """Build it where its sources have changed; see `Source.news`."""
        try:
            found = project.sources(self.file)
            self._name, seen = found.name, state(found.files)
        except OpaIamError as error:
            seen = (*state([str(self.file)]), (str(error), 0, 0, 0))
        if seen != self._seen or time.monotonic() > self._again:
            self._seen, self._again = seen, math.inf
            yield from self._built()

    def _built(self) -> list[News]:
        try:
            source = project.read(self.file)
            with TemporaryDirectory() as folder:
                target = Path(folder, f"{source.name}{_SUFFIX}")
                built = bundle_commands.build(source, target, (), split=source.split)
                return [News(source.name, None), *map(_read, built)]
        except OpaIamError as error:
            self._again = time.monotonic() + _SECONDS_BETWEEN_TRIES
            return [News(self._name or str(self.file), None, str(error))]


def _read(file: Path) -> News:
    name = file.name.removesuffix(_SUFFIX)
    try:
        return _named(name, archives.read(file.read_bytes()))
    except OSError as error:
        return News(name, None, f"{file}: {error.strerror}")
    except InputError as error:
        return News(name, None, f"{file}: {error}")


def _named(name: str, archive: Archive) -> News:
    """Refuse a name that can't stand in a URL as it is."""
    if _NAME.fullmatch(name):
        return News(name, archive)
    return News(name, None, f"'{name}' can't be a bundle's name in a URL: letters, digits, and . _ - within")


def state(names: Iterable[str]) -> Seen:
    """Return what is another when files are, without reading them."""
    return tuple((name, *_stamp(Path(name))) for name in names)


def _stamp(file: Path) -> tuple[int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ctime_ns, found.st_size, found.st_ino)
