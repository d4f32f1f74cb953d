"""Reading JSON and YAML: values, and the place of each.

JSON is strict (RFC 8259, no NaN). YAML is read by the core schema of YAML 1.2, so that `2012-10-17` and `on` are
strings; a mapping's keys are always strings. A key given twice is an error in both (GRAM-5), since neither a JSON nor a
YAML parser would tell which one holds.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam.documents.embedded import with_parsed
from opa_iam.documents.json_text import parse_json
from opa_iam.documents.model import Document, Place, pointer
from opa_iam.documents.yaml_text import parse_yaml
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Document", "Place", "parse_json", "parse_yaml", "pointer", "read", "read_lines", "read_text", "with_parsed"]

_MARK = "\ufeff"


def read(file: str) -> Document:
    """Read a JSON or YAML file, by its ending; standard input (`-`) is told by its content.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is not well-formed, or a key stands twice in one object.
    """
    text = read_text(file)
    if file.endswith((".json", ".jsonl")) or (file == "-" and text.lstrip().startswith(("{", "["))):
        return parse_json(text, file)
    return parse_yaml(text, file)


def read_text(file: str) -> str:
    """Return a file's text (UTF-8, with or without a mark); `-` is standard input.

    Raises:
        InputError: the file can't be read or is not UTF-8.
    """
    return "\n".join(read_lines(file))


def read_lines(file: str) -> Iterator[str]:
    r"""Yield the lines of a file's text as they are read, without their `\n`; see `read_text`."""
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
            yield from _decoded(stream, file)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


def _decoded(stream: Iterable[bytes], file: str) -> Iterator[str]:
    begun, line = 0, b"\n"
    for line in stream:
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise InputError(f"{file}: not UTF-8 text (byte {begun + error.start})") from error
        yield text.removeprefix("" if begun else _MARK).removesuffix("\n")
        begun += len(line)
    if line.endswith(b"\n"):
        yield ""  # as `split` has it
