"""Every rule of rules.txt is cited by a test, and every rule that a test cites is one of them.

A test cites rules by their whole ids, `COND-NULL-1` or `COND-NULL-1 to COND-NULL-3`: a case in its name, a test in Rego
or Python in the comment above it, one in Python in its docstring as well.
"""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from opa_iam import cases, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROOT = library.root()
_TESTS = Path(__file__).parent
_OUT_OF_SCOPE = "# Out of scope"
_ID = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z]+)?-[0-9]+\b")
_RANGE = re.compile(rf"({_ID.pattern}) to ({_ID.pattern})")
_OTHER_WORDS = {"SHA-256", "UTF-8", "UTF-16"}


@dataclass(frozen=True)
class Citation:
    """A text that may name rules, and where it stands."""

    text: str
    place: str


def rules(text: str) -> tuple[list[str], list[str]]:
    """Return the ids of a rule list, in order: those that tests must cite, and those out of scope."""
    before, _, after = text.partition(_OUT_OF_SCOPE)
    return _first_words(before), _first_words(after.partition("\n")[2])


def _first_words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")]


def cited(text: str, listed: Iterable[str]) -> set[str]:
    """Return the ids that a text names; a range names those between its ends that are listed."""
    return (set(_ID.findall(text)) - _OTHER_WORDS) | {
        rule for ends in _RANGE.findall(text) for rule in listed if _lies_between(rule, *ends)
    }


def _lies_between(rule: str, first: str, last: str) -> bool:
    families, numbers = zip(*(one.rsplit("-", 1) for one in (first, rule, last)), strict=True)
    low, number, high = map(int, numbers)
    return len(set(families)) == 1 and low <= number <= high


def citations() -> Iterator[Citation]:
    """Give what the tests say of themselves."""
    for file in sorted(_TESTS.glob("cases/**/*.iam.yaml")):
        yield from (_citation(case.name, file, case.line) for case in cases.read(str(file)))
    for file in sorted(_ROOT.glob("rego/**/*_test.rego")):
        yield from (_citation(text, file, line) for line, text in comments(file.read_text("utf-8"), "test_"))
    for file in sorted(_TESTS.rglob("test_*.py")):
        source = file.read_text("utf-8")
        yield from (_citation(text, file, line) for line, text in comments(source, "def test_", "@"))
        yield from (_citation(text, file, line) for line, text in _docstrings(source))


def _citation(text: str, file: Path, line: int) -> Citation:
    return Citation(text, f"{file.relative_to(_ROOT).as_posix()}:{line}")


def comments(source: str, *beginnings: str) -> Iterator[tuple[int, str]]:
    """Give the comments right above the lines of code that begin so, each with the line it begins on."""
    lines = ((number, line.strip()) for number, line in enumerate(source.splitlines(), 1))
    blocks = [(kind, list(block)) for kind, block in itertools.groupby(lines, lambda line: line[1].startswith("#"))]
    for (is_comment, block), (_, code) in itertools.pairwise(blocks):
        if is_comment and code[0][1].startswith(beginnings):
            yield block[0][0], "\n".join(text for _, text in block)


def _docstrings(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and (text := ast.get_docstring(node)):
            yield node.lineno, text


_IN_SCOPE, _OUT = rules((_TESTS / "rules.txt").read_text("utf-8"))
_PLACES: dict[str, list[str]] = {}
for _found in citations():
    for _rule in cited(_found.text, _IN_SCOPE):
        _PLACES.setdefault(_rule, []).append(_found.place)


def test_the_list_names_a_rule_once() -> None:
    listed = _IN_SCOPE + _OUT
    assert [rule for rule in listed if not _ID.fullmatch(rule)] == []
    assert sorted({rule for rule in listed if listed.count(rule) > 1}) == []


def test_every_rule_is_cited_by_a_test() -> None:
    uncited = [rule for rule in _IN_SCOPE if rule not in _PLACES]
    assert not uncited, f"no test cites {', '.join(uncited)}"


def test_every_cited_rule_is_listed() -> None:
    unknown = {rule: places for rule, places in _PLACES.items() if rule not in {*_IN_SCOPE, *_OUT}}
    assert not unknown, "\n".join(f"{rule} is no rule: {', '.join(places)}" for rule, places in unknown.items())


def test_what_is_out_of_scope_is_not_tested() -> None:
    tested = {rule: _PLACES[rule] for rule in _OUT if rule in _PLACES}
    assert not tested, "\n".join(f"{rule} is tested: {', '.join(places)}" for rule, places in tested.items())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ACT-2 actions compare", {"ACT-2"}),
        ("COND-NULL-2, S3-1: both", {"COND-NULL-2", "S3-1"}),
        ("A-1 to A-3", {"A-1", "A-2", "A-3"}),
        ("A-2 to A-9, ends that are not listed", {"A-2", "A-3", "A-9"}),
        ("A-1 to B-3", {"A-1", "B-3"}),
        ("UTF-8, E.5, RFC 4291, ARN", set()),
    ],
)
def test_what_a_text_cites(text: str, named: set[str]) -> None:
    assert cited(text, ["A-1", "A-2", "A-3", "B-1", "B-3"]) == named


def test_comments_right_above_a_test_cite() -> None:
    source = "# A-1\n\n# A-2\n# A-3: more\ntest_x if true\n\n# A-4\n_helper := 1\n"
    assert list(comments(source, "test_")) == [(3, "# A-2\n# A-3: more")]
