"""Delta bundles: what changes in the data from one bundle to the next, so that a server needn't load it all again.

OPA applies one to whatever it has, asks for no signature on it, and takes an empty one for a bundle without data. So a
delta is made between two bundles that differ in data alone, is never empty, and is for those that have the older one.
It pays for bundles that have data alone: see `_MOST_COPIED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opa_iam import archive, bundle, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from opa_iam.bundle import Contents

Patch = dict[str, Any]
"""One change as OPA reads it: `op`, `path`, and the `value` unless it is removed."""

FILE = "patch.json"

_ABSENT = object()
_MOST_COPIED = 1_000_000_000
"""Bytes of a bundle's Rego times bytes of its data. For each rule, OPA 1.22 looks whether data stand in its place, and
copies what is below the bundle's roots to look, once anything there has changed: with the whole library and 58 KB of
data a delta took 8 seconds and the whole bundle one; with 9.7 MB, several minutes and five seconds."""
_FRESH_MEMBERS = 32
"""So many new members an object is given one by one: for each, OPA copies what the object has, of later ones all."""


def between(old: Path, new: Path) -> bytes | None:
    """Return the delta bundle that makes one bundle of another; see `of`.

    Raises:
        EngineError: either is no bundle.
    """
    return of(bundle.contents(str(old)), bundle.contents(str(new)))


def of(old: Contents, new: Contents) -> bytes | None:
    """Return the archive of a delta bundle; None where no delta can say it, and the whole new bundle has to be sent.

    That is so where the Rego, the WebAssembly or the roots differ, where the data doesn't, for bundles that claim all
    of `data`, where OPA keeps its own as well, and where a delta would take OPA longer than the whole bundle.
    """
    if (old.rego, old.module, old.roots) != (new.rego, new.module, new.roots):
        return None
    if "" in new.roots or "wasm" in new.manifest or _is_slow(new):
        return None
    changes = list(patches(old.data, new.data, new.roots))
    if not changes:
        return None
    return archive.packed(
        {
            ".manifest": json_bytes.dumps(new.manifest, readable=True),
            FILE: json_bytes.dumps({"data": changes}, readable=True),
        }
    )


def _is_slow(new: Contents) -> bool:
    return sum(map(len, new.rego.values())) * len(json_bytes.dumps(new.data)) > _MOST_COPIED


def patches(old: object, new: object, roots: Iterable[str]) -> Iterator[Patch]:
    """Yield what makes one tree under `data` of another, below the roots of a bundle; no two touch the same place.

    New members come first: OPA copies all that an object has for each of them, once anything in it has changed.
    """
    found = [patch for root in sorted(roots) for patch in _below(old, new, root)]
    yield from sorted(found, key=lambda patch: patch["op"] != "upsert")


def _below(old: object, new: object, root: str) -> list[Patch]:
    steps = tuple(step for step in root.split("/") if step)
    return _changes(steps, _at(old, steps), _at(new, steps))


def _at(value: object, steps: Iterable[str]) -> object:
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            return _ABSENT
        value = value[step]
    return value


def _changes(steps: tuple[str, ...], old: object, new: object) -> list[Patch]:
    """Return the patches of one place: those of its members, unless it is shorter to say it anew.

    Lists are said anew in any case: OPA's store would change what it shares with requests that run.
    """
    if _same(old, new):
        return []
    if new is _ABSENT:
        return [{"op": "remove", "path": _path(steps)}]
    whole = {"op": "upsert" if old is _ABSENT else "replace", "path": _path(steps), "value": new}
    if not isinstance(old, dict) or not isinstance(new, dict) or "" in {*old, *new}:  # OPA trims a slash at the end
        return [whole]
    parts = [
        part
        for name in sorted(old.keys() | new.keys())
        for part in _changes((*steps, name), old.get(name, _ABSENT), new.get(name, _ABSENT))
    ]
    fresh = len(new.keys() - old.keys())
    return parts if fresh <= _FRESH_MEMBERS and _size(parts) < _size([whole]) else [whole]


def _same(old: object, new: object) -> bool:
    """Tell whether two values are the same in JSON, which `==` doesn't: in Python true is 1, and 1 is 1.0."""
    if type(old) is not type(new):
        return False
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return old == new


def _path(steps: Iterable[str]) -> str:
    """Return a path as OPA reads it: a JSON Pointer whose percent signs are escaped as in a URL."""
    escapes = str.maketrans({"~": "~0", "/": "~1", "%": "%25"})
    return "".join(f"/{step.translate(escapes)}" for step in steps)


def _size(patches: Iterable[Patch]) -> int:
    return sum(len(json_bytes.dumps(patch)) for patch in patches)
