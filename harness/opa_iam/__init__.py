"""AWS IAM's decision, made by Open Policy Agent, offline.

with opa_iam.open_engine() as engine:
    decision = opa_iam.decide(engine, {"principal": "arn:…", "action": "s3:GetObject", "resource": "arn:…"})
"""

from opa_iam.decisions import allow, decide
from opa_iam.engines import Engine, open_engine
from opa_iam.errors import DocumentError, EngineError, Finding, InputError, OpaIamError, ToolError

__version__ = "0.1.0"

__all__ = [
    "DocumentError",
    "Engine",
    "EngineError",
    "Finding",
    "InputError",
    "OpaIamError",
    "ToolError",
    "allow",
    "decide",
    "open_engine",
]
