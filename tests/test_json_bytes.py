from __future__ import annotations

import json
from typing import Any

import pytest

from opa_iam import json_bytes


@pytest.mark.parametrize(
    "value",
    [{"b": [1, 2.5, None, True], "a": "é"}, 2**70, ["\ud800"], {"a": {"b": []}}],
    ids=["usual", "beyond 64 bits", "half a pair", "nested"],
)
@pytest.mark.parametrize("readable", [False, True])
def test_what_is_written_is_read_again(value: Any, readable: bool) -> None:  # noqa: ANN401, FBT001
    assert json.loads(json_bytes.dumps(value, readable=readable)) == value


def test_readable_json_is_indented_and_in_order() -> None:
    assert json_bytes.dumps({"b": 1, "a": "é"}, readable=True) == '{\n  "a": "é",\n  "b": 1\n}\n'.encode()
    assert json_bytes.dumps({"b": 1, "a": "é"}) == '{"b":1,"a":"é"}'.encode()


def test_what_json_can_not_hold_is_refused() -> None:
    with pytest.raises(TypeError):
        json_bytes.dumps({1, 2})
