package iam.authz

# METADATA
# title: The decisions on many requests, in their order
# description: |
#   The input is `{"requests": [request…]}`; any other input is taken for the one request of a batch.
# scope: document
# entrypoint: true
batch := [result |
	some request in _requests
	result := decision with input as request
]

# METADATA
# title: Whether each of many requests is allowed, in their order
# description: Takes what `batch` takes.
# scope: document
# entrypoint: true
batch_allow := [result |
	some request in _requests
	result := allow with input as request
]

default _requests := [null]

_requests := [input] if not _is_batch

_requests := object.get(input, "requests", []) if _is_batch

default _is_batch := false

_is_batch if is_array(object.get(input, "requests", null))
