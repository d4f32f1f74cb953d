"""`python -m opa_iam` is `opa-iam`."""

from opa_iam.cli import main

main()
