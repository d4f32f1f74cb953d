"""`opa-iam ci`: whether a change may be merged, by the same Rego that Conftest runs.

`inputs` reads the files, `settings` what holds for them, `evaluation` asks the Rego, `formats` writes its answer, and
`run` is all of it.
"""
