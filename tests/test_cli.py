"""The command line, as a user calls it: in a process of its own, with a real OPA."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import requests

from opa_iam import library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROLE = "arn:aws:iam::111122223333:role/OnCallEngineer"
SESSION = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleforIncidentManager/IncidentManager"
METRICS = ("--principal", SESSION, "--action", "cloudwatch:PutMetricData")
START = {"principal": ROLE, "action": "ssm-incidents:StartIncident"}
DELETE = {"principal": ROLE, "action": "ssm-incidents:DeleteResponsePlan"}
CASES = str(library.root() / "examples" / "incident-manager.iam.yaml")

Run = subprocess.CompletedProcess[str]


@pytest.fixture
def opa_iam(tmp_path: Path) -> Callable[..., Run]:
    """A function that runs `opa-iam` in an empty folder."""

    def run(*arguments: str, text: str | None = None, **environment: str) -> Run:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "opa_iam", *arguments],
            input=text,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "200", **environment},
            check=False,
        )

    return run


def answer(done: Run) -> Any:  # noqa: ANN401
    """Return what a run printed, as JSON."""
    return json.loads(done.stdout)


def test_help_names_every_command(opa_iam: Callable[..., Run]) -> None:
    done = opa_iam("--help")
    commands = [line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines() if line]
    named = ["build", "ci", "compile", "decide", "keys", "lint", "publish", "serve", "test", "tools", "verify"]
    assert (done.returncode, commands) == (0, named)


class TestDecide:
    def test_explains_an_allow_by_its_sid(self, opa_iam: Callable[..., Run]) -> None:
        done = opa_iam("decide", *METRICS, "--context", "cloudwatch:namespace=AWS/IncidentManager", "--explain")
        assert (done.returncode, done.stdout) == (
            0,
            "allowed\n  allowed by PutCloudWatchMetricPermission of AWSIncidentManagerServiceRolePolicy\n",
        )

    def test_explains_a_deny_by_key_wanted_and_given(self, opa_iam: Callable[..., Run]) -> None:
        done = opa_iam("decide", *METRICS, "--context", "cloudwatch:namespace=Shop", "--explain")
        assert (done.returncode, done.stdout.splitlines()) == (
            0,
            [
                "implicitDeny",
                (
                    "  PutCloudWatchMetricPermission of AWSIncidentManagerServiceRolePolicy does not apply: "
                    "cloudwatch:namespace is Shop, StringEquals wants AWS/IncidentManager"
                ),
            ],
        )

    def test_json_is_the_decision(self, opa_iam: Callable[..., Run]) -> None:
        decision = answer(opa_iam("decide", *METRICS, "--context", "CloudWatch:Namespace=Shop", "--format", "json"))
        policy = "arn:aws:iam::aws:policy/aws-service-role/AWSIncidentManagerServiceRolePolicy"
        assert len(decision.pop("revision")) == 16
        assert decision == {
            "allow": False,
            "assumed_conditions": {},
            "blocked_by": [],
            "decision": "implicitDeny",
            "errors": [],
            "foreign_context_keys": [],
            "implicit_denies": [{"policy_type": "identity"}],
            "matched_statements": [],
            "missing_context_keys": [],
            "missing_inputs": [],
            "near_misses": [
                {
                    "effect": "Allow",
                    "failed": [
                        {
                            "element": "Condition",
                            "given": "Shop",
                            "key": "cloudwatch:namespace",
                            "operator": "StringEquals",
                            "reason": "no_value_matches",
                            "wanted": ["AWS/IncidentManager"],
                        }
                    ],
                    "index": 4,
                    "policy": policy,
                    "policy_type": "identity",
                    "sid": "PutCloudWatchMetricPermission",
                }
            ],
            "not_checked": [],
            "requirement": None,
            "verdicts": {
                "identity": "implicitDeny",
                "permissions_boundary": "notApplicable",
                "resource": "notApplicable",
                "resource_control": "notApplicable",
                "service_control": "notApplicable",
                "session": "notApplicable",
                "vpc_endpoint": "notApplicable",
            },
            "warnings": [],
        }

    def test_many_requests_are_answered_in_order(self, opa_iam: Callable[..., Run]) -> None:
        lines = "\n".join(map(json.dumps, [START, DELETE, START]))
        done = opa_iam("decide", "-", "--format", "json", text=lines)
        assert [json.loads(line)["allow"] for line in done.stdout.splitlines()] == [True, False, True]

    def test_many_requests_make_a_table(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        (tmp_path / "requests.json").write_text(json.dumps([START, DELETE]))
        done = opa_iam("decide", "requests.json")
        assert [line.split()[0] for line in done.stdout.splitlines()[1::2]] == ["allowed", "implicitDeny"]

    @pytest.mark.parametrize(("requests_", "code"), [([START], 0), ([START, DELETE], 1)])
    def test_check_is_1_where_one_is_denied(
        self, opa_iam: Callable[..., Run], requests_: list[dict[str, str]], code: int
    ) -> None:
        assert opa_iam("decide", "-", "--check", text=json.dumps(requests_)).returncode == code

    def test_a_policy_from_a_file_decides_instead(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        statement = {"Sid": "Mine", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
        (tmp_path / "mine.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        done = opa_iam("decide", "--principal", ROLE, "--action", "s3:GetObject", "--policy", "mine.json", "--explain")
        assert done.stdout == "allowed\n  allowed by Mine of identity[0]\n"

    def test_a_key_given_twice_is_a_list(self, opa_iam: Callable[..., Run]) -> None:
        twice = ("--context", "cloudwatch:namespace=AWS/IncidentManager", "--context", "cloudwatch:namespace=b")
        decision = answer(opa_iam("decide", *METRICS, *twice, "--format", "json"))
        assert decision["decision"] == "allowed"  # the first counts
        assert [(warning["code"], warning["path"]) for warning in decision["warnings"]] == [
            ("LIST_FOR_SINGLE_VALUED_KEY", "/context/cloudwatch:namespace")
        ]

    def test_a_mistake_in_the_request_is_2_and_placed(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        (tmp_path / "requests.jsonl").write_text(f'{json.dumps(START)}\n{{"principal": "x",  "action": "y:z"}}\n')
        done = opa_iam("decide", "requests.jsonl", "--format", "json")
        assert done.returncode == 2
        assert done.stderr.startswith("opa-iam: requests.jsonl:2:15: INVALID_PRINCIPAL: 'x' is neither")
        assert [json.loads(line)["allow"] for line in done.stdout.splitlines()] == [True, False]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--principal", ROLE), "--action is missing"),
            ((), "--principal is missing"),
            ((*METRICS, "--context", "x"), "--context x: spell it KEY=VALUE"),
            (("-", "--action", "s3:GetObject"), "leave out --action"),
            (("none.json",), "none.json: No such file"),
            ((*METRICS, "--bundle", "nowhere"), "nowhere: neither a bundle nor a folder"),
            ((*METRICS, "--engine", "cedar"), "there is no engine 'cedar'"),
        ],
    )
    def test_mistakes_are_2_without_a_traceback(
        self, opa_iam: Callable[..., Run], arguments: tuple[str, ...], message: str
    ) -> None:
        done = opa_iam("decide", *arguments, text="{}")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("opa-iam: ")
        assert message in done.stderr
        assert "Traceback" not in done.stderr

    def test_an_engine_that_fails_is_3(self, opa_iam: Callable[..., Run]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            done = opa_iam("decide", *METRICS, OPA_IAM_ENGINE=f"http://127.0.0.1:{probe.getsockname()[1]}")
        assert (done.returncode, done.stdout) == (3, "")
        assert "refused" in done.stderr


class TestTest:
    def test_passing_cases(self, opa_iam: Callable[..., Run]) -> None:
        done = opa_iam("test", CASES)
        assert (done.returncode, done.stdout) == (0, "15 of 15 cases passed\n")

    def test_a_failing_case_is_1_and_shown(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        case = {"name": "denied", "request": START, "expect": {"allow": False}}
        (tmp_path / "x.iam.json").write_text(json.dumps([case]))
        done = opa_iam("test", "x.iam.json")
        assert done.returncode == 1
        assert "/allow: expected False, got True" in done.stdout
        assert done.stdout.endswith("0 of 1 cases passed\n")

    def test_json_has_the_counts(self, opa_iam: Callable[..., Run]) -> None:
        printed = answer(opa_iam("test", CASES, "--format", "json"))
        assert (printed["passed"], printed["failed"], len(printed["results"])) == (15, 0, 15)
        assert printed["results"][0].keys() >= {"name", "passed", "expect", "decision"}

    def test_junit_has_a_failure_for_each_failing_case(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        good = {"name": "good", "request": START, "expect": {"allow": True}}
        (tmp_path / "x.json").write_text(json.dumps([good, {**good, "name": "<bad>", "expect": {"allow": False}}]))
        done = opa_iam("test", "x.json", "--format", "junit")
        suite = ET.fromstring(done.stdout)[0]  # noqa: S314 - our own output
        assert suite.attrib == {"name": "x.json", "tests": "2", "failures": "1"}
        assert [(case.get("name"), len(case)) for case in suite] == [("good", 0), ("<bad>", 1)]

    def test_a_folder_without_cases_is_2(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        done = opa_iam("test", "empty")
        assert (done.returncode, done.stderr) == (2, "opa-iam: empty: there is no *.iam.yaml below it\n")


class TestCompileAndBuild:
    def test_compile_writes_data(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        done = opa_iam("compile")
        assert (done.returncode, done.stderr) == (0, "build/data: 3 policies, 4 principals\n")
        assert sorted(path.parent.name for path in tmp_path.rglob("data.json")) == [
            "account",
            "index",
            "policies",
            "reference",
            "settings",
        ]

    def test_what_sources_have_in_vain_is_a_warning(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        (tmp_path / "export.json").write_text('{"UserDetailList": [], "Future": 1}')
        (tmp_path / "bundle.yaml").write_text("name: p\naccount_exports: [export.json]\n")
        for command in ("compile", "build"):
            done = opa_iam(command)
            warning = (
                "opa-iam: warning: export.json:1:24: UNKNOWN_MEMBER at /Future: there is no 'Future' here; known are"
            )
            assert (done.returncode, done.stderr.startswith(warning)) == (0, True)

    def test_a_bad_document_is_2_and_leaves_what_was_there(
        self, opa_iam: Callable[..., Run], make_project: Callable[..., Path], tmp_path: Path
    ) -> None:
        opa_iam("compile")
        before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
        statement = {"Effect": "allow", "Action": "s3:*", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        policy = {"arn": "arn:aws:iam::111122223333:policy/P", "document": document}
        make_project({"name": "p", "policies": ["policies/*.yaml"]}, p=policy)
        done = opa_iam("compile")
        assert done.returncode == 2
        assert done.stderr == (
            "opa-iam: policies/p.yaml:5:13: INVALID_EFFECT at /document/Statement/0/Effect: "
            'Effect must be exactly Allow or Deny, not "allow" (GRAM-17)\n'
        )
        assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before

    def test_two_builds_are_the_same_bytes(self, opa_iam: Callable[..., Run], tmp_path: Path) -> None:
        first, second = opa_iam("build", "-o", "a.tar.gz"), opa_iam("build", "-o", "b/b.tar.gz")
        assert (first.returncode, second.returncode) == (0, 0)
        assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b" / "b.tar.gz").read_bytes()


def test_serve_answers_as_decide_does(opa_iam: Callable[..., Run], tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "opa_iam", "serve", "--addr", address]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=tmp_path, stdout=quiet, stderr=quiet) as process:  # noqa: S603
        try:
            served = _post(f"http://{address}/v1/data/iam/authz/decision", START)
            allowed = _post(f"http://{address}/v1/data/iam/authz/allow", START)
        finally:
            process.send_signal(signal.SIGTERM)
    decided = answer(opa_iam("decide", "-", "--format", "json", text=json.dumps(START)))
    assert (served["result"], allowed["result"]) == (decided, True)


def _post(url: str, request: dict[str, str]) -> dict[str, Any]:
    """Ask a server, waiting for it to listen."""
    for _ in range(600):
        try:
            reply: dict[str, Any] = requests.post(url, json={"input": request}, timeout=10).json()
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return reply
    raise AssertionError(f"{url} never listened")


def test_tools_says_where_the_programs_are(opa_iam: Callable[..., Run]) -> None:
    row = answer(opa_iam("tools", "opa", "--format", "json"))
    path = opa_iam("tools", "opa", "--path").stdout.strip()
    assert (row["name"], row["path"]) == ("opa", path)
    assert row["version"] in subprocess.run([path, "version"], capture_output=True, text=True, check=True).stdout  # noqa: S603


def test_a_stopped_command_stops_its_opa(tmp_path: Path) -> None:
    cases = [{"name": str(number), "request": START, "expect": {"allow": True}} for number in range(5_000)]
    (tmp_path / "many.json").write_text(json.dumps(cases))
    command = [sys.executable, "-m", "opa_iam", "test", "many.json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        while not (children := _children(process.pid)) and process.poll() is None:
            time.sleep(0.05)
        process.terminate()
    assert process.returncode == 128 + signal.SIGTERM
    assert children
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)


def _children(pid: int) -> list[int]:
    """Return the OPA servers that a process has started and that go on."""
    command = ["pgrep", "-P", str(pid), "-f", "run --server"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return [int(line) for line in listed.stdout.split()]
