"""The pytest plugin, in pytest runs of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opa_iam import library

if TYPE_CHECKING:
    from opa_iam.engines import LocalOpa

GOOD = """
- name: an engineer on call starts an incident
  request: {principal: "arn:aws:iam::111122223333:role/OnCallEngineer", action: "ssm-incidents:StartIncident"}
  expect: {decision: allowed}
"""
BAD = GOOD.replace("allowed", "implicitDeny").replace("starts", "may not start")


@pytest.fixture
def run(pytester: pytest.Pytester, engine: LocalOpa, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder for pytest runs that ask the OPA of this session."""
    monkeypatch.setenv("OPA_IAM_ENGINE", engine._server.client.url)  # noqa: SLF001
    pytester.makeini("[pytest]")
    return pytester


def test_case_files_are_collected_by_their_ending(run: pytest.Pytester) -> None:
    run.path.joinpath("good.iam.yaml").write_text(GOOD)
    run.path.joinpath("other.yaml").write_text(BAD)
    result = run.runpytest_subprocess("-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["good.iam.yaml::an engineer on call starts an incident PASSED*"])


def test_a_file_of_any_name_is_collected_where_it_is_named(run: pytest.Pytester) -> None:
    run.path.joinpath("other.yaml").write_text(GOOD)
    run.runpytest_subprocess("other.yaml").assert_outcomes(passed=1)


def test_a_failing_case_shows_place_difference_and_reason(run: pytest.Pytester) -> None:
    run.path.joinpath("bad.iam.yaml").write_text(BAD)
    result = run.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*bad.iam.yaml:2",
            "/decision: expected 'implicitDeny', got 'allowed'",
            "allowed",
            "  allowed by StartIncidentPermissions of AWSIncidentManagerResolverAccess",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_broken_case_file_is_an_error_with_its_place(run: pytest.Pytester) -> None:
    run.path.joinpath("broken.iam.yaml").write_text("- name: x\n  request: {}\n  expects: {}\n")
    result = run.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*broken.iam.yaml:3:3: UNKNOWN_MEMBER at /0/expects: *"])


def test_python_tests_take_the_decision_from_a_fixture(run: pytest.Pytester) -> None:
    run.makepyfile("""
        def test_it(opa_iam):
            request = {"principal": "arn:aws:iam::111122223333:role/OnCallEngineer", "action": "ssm-incidents:X"}
            assert opa_iam(request)["decision"] == "implicitDeny"
    """)
    run.runpytest_subprocess().assert_outcomes(passed=1)


def test_an_engine_that_is_not_there_fails_the_case_in_one_line(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_IAM_ENGINE", "cedar")
    run.path.joinpath("good.iam.yaml").write_text(GOOD)
    result = run.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["there is no engine 'cedar'*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_bundle_option_starts_an_opa_on_it(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPA_IAM_ENGINE")
    run.path.joinpath("good.iam.yaml").write_text(GOOD)
    run.runpytest_subprocess(f"--opa-iam-bundle={library.root()}").assert_outcomes(passed=1)


def test_a_run_without_cases_starts_nothing(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA_IAM_ENGINE", "cedar")
    run.makepyfile("def test_it(): pass")
    run.runpytest_subprocess().assert_outcomes(passed=1)
