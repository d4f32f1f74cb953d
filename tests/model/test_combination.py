"""Every situation is decided as the model of the tables says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given

from model import wording
from model.choices import situations
from model.combination import outcome
from opa_iam import decisions

if TYPE_CHECKING:
    from model.combination import Situation
    from opa_iam.engines import Engine


# SAME-1, SAME-3, XACC-1 to XACC-4, XACC-7, EVAL-1, EVAL-2, EVAL-5, SCP-1 to SCP-5, RCP-1 to RCP-4, PB-2 to PB-5
# SESS-2 to SESS-6, VPCE-1, VPCE-3, KMS-2, TRUST-2, S3-1, S3-2, PRIN-2, PRIN-20, PRIN-23, EXP-4, EXP-5
@given(situation=situations())
def test_the_engine_decides_as_the_tables_say(engine: Engine, situation: Situation) -> None:
    request = wording.request(situation)
    expected = _expected(situation)
    decision = decisions.decide(engine, request)
    actual = {
        "allow": decision["allow"],
        "decision": decision["decision"],
        "errors": decision["errors"],
        "blocked_by": sorted(decision["blocked_by"]),
        "verdicts": {kind: decision["verdicts"].get(kind) for kind in expected["verdicts"]},
    }
    assert actual == expected, _as_case(request, expected)


def _expected(situation: Situation) -> dict[str, Any]:
    answer = outcome(situation)
    return {
        "allow": answer.decision == "allowed",
        "decision": answer.decision,
        "errors": [],
        "blocked_by": sorted(answer.blocked_by),
        "verdicts": answer.verdicts,
    }


def _as_case(request: dict[str, Any], expected: dict[str, Any]) -> str:
    """Return an entry for a case file."""
    return yaml.safe_dump([{"name": "as the tables say", "request": request, "expect": expected}], sort_keys=False)
