"""What the index answers is what the long way gives, and what the same policies give that come with the request."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from model.stored import Library, renamed
from model.world import World, entity_of, owner_of, requests, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

Data = dict[str, Any]

# Each example writes a world and asks many requests of it; a smaller one would rarely tell more than what is asserted.
_SHARE = 40
_ASKED = 40
_NOT_INLINE = {"as_of", "known", "mode", "policies", "settings"}

_drawn = settings(max_examples=settings().max_examples // _SHARE, phases=[Phase.generate])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("library")) as opened:
        yield opened


counted: collections.Counter[str] = collections.Counter()


@_drawn
@given(worlds(), st.lists(requests(), min_size=_ASKED, max_size=_ASKED))
def test_lookup_agrees_with_the_long_way(library: Library, world: World, asked: list[Data]) -> None:
    library.put(world.stored(library))
    results = library.compare(asked)
    for request, found in zip(asked, results, strict=True):
        assert found["allow"] == found["long"] == found["decision"]["allow"], request
        assert found["answers"] in ([], [found["long"]]), request
        assert found["decision"] == found["explained"], request
        assert found["told"] in ([], [found["explained"]]), request
        for answer in found["answers"]:
            counted[f"answered {answer}"] += 1
        counted["told"] += len(found["told"])
    _agrees_with_inline(library, world, asked, results)


def _agrees_with_inline(library: Library, world: World, asked: list[Data], results: list[Data]) -> None:
    if world.resources:
        return  # whose the policies are, the model doesn't say
    pairs = [
        (found, *world.inline(request, entity, owner))
        for request, found in zip(asked, results, strict=True)
        if not set(request) & _NOT_INLINE
        and (entity := entity_of(request.get("principal"))) is not None
        and (owner := owner_of(request, entity)) is not None
    ]
    inline_results = library.compare(request for _, request, _ in pairs)
    for (found, request, names), inline in zip(pairs, inline_results, strict=True):
        assert found["allow"] == inline["allow"], request
        assert renamed(found["decision"], {}) == renamed(inline["decision"], names), request
        counted["inline"] += 1


def test_the_index_answered_often_enough() -> None:
    assert min(counted[name] for name in ("answered False", "answered True", "inline", "told")) > 20, counted
