from __future__ import annotations

import os
from typing import TYPE_CHECKING

from opa_iam import cache

if TYPE_CHECKING:
    from pathlib import Path


def test_values_are_kept_by_their_sources(tmp_path: Path) -> None:
    many = {f"source {number}": str(number).encode() for number in range(1200)}
    with cache.Values(tmp_path / "below" / "kept", 2) as values:
        assert values.get(many) == {}
        values.put(many)
    with cache.Values(tmp_path / "below" / "kept", 2) as values:
        assert values.get([*many, "another"]) == many


def test_values_without_a_place_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with cache.Values(tmp_path / "file" / "kept", 2) as values:
        values.put({"a": b"1"})
        assert values.get(["a"]) == {}


def test_the_newest_things_stay(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "newer", "old"]):
        (tmp_path / name).mkdir() if name == "old" else (tmp_path / name).write_text("", "utf-8")
        os.utime(tmp_path / name, (1000 - age, {"old": 1, "new": 2, "newer": 3}[name]))
    cache.trim(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "newer"]
    cache.trim(tmp_path / "nowhere", 2)
