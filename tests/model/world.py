"""Small worlds of compiled policies, and requests: what property tests draw to hold the index against the long way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from opa_iam import routes
from opa_iam.expansion import Expansion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from model.stored import Data, Library

Document = dict[str, Any]

ACCOUNT = "111122223333"
OTHER = "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/Ana"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/Build"
LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/jobs.amazonaws.com/AWSServiceRoleForJobs"
FOREIGN = f"arn:aws:iam::{OTHER}:role/Guest"
CHINESE = f"arn:aws-cn:iam::{ACCOUNT}:user/Li"
ENTITIES = (USER, ROLE, LINKED, FOREIGN, CHINESE)
_SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role"

_FULL = {
    "service_control": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
    "resource_control": "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
}

REFERENCE: Data = {
    "keys": {},
    "source": "drawn",
    "services": {
        service: {
            "actions": {name: "1" if name in plain else "0" for name in (*about, *plain)},
            "groups": {"0": {"keys": [], "types": ["thing"]}, "1": {"keys": [], "types": []}},
            "types": {"thing": {"arn": "(?s)^arn:.*$", "keys": []}},
        }
        for service, about, plain in (
            ("s3", ("getobject", "putobject"), ("listallmybuckets",)),
            ("sqs", ("sendmessage",), ("listqueues",)),
            ("kms", ("decrypt", "retiregrant"), ("listkeys",)),
            ("iam", ("passrole", "deleterole"), ("listroles",)),
        )
    },
}

_ACTIONS = (
    "s3:GetObject", "s3:getobject", "s3:PutObject", "s3:Get*", "S3:*", "s3:***", "s3:?etObject", "s3:*Object", "*",
    "**", "sqs:SendMessage", "sqs:Send*", "sqs:*", "sqs:ListQueues", "kms:Decrypt", "kms:*", "kms:RetireGrant",
    "iam:PassRole", "iam:*", "iam:DeleteRole", "sts:*", "sts:AssumeRole", "s3:ListAllMyBuckets", "ec2:*",
    "s3:Get.bject", "ec2:RunInstances",
)  # fmt: skip
_RESOURCES = (
    "*", "*", "*", "**", "arn:*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k", "arn:aws:s3:::b/?", "arn:AWS:S3:::b/k",
    "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::b/${aws:PrincipalTag/team}",
    "arn:aws:s3:::b/${aws:PrincipalTag/no, 'k'}", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs",
    f"arn:aws:sqs:*:{ACCOUNT}:j*", "arn:aws:sqs:*:*:*", "arn:aws:*:*:*:*", f"arn:aws:sqs:eu-west-1:{OTHER}:jobs",
    f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", "arn:aws:kms:*:*:alias/*", "arn:aws:iam::*:role/*",
    f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/*", "arn:aws:s3:::b", "arn:aws:s3:::*", "arn:aws:s3",
    "arn:aws-cn:s3:::b/*", "arn:aws:s3:::B/k", "arn:aws:s3:::b/${*}", "arn:aws:sqs:${aws:RequestedRegion}:*:jobs",
)  # fmt: skip
_CONDITIONS: tuple[Data, ...] = (
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    {"StringEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}},
    {"StringLike": {"aws:PrincipalTag/team": "re?"}},
    {"Null": {"aws:TokenIssueTime": "true"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
    {"StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
    {"StringEquals": {"aws:username": "Ana"}},
    {"NumericLessThan": {"s3:max-keys": "10"}},
)

CALLERS: tuple[object, ...] = (
    *(USER, USER, ROLE, f"{_SESSION}/Build/run-7", f"{_SESSION}/bUILD/run-7", f"{_SESSION}/AWSServiceRoleForJobs/s"),
    *(LINKED, FOREIGN, f"arn:aws:sts::{OTHER}:assumed-role/guest/s", CHINESE, f"arn:aws:iam::{ACCOUNT}:root", "*"),
    *(
        f"{_SESSION}/Build/",
        f"{_SESSION}/Build/a/b",
        f"{_SESSION}/Build",
        f"{_SESSION}/build/a b",
        USER.lower(),
        ROLE.upper(),
    ),
    *(f"{_SESSION}/Nobody/s", {"arn": USER}, {"arn": ROLE, "tags": {"team": "red"}}, None, 7, [USER], ""),
    f"arn:aws:sts::{ACCOUNT}:federated-user/Ana",
    {"arn": f"arn:aws:sts::{ACCOUNT}:federated-user/Ana", "federating_user_arn": USER},
)
ASKED_ACTIONS: tuple[object, ...] = (
    *(
        "s3:GetObject",
        "s3:GetObject",
        "s3:GETOBJECT",
        "S3:getobject",
        "s3:PutObject",
        "s3:ListAllMyBuckets",
        "s3:GetUnknown",
    ),
    *(
        "sqs:SendMessage",
        "sqs:ListQueues",
        "kms:Decrypt",
        "kms:RetireGrant",
        "kms:ListKeys",
        "kms:CreateAlias",
        "iam:PassRole",
    ),
    *(
        "iam:DeleteRole",
        "iam:ListRoles",
        "sts:AssumeRole",
        "sts:GetCallerIdentity",
        "sts:GetSessionToken",
        "ec2:RunInstances",
    ),
    *(
        "s3:",
        ":GetObject",
        "s3",
        "s3:Get*",
        "*",
        "s3:Get Object",
        "s3:a:b",
        "",
        "s3:Get\nObject",
        None,
        5,
        ["s3:GetObject"],
    ),
    *("*:*", "nosuch:Thing", "s3:" + "a" * 2100, "iam:CreatePolicyVersion"),
)
ASKED_RESOURCES: tuple[object, ...] = (
    *(
        "arn:aws:s3:::b/k",
        "arn:aws:s3:::b/k",
        "arn:aws:s3:::b/red",
        "arn:aws:s3:::Ana/x",
        "arn:aws:s3:::b",
        "arn:aws:s3:::B/k",
    ),
    *(
        "*",
        "*",
        f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs",
        f"arn:aws:sqs:eu-west-1:{OTHER}:jobs",
        "arn:aws:sqs:eu-west-1::jobs",
    ),
    *(
        "arn:AWS:s3:::b/k",
        "arn:aws:S3:::b/k",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b/?",
        "arn:aws:s3:::*",
        "arn:aws:s3",
        "arn:aws:*",
    ),
    *(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/aws/s3", "arn:aws-cn:s3:::b/k"),
    *(
        ROLE,
        LINKED,
        f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/x",
        "arn:aws:iam::aws:policy/P",
        "b/k",
        "",
        None,
        3,
        ["*"],
        "arn:",
    ),
    *(
        f"arn:aws:sqs:*:{ACCOUNT}:jobs",
        "arn:aws:s3:::b/" + "a" * 2100,
        "arn:aws:s3:::b/a\nb",
        "arn:aws:s3:::b/${aws:username}",
    ),
    *(
        "arn:aws:s3:::${aws:username}/x",
        "arn:*:s3:::b/k",
        "**",
        f"arn:aws:sqs:eu-west-1:{ACCOUNT}:j*",
        "arn:aws-cn:s3:::b/*",
    ),
    *(f"arn:aws:kms:eu-west-1:{OTHER}:key/k", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*", "arn:aws:s3:eu-west-1:aws:b"),
)
CONTEXTS: tuple[object, ...] = (
    *({}, {"aws:RequestedRegion": "eu-west-1"}, {"AWS:requestedregion": "us-east-1"}, {"aws:TagKeys": ["team"]}),
    {"aws:RequestedRegion": "eu-west-1", "aws:requestedregion": "us-east-1"},
    *({"aws:SecureTransport": True, "s3:max-keys": 5}, {"aws:TagKeys": []}, {"aws:TagKeys": "team"}, {"k": None}),
    *(
        {"k": {"a": 1}},
        {"k": [["a"]]},
        {"k": [None]},
        None,
        [],
        "x",
        5,
        {"k": "a" * 9000},
        {"k": ["a" * 9000]},
        {"k": ["a"] * 3},
    ),
    {"aws:PrincipalAccount": OTHER, "aws:username": "b"},
    {"aws:ResourceAccount": OTHER, "aws:PrincipalArn": ROLE},
    {"aws:RequestedRegion": ["eu-west-1"], "aws:PrincipalTag/team": "blue"},
    {"aws:RequestedRegion": "", "k": "\u20ac" * 2000, "aws:PrincipalTag/team": "*"},
)
_MORE: tuple[Data, ...] = (
    *({"resource_account": ACCOUNT}, {"resource_account": ACCOUNT}, {"resource_account": OTHER}),
    *(
        {"resource_account": "x"},
        {"resource_account": None},
        {"resorce": "x"},
        {"as_of": "2024-02-30"},
        {"mode": "discovery"},
    ),
    *(
        {"settings": {}},
        {"settings": {"default_key_policy": True}},
        {"known": {}},
        {"policies": {}},
        {"policies": None},
    ),
)

_NOT_ALL_SETTINGS: list[Data] = [{}] * 12 + [
    {"default_key_policy": False},
    {"caller_is_management_account": True},
    {"default_key_policy": True},
]


@dataclass
class World:
    """Attachments, with the documents themselves in the place of their names."""

    identity: dict[str, list[Document]]
    boundaries: dict[str, Document]
    levels: dict[str, list[dict[str, list[Document | str]]]]
    resources: dict[str, Document | None]
    management: bool = False
    has_reference: bool = False
    settings: Data = field(default_factory=dict)

    def documents(self) -> Iterator[tuple[str, Document, str]]:
        """Give each document, with the name and the type under which it is stored."""
        for arn, documents in self.identity.items():
            for number, document in enumerate(documents):
                yield f"{arn}#{number}", document, "identity"
        for arn, document in self.boundaries.items():
            yield f"{arn}#boundary", document, "identity"
        yield from self._control_documents()
        for arn, policy in self.resources.items():
            if policy is not None:
                yield arn, policy, "resource"

    def _control_documents(self) -> Iterator[tuple[str, Document, str]]:
        for account, levels in self.levels.items():
            for place, level in enumerate(levels):
                for policy_type, policies in level.items():
                    for number, policy in enumerate(policies):
                        if not isinstance(policy, str):
                            yield f"{account}/{policy_type}/{place}/{number}", policy, policy_type

    def stored(self, library: Library) -> Data:
        """Return the world as compiled data, or none of it where AWS would not take a document."""
        documents = list(self.documents())
        lowered = library.lower([(document, policy_type) for _, document, policy_type in documents])
        expansion = Expansion(REFERENCE["services"] if self.has_reference else {})
        data: Data = {
            "account": {
                "principals": {arn: self._principal(arn) for arn in self.identity},
                "resources": {arn: {"account": ACCOUNT} for arn in self.resources},
            },
            "organization": {"accounts": {account: self._member(account) for account in self.levels}},
            "policies": {
                name: {
                    **({} if policy_type == "identity" else {"policy_type": policy_type}),
                    **expansion.of({name: one[name] for name in ("actions", "statements")}),
                }
                for (name, _, policy_type), one in zip(documents, lowered, strict=True)
            },
            "reference": REFERENCE if self.has_reference else {},
            "settings": self.settings,
        }
        roles = {
            f"{arn.split(':')[1]}/{arn.split(':')[4]}/{arn.rpartition('/')[2].lower()}": arn
            for arn in self.identity
            if ":role/" in arn
        }
        data["index"] = {"policy_names": {}, "roles": roles, **routes.of(data)}
        faults = [one for result in lowered for one in result["problems"] if "lint" not in one]
        assert faults == []
        return data

    def _principal(self, arn: str) -> Data:
        boundary = {"permissions_boundary": f"{arn}#boundary"} if arn in self.boundaries else {}
        policies = [f"{arn}#{number}" for number in range(len(self.identity[arn]))]
        return {"policies": policies, "tags": {"team": "red"}, **boundary}

    def _member(self, account: str) -> Data:
        levels = [
            {
                "id": f"level-{place}",
                **{
                    policy_type: [
                        policy if isinstance(policy, str) else f"{account}/{policy_type}/{place}/{number}"
                        for number, policy in enumerate(policies)
                    ]
                    for policy_type, policies in level.items()
                },
            }
            for place, level in enumerate(self.levels[account])
        ]
        return {
            "id": "o-a1b2c3d4e5",
            "levels": levels,
            "management": self.management and account == ACCOUNT,
            "paths": ["o-a1b2c3d4e5/r-a1b2/"],
        }

    def inline(self, request: Data, entity: str, owner: str) -> tuple[Data, dict[str, str]]:
        """Return a request with the policies that are stored for it, and the names that these then have."""
        names = {f"identity[{number}]": f"{entity}#{number}" for number in range(len(self.identity[entity]))}
        policies: Data = {"identity": self.identity[entity]}
        if entity in self.boundaries:
            policies["permissions_boundary"] = [self.boundaries[entity]]
            names["permissions_boundary[0]"] = f"{entity}#boundary"
        for policy_type, account in (("service_control", entity.split(":")[4]), ("resource_control", owner)):
            policies[policy_type] = [
                {"id": f"level-{place}", "policies": level[policy_type]}
                for place, level in enumerate(self.levels.get(account, []))
            ]
            for place, level in enumerate(self.levels.get(account, [])):
                for number in range(len(level[policy_type])):
                    name = f"{policy_type}[{place}].policies[{number}]"
                    names[name] = f"{account}/{policy_type}/{place}/{number}"
        return {**request, "policies": policies}, names


def entity_of(principal: object) -> str | None:
    """Return the user or role that a caller is or is a session of."""
    if not isinstance(principal, str):
        return None
    if principal in ENTITIES:
        return principal
    for arn in (ROLE, LINKED, FOREIGN):
        prefix = f"arn:aws:sts::{arn.split(':')[4]}:assumed-role/{arn.rpartition('/')[2]}/".lower()
        rest = principal.lower().removeprefix(prefix)
        if rest != principal.lower() and rest and rest.isascii() and not set(rest) & set("/ "):
            return arn
    return None


def owner_of(request: Data, entity: str) -> str | None:
    """Return the account that owns what a request is about, None where that is not evident."""
    if given := request.get("resource_account"):
        return str(given)
    resource = request.get("resource", "*")
    if not isinstance(resource, str):
        return None
    pieces = resource.split(":", 5)
    if resource == "*" or (len(pieces) == 6 and pieces[4] in ("", "*")):
        return entity.split(":")[4]
    return pieces[4] if len(pieces) == 6 and pieces[4].isdigit() else None


def _some(pool: Sequence[Any], *, most: int) -> SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(pool), min_size=1, max_size=most)


@st.composite
def _statements(draw: DrawFn, policy_type: str) -> Document:
    is_rcp = policy_type == "resource_control"
    effect = "Deny" if is_rcp else draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))
    pool = [one for one in _ACTIONS if one.lower().startswith(("s3:", "sqs:", "kms:", "sts:"))] if is_rcp else _ACTIONS
    is_not = (
        draw(st.integers(0, 5)) == 0 and not is_rcp and not (policy_type == "service_control" and effect == "Allow")
    )
    statement: Document = {"Effect": effect, ("NotAction" if is_not else "Action"): draw(_some(pool, most=3))}
    allows_resources = policy_type != "service_control" or effect == "Deny"
    element = "NotResource" if draw(st.integers(0, 6)) == 0 and allows_resources else "Resource"
    statement[element] = draw(_some(_RESOURCES, most=3)) if allows_resources and draw(st.booleans()) else "*"
    if draw(st.integers(0, 3)) == 0:
        statement["Condition"] = draw(st.sampled_from(_CONDITIONS))
    if draw(st.integers(0, 3)) == 0:
        statement["Sid"] = draw(st.sampled_from(["A", "B"]))
    if policy_type in ("resource", "resource_control"):
        statement["Principal"] = "*"
    return statement


@st.composite
def _documents(draw: DrawFn, policy_type: str = "identity") -> Document:
    statements = draw(st.lists(_statements(policy_type), min_size=1, max_size=3))
    for number, statement in enumerate(statements):
        if "Sid" in statement:
            statement["Sid"] += str(number)
    return {"Version": "2012-10-17", "Statement": statements}


_ALL: Document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@st.composite
def _levels(draw: DrawFn) -> list[dict[str, list[Document | str]]]:
    levels: list[dict[str, list[Document | str]]] = []
    for _ in range(draw(st.integers(0, 2))):
        full: list[Document | str] = [_FULL["service_control"]]
        scp: list[Document | str] = draw(st.sampled_from([full, full, [], [_ALL]]))
        more = draw(st.lists(_documents("service_control"), max_size=1))
        rcp = draw(st.lists(_documents("resource_control"), max_size=1))
        levels.append({"service_control": [*scp, *more], "resource_control": [_FULL["resource_control"], *rcp]})
    return levels


@st.composite
def worlds(draw: DrawFn) -> World:
    """Draw a world in which all callers have policies of their own, most of them few."""
    identity = {arn: draw(st.lists(_documents(), max_size=2)) for arn in ENTITIES}
    has = st.integers(0, 3)
    resources: dict[str, Document | None] = {}
    if draw(has) == 0:
        arns = ["arn:aws:s3:::b", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs", "arn:aws:s3:::z"]
        resources[draw(st.sampled_from(arns))] = draw(st.none() | _documents("resource"))
    return World(
        identity=identity,
        boundaries={arn: draw(_documents()) for arn in (USER, ROLE, FOREIGN) if draw(has) == 0},
        levels={account: draw(_levels()) for account in (ACCOUNT, OTHER) if draw(has) > 1},
        resources=resources,
        management=draw(has) == 0,
        has_reference=draw(st.booleans()),
        settings=draw(st.sampled_from(_NOT_ALL_SETTINGS)),
    )


@st.composite
def requests(draw: DrawFn) -> Data:
    """Draw a request, most of them plain and sound."""
    is_odd = draw(st.integers(0, 3)) == 0
    members: Data = {
        "principal": draw(st.sampled_from(CALLERS if is_odd else CALLERS[:9])),
        "action": draw(st.sampled_from(ASKED_ACTIONS if is_odd else ASKED_ACTIONS[:16])),
        "resource": draw(st.sampled_from(ASKED_RESOURCES if draw(st.integers(0, 2)) == 0 else ASKED_RESOURCES[:9])),
        "context": draw(st.sampled_from(CONTEXTS if is_odd else CONTEXTS[:4])),
    }
    if draw(st.integers(0, 6)) == 0:
        del members[draw(st.sampled_from([*members] if is_odd else ["context", "resource"]))]
    return {**members, **(draw(st.sampled_from(_MORE)) if draw(st.integers(0, 4)) == 0 else {})}
