"""Findings on policy documents: AWS's own checks, and more.

The Rego library's `iam.lint` looks at each document; what takes a whole account, its organization or AWS's list of
managed policies is looked at here. `run` is what the command does, `checks` what a compile asks. `docs/lint.md` lists
every code.
"""
