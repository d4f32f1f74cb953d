package iam.condition

import data.iam.arn
import data.iam.instant

# METADATA
# title: A policy's value as it is compared, undefined where it can't be read
# description: "`compares` is an operator's; a value that can't be read is never satisfied (COND-ALL-5)."
wanted(compares, text) := text if compares == "text"

wanted(compares, text) := lower(text) if compares == "caseless text"

wanted(compares, text) := number(text) if compares == "number"

wanted(compares, text) := instant.of(text) if compares == "date"

wanted(compares, text) := block(text) if compares == "address"

# ARNs are compared as they are written, for here all segments are case-sensitive (COND-ARN-2, COND-ARN-3).
wanted(compares, text) := text if {
	compares == "arn"
	arn.segments(text)
}

wanted(compares, text) := _bytes(text) if compares == "binary"

wanted(compares, text) := lower(text) if {
	compares in ["boolean", "presence"]
	lower(text) in ["false", "true"]
}

# METADATA
# title: A request's value as it is compared, undefined where it can't be read
# description: Any value but `true` counts as false, which keeps a Deny on false closed (COND-BOOL-1).
read(compares, text) := text if compares == "text"

read(compares, text) := wanted(compares, text) if compares in ["arn", "binary", "caseless text", "date", "number"]

read(compares, text) := address(text) if compares == "address"

read(compares, text) := json.marshal(lower(text) == "true") if compares == "boolean"

# One base64 text for the same bytes; what is no base64 equals itself alone (COND-BIN-1). OPA's two implementations differ
# in what they take for base64, so that only the strict form comes before them.
default _is_base64(_) := false

_is_base64(text) if regex.match(`^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$`, text)

_bytes(text) := base64.encode(base64.decode(text)) if _is_base64(text)

_bytes(text) := text if not _is_base64(text)
