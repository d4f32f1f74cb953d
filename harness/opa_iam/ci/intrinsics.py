"""CloudFormation's short intrinsics in YAML: `!Ref Name` is `{Ref: Name}`, `!Sub` is `{Fn::Sub: …}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

_BARE = ("Condition", "Ref")  # those whose long names have no `Fn::`
_FUNCTIONS = (
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAtt",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
)

NAMES = {f"!{name}": name for name in _BARE} | {f"!{name}": f"Fn::{name}" for name in _FUNCTIONS}
"""Each tag and the long name that it stands for."""

_MAP, _SEQ, _STR = (f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str"))


def long_form(root: yaml.Node) -> yaml.Node:
    """Return a document's nodes with every short intrinsic as the mapping that it stands for.

    Nodes keep their marks, so that what is found in them still has its place; a tag that is no intrinsic's stays.
    """
    done: dict[int, yaml.Node] = {}

    def of(node: yaml.Node) -> yaml.Node:
        if id(node) not in done:
            done[id(node)] = node  # for an anchor that holds an alias of itself
            done[id(node)] = _wrapped(node, of)
        return done[id(node)]

    return of(root)


def _wrapped(node: yaml.Node, of: Callable[[yaml.Node], yaml.Node]) -> yaml.Node:
    name = NAMES.get(node.tag)
    plain = _plain(node, of, is_tagged=name is not None)
    if name is None:
        return plain
    if name == "Fn::GetAtt" and isinstance(plain, yaml.ScalarNode):
        parts = [_text(node, part) for part in plain.value.split(".", 1)]
        plain = yaml.SequenceNode(_SEQ, parts, node.start_mark, node.end_mark)
    return yaml.MappingNode(_MAP, [(_text(node, name), plain)], node.start_mark, node.end_mark)


def _plain(node: yaml.Node, of: Callable[[yaml.Node], yaml.Node], *, is_tagged: bool) -> yaml.Node:
    """Return a node with its children in long form, and without the tag of its own that was read."""
    if isinstance(node, yaml.MappingNode):
        pairs = [(key, of(value)) for key, value in node.value]
        return yaml.MappingNode(_MAP if is_tagged else node.tag, pairs, node.start_mark, node.end_mark)
    if isinstance(node, yaml.SequenceNode):
        items = [of(item) for item in node.value]
        return yaml.SequenceNode(_SEQ if is_tagged else node.tag, items, node.start_mark, node.end_mark)
    return _text(node, node.value) if is_tagged else node


def _text(node: yaml.Node, value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_STR, value, node.start_mark, node.end_mark)
