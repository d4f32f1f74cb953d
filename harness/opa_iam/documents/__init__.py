"""Reading JSON and YAML: values, and the place of each.

JSON is strict (RFC 8259, no NaN). YAML is read by the core schema of YAML 1.2, so that `2012-10-17` and `on` are
strings; a mapping's keys are always strings. A key given twice is an error in both (GRAM-5), since neither a JSON nor a
YAML parser would tell which one holds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from opa_iam.documents.embedded import with_parsed
from opa_iam.documents.json_text import parse_json
from opa_iam.documents.model import Document, Place, pointer
from opa_iam.documents.yaml_text import parse_yaml
from opa_iam.errors import InputError

__all__ = ["Document", "Place", "parse_json", "parse_yaml", "pointer", "read", "read_text", "with_parsed"]


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
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 text (byte {error.start})") from error
