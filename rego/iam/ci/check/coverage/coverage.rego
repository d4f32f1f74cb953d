# METADATA
# title: Whether what should be judged is judged
# description: |
#   A gate that found nothing must not open. Of several files it is enough that one has something; Conftest looks at each file
#   alone, unless told to combine them.
package iam.ci.check.coverage

import data.iam.ci.file
import data.iam.ci.model
import data.iam.ci.state

# METADATA
# title: What refuses the change
denied := state.faults | _nothing

# METADATA
# title: What is told of it
warned := {model.finding("coverage", "NOTHING_IN_FILE", "warn", {"file": one.path}, message, "") |
	count(state.judged) > 0
	some i, one in file.files
	not i in state.judged
	message := "there is nothing about IAM in this file"
}

_nothing := {model.finding("coverage", "NOTHING_TO_JUDGE", "deny", {}, message, mend) |
	count(state.judged) == 0
	not data.iam.ci.settings.allow_nothing
	message := "no policy and nobody who has one was found: there is nothing to judge"
	mend := "give a Terraform plan as JSON, a CloudFormation template or a policy, or set allow_nothing"
}
