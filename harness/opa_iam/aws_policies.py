"""AWS's own managed policies, as the distribution moto carries them, with their days of creation and last change."""

from __future__ import annotations

import ast
import importlib.util
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam import documents, policies
from opa_iam.documents import pointer
from opa_iam.errors import EngineError
from opa_iam.policies import ManagedPolicy, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from opa_iam.documents import Document

SOURCE = "moto"
"""The distribution that carries them."""

INSTALL = "pip install 'opa-iam[aws]'"
"""How a user gets it."""

_FILE = Path("iam", "aws_managed_policies.py")
_NAME = "aws_managed_policies_data"


def version() -> str | None:
    """Return the version of the installed distribution; None where there is none."""
    try:
        return metadata.version(SOURCE)
    except metadata.PackageNotFoundError:
        return None


def read(references: Collection[str] | None = None) -> Iterator[ManagedPolicy]:
    """Yield AWS's managed policies, or those of some names or ARNs.

    Raises:
        EngineError: the installed distribution keeps them in another way.
    """
    source = _source()
    for name, value in source.value.items():
        arn = f"arn:aws:iam::aws:policy{value['Path']}{name}"
        if references is None or name in references or arn in references:
            changed = value["UpdateDate"][:10]
            yield ManagedPolicy(
                arn=arn,
                service_linked=policies.is_service_linked(arn),
                service=None,
                created=value["CreateDate"][:10],
                versions=(Version(changed, source, pointer("", name, "Document")),),
                source=source,
                path=pointer("", name),
            )


def _source() -> Document:
    """Return the policies by name. The module is read and not run, for to import moto takes long."""
    found = importlib.util.find_spec(SOURCE)
    file = Path(found.origin).parent / _FILE if found and found.origin else _FILE
    try:
        module = ast.parse(file.read_text("utf-8"))
    except OSError as error:
        raise EngineError(f"{SOURCE} {version()} has no {_FILE}: {error.strerror}") from error
    assigned = [
        statement.value for statement in module.body if isinstance(statement, ast.Assign) and _is_data(statement)
    ]
    if not assigned:
        raise EngineError(f"{SOURCE} {version()} has no {_NAME} in {_FILE}")
    return documents.parse_json(ast.literal_eval(assigned[0]), f"{SOURCE} {version()}")


def _is_data(statement: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == _NAME for target in statement.targets)
