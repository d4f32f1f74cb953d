"""The folder in which opa-iam keeps what is dear to make: outside programs, built bundles, lowered documents.

Nothing depends on it: what can't be read from it is made anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_VARIABLES = 500  # of a statement; SQLite's limit was 999 for long


def folder(name: str) -> Path:
    """Return one of the cache's folders, whether it exists or not; `OPA_IAM_CACHE` names another place for all."""
    given = os.environ.get("OPA_IAM_CACHE")
    return (Path(given).expanduser().absolute() if given else platformdirs.user_cache_path("opa-iam")) / name


def trim(place: Path, keep: int) -> None:
    """Leave the newest things of a folder and remove the others; where that fails they stay."""
    with suppress(OSError):
        found = sorted(place.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in found[:-keep]:
            shutil.rmtree(old) if old.is_dir() else old.unlink()


class Values:
    """Texts by what they were made from, in one file."""

    def __init__(self, file: Path, keep: int) -> None:
        """Open a file of values, which is made where there is none.

        Args:
            file: where.
            keep: how many such files may stand beside one another; the oldest go.
        """
        self._values: sqlite3.Connection | None = None
        with suppress(OSError, sqlite3.Error):
            file.parent.mkdir(parents=True, exist_ok=True)
            trim(file.parent, keep)
            self._values = sqlite3.connect(file)
            self._values.execute("PRAGMA synchronous = OFF")  # lost in a power cut, it is made anew
            self._values.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")

    def get(self, sources: Iterable[str]) -> dict[str, bytes]:
        """Return the values that there are, by their sources."""
        by_key = {_key(source): source for source in sources}
        found: dict[str, bytes] = {}
        if self._values:
            with suppress(sqlite3.Error):
                for some in _portions(list(by_key)):
                    query = f"SELECT key, value FROM kept WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608
                    found.update((by_key[key], value) for key, value in self._values.execute(query, some))
        return found

    def put(self, values: Mapping[str, bytes]) -> None:
        """Keep values by their sources."""
        if self._values:
            with suppress(sqlite3.Error), self._values:
                rows = ((_key(source), value) for source, value in values.items())
                self._values.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._values:
            self._values.close()


def _portions(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[start : start + _VARIABLES] for start in range(0, len(keys), _VARIABLES))


def _key(source: str) -> bytes:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()
