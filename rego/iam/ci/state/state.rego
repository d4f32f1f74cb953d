# METADATA
# title: What the files have, whatever kind they are
# description: What the adapters yield, joined; see `iam.ci.model`.
package iam.ci.state

import data.iam.ci.file

# METADATA
# title: The policy documents after the change, by id
documents := object.union_n([data.iam.ci.adapter[kind].documents | some kind in _kinds])

# METADATA
# title: The policy documents before the change, by id
before := object.union_n([data.iam.ci.adapter[kind].before | some kind in _kinds])

# METADATA
# title: Who has identity policies after the change, by id
principals := object.union_n([data.iam.ci.adapter[kind].principals | some kind in _kinds])

# METADATA
# title: Who had identity policies before the change, by id
before_principals := object.union_n([data.iam.ci.adapter[kind].before_principals | some kind in _kinds])

# METADATA
# title: The files that tell what was before the change
compared := union({data.iam.ci.adapter[kind].compared | some kind in _kinds})

# METADATA
# title: The accounts that the change is known to be about
accounts := union({data.iam.ci.adapter[kind].accounts | some kind in _kinds})

# METADATA
# title: What is not known before the change is made
unknowns := union({data.iam.ci.adapter[kind].unknowns | some kind in _kinds})

# METADATA
# title: What only an adapter can find
faults := union({data.iam.ci.adapter[kind].faults | some kind in _kinds})

# METADATA
# title: Whether there is anything to judge, by the file's number
# scope: document
judged contains i if {
	some i, one in file.files
	some document in documents
	not document.outside
	document.file == one.path
}

judged contains i if {
	some i, one in file.files
	some principal in principals
	principal.file == one.path
}

judged contains i if {
	some i, one in file.files
	some unknown in unknowns
	unknown.file == one.path
}

judged contains i if {
	some i, one in file.files
	some fault in faults
	fault.file == one.path
}

_kinds := {kind | some kind in file.kinds; kind != "unknown"}
