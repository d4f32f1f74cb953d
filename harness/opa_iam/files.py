"""Files: written so that a reader sees the old or the new, never a part; told apart by what is in them."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder to write in; at the end its content takes the target's place, a file's or a folder's.

    Where the folder holds one file of the target's own name, that file becomes the target; else the folder does. When
    the block raises, the target stays as it was. A folder that holds anything of another name stays as well: it is
    not an earlier output.

    Raises:
        InputError: the place can't be written, or is a folder with other things in it.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
            new = Path(scratch, "new")
            new.mkdir()
            yield new
            single = new / target.name
            if single.is_file():
                single.replace(target)
                return
            if target.is_dir() and (others := sorted(_names(target) - _names(new))):
                raise InputError(f"{target}: holds other things, which would be lost: {', '.join(others)}")
            _swap(new, target, Path(scratch, "old"))
    except OSError as error:
        raise InputError(f"{target}: can't be written: {error.strerror}") from error


def digest(contents: Mapping[str, bytes]) -> str:
    """Return a digest of files, by their names and contents: 64 hexadecimal digits, whatever their order."""
    whole = hashlib.sha256()
    for name, content in sorted(contents.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def _swap(new: Path, target: Path, old: Path) -> None:
    """Put one folder in another's place, which comes back where that fails."""
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
