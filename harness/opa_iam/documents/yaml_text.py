"""YAML by the core schema of YAML 1.2, and where its parts stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from opa_iam.documents.model import (
    HALF,
    HALF_A_PAIR,
    TOO_DEEP,
    Document,
    NoNumber,
    Place,
    duplicate,
    enter,
    finite,
    integer,
    pointer,
    walk,
)
from opa_iam.errors import DocumentError, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def parse_yaml(text: str, file: str, rewritten: Callable[[yaml.Node], yaml.Node] | None = None) -> Document:
    """Return the document in a YAML text; see `read` for what it raises.

    Args:
        text: the text.
        file: where it stands.
        rewritten: what puts other nodes in the place of those whose tags mean something in this kind of document.
    """
    findings: list[Finding] = []
    try:
        root = _yaml_root(text)
        root = rewritten(root) if root and rewritten else root
        value = _Construction(file, findings).value(root, "") if root else None
    except _YamlSyntaxError as error:
        raise DocumentError([Finding(file, *error.place, "", "YAML_SYNTAX_ERROR", str(error))]) from error
    except RecursionError as error:
        raise DocumentError([Finding(file, 1, 1, "", "YAML_SYNTAX_ERROR", TOO_DEEP)]) from error
    if findings:
        raise DocumentError(findings)
    return Document(file, value, _YamlPlaces(root))


class _CoreLoader(yaml.SafeLoader):
    """YAML 1.1's grammar with the scalars of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_SCALARS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "tag:yaml.org,2002:null": ("~nN", r"~|null|Null|NULL|", lambda _: None),
    "tag:yaml.org,2002:bool": ("tTfF", r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    "tag:yaml.org,2002:int": ("-+0123456789", r"[-+]?(0|[1-9][0-9]*)", integer),
    "tag:yaml.org,2002:float": (
        "-+.0123456789",
        r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        finite,
    ),
    "tag:yaml.org,2002:str": ("", "", str),
}

for _tag, (_first, _shape, _) in _SCALARS.items():
    if _shape:
        _CoreLoader.add_implicit_resolver(_tag, re.compile(f"^(?:{_shape})$"), [*_first, ""])


class _YamlSyntaxError(Exception):
    """A text is not YAML, and where."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


def _line_column(text: str, at: int) -> Place:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def _yaml_root(text: str) -> yaml.Node | None:
    try:
        loader = _CoreLoader(text)
    except yaml.reader.ReaderError as error:
        message = f"the character U+{error.character:04X} can't stand in YAML"
        raise _YamlSyntaxError(message, _line_column(text, error.position)) from error
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or loader.get_mark()
        raise _YamlSyntaxError(error.problem or "not YAML", (mark.line + 1, mark.column + 1)) from error
    except ValueError as error:  # an escape beyond Unicode's last character
        raise _YamlSyntaxError("there is no such character", (loader.line + 1, loader.column + 1)) from error


@dataclass(frozen=True)
class _Construction:
    """Plain values from YAML nodes; what can't be one becomes a finding."""

    file: str
    findings: list[Finding]
    open: set[int] = field(default_factory=set)
    done: dict[int, Any] = field(default_factory=dict)

    def value(self, node: yaml.Node, path: str) -> Any:  # noqa: ANN401
        """Return a node's value; an alias gives the very value of its anchor."""
        enter(path)
        identity = id(node)
        if identity in self.open:
            return self._report(node, path, "an anchor holds an alias of itself")
        if identity not in self.done:
            self.open.add(identity)
            self.done[identity] = self._construct(node, path)
            self.open.discard(identity)
        return self.done[identity]

    def _construct(self, node: yaml.Node, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.value(item, pointer(path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self._scalar(node, path)
        return self._report(node, path, f"the tag {node.tag} means nothing here")

    def _scalar(self, node: yaml.ScalarNode, path: str) -> Any:  # noqa: ANN401
        _, shape, construct = _SCALARS[node.tag]
        if shape and not re.fullmatch(shape, node.value):
            return self._report(node, path, f"'{node.value:.20}' is not what its tag says")
        if HALF.search(node.value):
            return self._report(node, path, HALF_A_PAIR)
        value = construct(node.value)
        if isinstance(value, NoNumber):
            return self._report(node, path, value.fault)
        return value

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _SCALARS or HALF.search(key.value):
                self._report(key, path, "a key must be a plain text")
                continue
            place = pointer(path, key.value)
            if key.value in result:
                self.findings.append(_finding(self.file, key, place, *duplicate(place)))
            result[key.value] = self.value(value, place)
        return result

    def _report(self, node: yaml.Node, path: str, message: str) -> None:
        self.findings.append(_finding(self.file, node, path, "YAML_SYNTAX_ERROR", message))


def _finding(file: str, node: yaml.Node, path: str, code: str, message: str) -> Finding:
    return Finding(file, *_mark(node), path, code, message)


class _YamlPlaces:
    """Places in a YAML text; each mapping and sequence is gone through once."""

    def __init__(self, root: yaml.Node | None) -> None:
        self._root = root
        self._children = cache(lambda node: dict(_yaml_children(node)))

    def find(self, steps: list[str], *, at_key: bool) -> Place:
        """Return the place of a value or its key, or of its nearest parent that exists."""
        if self._root is None:
            return 1, 1
        key, node = walk(self._root, steps, self._children)
        return _mark(key if at_key else node)


def _yaml_children(node: yaml.Node) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, (key, value)) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((str(index), (item, item)) for index, item in enumerate(node.value))


def _mark(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
