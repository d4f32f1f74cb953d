from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from opa_iam import documents
from opa_iam.documents import pointer
from opa_iam.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.documents import Document

    Refused = Callable[..., tuple[Finding, ...]]


def parse(text: str, kind: str) -> Document:
    """Parse a text as JSON or YAML, from a file named `f`."""
    return documents.parse_json(text, "f") if kind == "json" else documents.parse_yaml(text, "f")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, -2.5, 1e3, true, null, "x"]}', {"a": [1, -2.5, 1000.0, True, None, "x"]}),
        ('\t{\t"a"\t:\t1\t}\t\r\n', {"a": 1}),
        (r'"\ud83d\ude00 é"', "😀 é"),
        ("[]", []),
    ],
)
def test_json(text: str, value: object) -> None:
    assert repr(parse(text, "json").value) == repr(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17T00:00:00Z", "2012-10-17T00:00:00Z"),
        ("[on, off, yes, no, y, n]", ["on", "off", "yes", "no", "y", "n"]),
        ("[true, True, FALSE]", [True, True, False]),
        ("012345678901", "012345678901"),
        ("[0, 111122223333, -7, +7]", [0, 111122223333, -7, 7]),
        ("[0x1F, 0o17, 1_000, 1:30]", ["0x1F", "0o17", "1_000", "1:30"]),
        ("[1.5, .5, 1., 1e3]", [1.5, 0.5, 1.0, 1000.0]),
        ("[~, null, NULL, nil]", [None, None, None, "nil"]),
        ("{a: , 'b': '', \"c\": \"\\xe9\"}", {"a": None, "b": "", "c": "é"}),
        ("{1: a, true: b, ~: c, on: d}", {"1": "a", "true": "b", "~": "c", "on": "d"}),
        ("[!!str 1, !!str true, !!int 3, !!bool true, !!float 1, !!null ~]", ["1", "true", 3, True, 1.0, None]),
        ("{<<: {a: 1}}", {"<<": {"a": 1}}),
        ("=", "="),
        ("", None),
        ("# nothing but a comment", None),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ],
)
def test_yaml_has_the_scalars_of_yaml_1_2(text: str, value: object) -> None:
    assert repr(parse(text, "yaml").value) == repr(value)


def test_an_alias_gives_its_anchors_value() -> None:
    document = parse("a: &x {b: [1]}\nc: [*x, *x]\n", "yaml")
    assert document.value == {"a": {"b": [1]}, "c": [{"b": [1]}, {"b": [1]}]}
    assert document.place("/c/1/b/0") == (1, 12)


# GRAM-5 among them: a parser that kept the last of two members would lose one.
@pytest.mark.parametrize(
    ("kind", "text", "findings"),
    [
        ("json", "", ["f:1:1: JSON_SYNTAX_ERROR: Expecting value"]),
        ("json", '{"a": 1}\n{"a": 1}', ["f:2:1: JSON_SYNTAX_ERROR: Extra data"]),
        ("json", '{\n\t"a": [1\n\t"b"]}', ["f:3:2: JSON_SYNTAX_ERROR: Expecting ',' delimiter"]),
        ("json", '["a\tb"]', ["f:1:4: JSON_SYNTAX_ERROR: Invalid control character at"]),
        ("json", "[01]", ["f:1:3: JSON_SYNTAX_ERROR: Expecting ',' delimiter"]),
        (
            "json",
            '{"a": NaN,\n "b": [1, -Infinity, 1e999]}',
            [
                "f:1:7: JSON_SYNTAX_ERROR at /a: NaN is not a number in JSON, or too large a one",
                "f:2:11: JSON_SYNTAX_ERROR at /b/1: -Infinity is not a number in JSON, or too large a one",
                "f:2:22: JSON_SYNTAX_ERROR at /b/2: 1e999 is not a number in JSON, or too large a one",
            ],
        ),
        (
            "json",
            f"[{'9' * 5000}]",
            [f"f:1:2: JSON_SYNTAX_ERROR at /0: {'9' * 20} is not a number in JSON, or too large a one"],
        ),
        ("json", r'{"a": "\ud800"}', ["f:1:7: JSON_SYNTAX_ERROR at /a: half a surrogate pair is no character"]),
        (
            "json",
            r'{"a": {"\udc00": 1}}',
            ["f:1:7: JSON_SYNTAX_ERROR at /a: in a key, half a surrogate pair is no character"],
        ),
        (
            "json",
            '{"a": [\n  {"b": 1, "c/~d": 2,\n   "b": 3, "c/~d": 4}\n]}',
            [
                "f:3:4: OPA_IAM_DUPLICATE_MEMBER at /a/0/b: the key 'b' stands twice in one object (GRAM-5)",
                "f:3:12: OPA_IAM_DUPLICATE_MEMBER at /a/0/c~1~0d: the key 'c/~d' stands twice in one object (GRAM-5)",
            ],
        ),
        (
            "yaml",
            "a:\n  - b: 1\n    'c/~d': 2\n    \"b\": 3\n    c/~d: 4\n",
            [
                "f:4:5: OPA_IAM_DUPLICATE_MEMBER at /a/0/b: the key 'b' stands twice in one object (GRAM-5)",
                "f:5:5: OPA_IAM_DUPLICATE_MEMBER at /a/0/c~1~0d: the key 'c/~d' stands twice in one object (GRAM-5)",
            ],
        ),
        (
            "yaml",
            "1: a\n'1': b",
            ["f:2:1: OPA_IAM_DUPLICATE_MEMBER at /1: the key '1' stands twice in one object (GRAM-5)"],
        ),
        ("yaml", "a:\n\tb: 1", ["f:2:1: YAML_SYNTAX_ERROR: found character '\\t' that cannot start any token"]),
        ("yaml", "a: [1\nb: 2", ["f:2:2: YAML_SYNTAX_ERROR: expected ',' or ']', but got ':'"]),
        ("yaml", "a: 1\n---\nb: 2", ["f:2:1: YAML_SYNTAX_ERROR: but found another document"]),
        ("yaml", "a: *b", ["f:1:4: YAML_SYNTAX_ERROR: found undefined alias 'b'"]),
        (
            "yaml",
            "a: &b\n  - 1\n  - c: *b",
            ["f:1:4: YAML_SYNTAX_ERROR at /a/1/c: an anchor holds an alias of itself"],
        ),
        ("yaml", "a: b\nc: \x01", ["f:2:4: YAML_SYNTAX_ERROR: the character U+0001 can't stand in YAML"]),
        ("yaml", 'a: "\\U00110000"', ["f:1:7: YAML_SYNTAX_ERROR: there is no such character"]),
        ("yaml", 'a: "\\ud800"', ["f:1:4: YAML_SYNTAX_ERROR at /a: half a surrogate pair is no character"]),
        ("yaml", '"\\ud800": a', ["f:1:1: YAML_SYNTAX_ERROR: a key must be a plain text"]),
        ("yaml", "? [a]\n: 1", ["f:1:3: YAML_SYNTAX_ERROR: a key must be a plain text"]),
        ("yaml", "!key a: 1", ["f:1:1: YAML_SYNTAX_ERROR: a key must be a plain text"]),
        (
            "yaml",
            "a: !!set {b, c}\nd: !!binary aGk=\ne: !!python/name:os.system ''\nf: !!timestamp 2012-10-17",
            [
                "f:1:4: YAML_SYNTAX_ERROR at /a: the tag tag:yaml.org,2002:set means nothing here",
                "f:2:4: YAML_SYNTAX_ERROR at /d: the tag tag:yaml.org,2002:binary means nothing here",
                "f:3:4: YAML_SYNTAX_ERROR at /e: the tag tag:yaml.org,2002:python/name:os.system means nothing here",
                "f:4:4: YAML_SYNTAX_ERROR at /f: the tag tag:yaml.org,2002:timestamp means nothing here",
            ],
        ),
        (
            "yaml",
            "[!!bool yes, !!null nil, !!int 1_000, !!float nan]",
            [
                "f:1:2: YAML_SYNTAX_ERROR at /0: 'yes' is not what its tag says",
                "f:1:14: YAML_SYNTAX_ERROR at /1: 'nil' is not what its tag says",
                "f:1:26: YAML_SYNTAX_ERROR at /2: '1_000' is not what its tag says",
                "f:1:39: YAML_SYNTAX_ERROR at /3: 'nan' is not what its tag says",
            ],
        ),
        (
            "yaml",
            "[.nan, -.inf, 1e999]",
            [
                "f:1:2: YAML_SYNTAX_ERROR at /0: .nan is not a number in JSON, or too large a one",
                "f:1:8: YAML_SYNTAX_ERROR at /1: -.inf is not a number in JSON, or too large a one",
                "f:1:15: YAML_SYNTAX_ERROR at /2: 1e999 is not a number in JSON, or too large a one",
            ],
        ),
    ],
)
def test_what_can_not_be_read_is_placed(refused: Refused, kind: str, text: str, findings: list[str]) -> None:
    assert [str(finding) for finding in refused(parse, text, kind)] == findings


@pytest.mark.parametrize("kind", ["json", "yaml"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")])
@pytest.mark.parametrize("depth", [101, 330, 970])
def test_deep_nesting_is_a_finding(refused: Refused, kind: str, opening: str, closing: str, depth: int) -> None:
    text = f"{opening * depth}1{closing * depth}"
    expected = Finding("f", 1, 1, "", f"{kind.upper()}_SYNTAX_ERROR", "nested more than 100 levels deep")
    assert refused(parse, text, kind) == (expected,)


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_hundred_levels_are_not_too_deep(kind: str) -> None:
    document = parse(f"{'[' * 100}1{']' * 100}", kind)
    assert (document.at("/0" * 100), document.place("/0" * 100)) == (1, (1, 101))


PLACES = {
    "json": '{\n  "a": [10, {"b/~": "x"}],\n  "c": null\n}',
    "yaml": "#\n\na: [10, {b/~: x}]\nc: null\n",
}


@pytest.mark.parametrize(
    ("path", "value", "json_places", "yaml_places"),
    [
        ("", {"a": [10, {"b/~": "x"}], "c": None}, ((1, 1), (1, 1)), ((3, 1), (3, 1))),
        ("/a", [10, {"b/~": "x"}], ((2, 8), (2, 3)), ((3, 4), (3, 1))),
        ("/a/1", {"b/~": "x"}, ((2, 13), (2, 13)), ((3, 9), (3, 9))),
        ("/a/1/b~1~0", "x", ((2, 21), (2, 14)), ((3, 15), (3, 10))),
        ("/c", None, ((3, 8), (3, 3)), ((4, 4), (4, 1))),
    ],
)
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_every_value_and_key_has_its_place(
    kind: str,
    path: str,
    value: object,
    json_places: tuple[tuple[int, int], ...],
    yaml_places: tuple[tuple[int, int], ...],
) -> None:
    document = parse(PLACES[kind], kind)
    assert document.at(path) == value
    places = {"json": json_places, "yaml": yaml_places}[kind]
    assert (document.place(path), document.place(path, at_key=True)) == places


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("/a/1/absent/0", {"json": (2, 13), "yaml": (3, 9)}),
        ("/a/2", {"json": (2, 8), "yaml": (3, 4)}),
        ("/c/absent", {"json": (3, 8), "yaml": (4, 4)}),
    ],
)
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_what_is_not_there_has_its_nearest_parents_place(
    kind: str, path: str, places: dict[str, tuple[int, int]]
) -> None:
    finding = parse(PLACES[kind], kind).finding(path, "CODE", "it is missing")
    assert finding == Finding("f", *places[kind], path, "CODE", "it is missing")


def test_an_empty_yaml_document_has_a_place() -> None:
    assert parse("", "yaml").place("/a") == (1, 1)


def test_lines_count_from_where_a_text_stands_in_its_file(refused: Refused) -> None:
    assert documents.parse_json('{"a": 1}', "f", 41).place("/a") == (42, 7)
    assert [str(finding) for finding in refused(documents.parse_json, '{"a" 1}', "f", 41)] == [
        "f:42:6: JSON_SYNTAX_ERROR: Expecting ':' delimiter"
    ]


def test_a_pointer_escapes_its_steps() -> None:
    assert pointer("/a", "b/c", 0, "~d", "") == "/a/b~1c/0/~0d/"


@pytest.mark.parametrize(
    ("name", "content", "value"),
    [
        ("a.json", b'{"on": 1}', {"on": 1}),
        ("a.json", b'\xef\xbb\xbf{"on": 1}', {"on": 1}),
        ("a.yaml", b"\xef\xbb\xbfon: 2012-10-17", {"on": "2012-10-17"}),
        ("a.yml", b"on: \xc3\xa9", {"on": "é"}),
        ("a", b"on: 1", {"on": 1}),
    ],
)
def test_a_file_is_read_by_its_ending(tmp_path: Path, name: str, content: bytes, value: object) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    document = documents.read(str(file))
    assert (document.file, document.value) == (str(file), value)


@pytest.mark.parametrize(
    ("content", "value"), [(b' \n{"a": 1}', {"a": 1}), (b"[1]", [1]), (b"a: on", {"a": "on"}), (b"- 1", [1])]
)
def test_standard_input_is_told_by_its_content(monkeypatch: pytest.MonkeyPatch, content: bytes, value: object) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    document = documents.read("-")
    assert (document.file, document.value) == ("-", value)


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"a: \xe9")
    with pytest.raises(InputError) as raised:
        documents.read(str(file))
    assert str(raised.value) == f"{file}: not UTF-8 text (byte 3)"


@pytest.mark.parametrize(("name", "reason"), [("none.yaml", "No such file or directory"), ("", "Is a directory")])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    file = str(tmp_path / name)
    with pytest.raises(InputError) as raised:
        documents.read(file)
    assert str(raised.value) == f"{file}: {reason}"
