# What the server itself costs: the least that a rule can do with a request.
package bench.floor

result if input.x == 1

# The same, given a whole request: what parsing it costs.
whole if input.action
