# METADATA
# title: What is wrong with the exceptions
package iam.ci.check.exemption

import data.iam.ci.exemption

# METADATA
# title: What refuses the change
denied := exemption.faults

# METADATA
# title: Nothing is merely told
warned := set()
