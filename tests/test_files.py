from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from opa_iam import files
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def tree(folder: Path) -> dict[str, str | None]:
    """What lies below a folder: texts by name, None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def fill(folder: Path, /, **texts: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize("before", [None, "old"])
def test_a_file_takes_the_targets_place(tmp_path: Path, before: str | None) -> None:
    target = tmp_path / "made" / "target"
    if before:
        fill(target.parent, target=before)
    with files.replacing(target) as new:
        fill(new, target="new")
        assert target.exists() == bool(before)
    assert tree(tmp_path) == {"made": None, "made/target": "new"}


@pytest.mark.parametrize("before", ["nothing", "file", "folder", "empty folder"])
def test_a_folder_takes_the_targets_place(tmp_path: Path, before: str) -> None:
    target = tmp_path / "made" / "target"
    if before == "file":
        fill(target.parent, target="old")
    elif before != "nothing":
        fill(target, **({"a": "old"} if before == "folder" else {}))
    with files.replacing(target) as new:
        fill(new, a="new", b="new")
    assert tree(tmp_path) == {"made": None, "made/target": None, "made/target/a": "new", "made/target/b": "new"}


def test_what_is_written_can_be_read_by_all_whom_the_mask_lets(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    with files.replacing(tmp_path / "target") as new:
        fill(new, a="new")
    assert stat.filemode((tmp_path / "target").stat().st_mode) == stat.filemode((tmp_path / "reference").stat().st_mode)


@pytest.mark.parametrize("interruption", [ValueError("no"), KeyboardInterrupt(), SystemExit(1)])
@pytest.mark.parametrize("old", [{}, {"target": "old"}])
def test_an_interrupted_write_leaves_the_old_and_no_litter(
    tmp_path: Path, interruption: BaseException, old: dict[str, str]
) -> None:
    fill(tmp_path, **old)

    def write() -> None:
        with files.replacing(tmp_path / "target") as new:
            fill(new, target="a part")
            raise interruption

    with pytest.raises(type(interruption)):
        write()
    assert tree(tmp_path) == old


def test_a_folder_that_holds_other_things_stays(tmp_path: Path) -> None:
    target = tmp_path / "target"
    fill(target, a="old", thesis="years", album="photographs")
    with pytest.raises(InputError) as raised, files.replacing(target) as new:
        fill(new, a="new")
    assert str(raised.value) == f"{target}: holds other things, which would be lost: album, thesis"
    assert tree(tmp_path) == {
        "target": None,
        "target/a": "old",
        "target/album": "photographs",
        "target/thesis": "years",
    }


@pytest.mark.parametrize(
    ("target", "reason"),
    [("file/target", "File exists"), ("file/deeper/target", "Not a directory"), ("folder", "Is a directory")],
)
def test_a_place_that_can_not_be_written(tmp_path: Path, target: str, reason: str) -> None:
    fill(tmp_path, file="old")
    fill(tmp_path / "folder", a="old")
    before = tree(tmp_path)
    with pytest.raises(InputError) as raised, files.replacing(tmp_path / target) as new:
        fill(new, folder="a file of the folder's name")
    assert str(raised.value) == f"{tmp_path / target}: can't be written: {reason}"
    assert tree(tmp_path) == before
