# METADATA
# title: JSON Pointers
# description: Where a value stands in a request or in a document (RFC 6901).
package iam.pointer

# METADATA
# title: A pointer lengthened by a member's name, with the escapes that the name needs
step(path, name) := $"{path}/{replace(replace(name, "~", "~0"), "/", "~1")}"
