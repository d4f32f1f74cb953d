package iam.lint

# A finding at a value. One that can be an ERROR belongs to `faults`, any other to `advice`, which `errors` never looks at.
_finding(code, severity, path, message) := {
	"at_key": false,
	"code": code,
	"locations": [path],
	"mend": "",
	"message": message,
	"path": path,
	"severity": severity,
}

# A finding at a member's name.
_at_key(code, severity, path, message) := object.union(_finding(code, severity, path, message), {"at_key": true})

_mended(finding, mend) := object.union(finding, {"mend": mend})

# A finding with several places, the first of which counts (LINT-2).
_located(finding, paths) := object.union(finding, {"locations": paths, "path": paths[0]})
