# METADATA
# title: The service authorization reference
# description: What AWS documents of an action, where the compiled data has it.
package iam.catalogue

import data.iam.request

# METADATA
# title: Whether the request's action supports resource-level permissions (RES-30)
# description: Undefined where the reference is not loaded or lacks the action.
supports_resources := count(data.iam.reference.actions[request.action].resource_types) > 0
