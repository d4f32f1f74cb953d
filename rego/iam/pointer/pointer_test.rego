package iam.pointer_test

import data.iam.pointer

test_step_escapes_the_name[name] if {
	some name, path in {"a": "/x/a", "": "/x/", "a/b": "/x/a~1b", "~1": "/x/~01", "a~/b": "/x/a~0~1b"}
	pointer.step("/x", name) == path
}
