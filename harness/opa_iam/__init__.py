"""AWS IAM's decision, made by Open Policy Agent, offline."""

__version__ = "0.1.0"
