"""The GraphQL API: a schema per policy, made as it is touched, and the way from a request's text to its
bytes.

Takes: Model, Policy, Tables, a Database; then a Query and its Caller.
Gives: `Endpoint` (answers requests), `Catalog` (every type of a policy) and `printed` (its schema as text).
Rejects when: a document is wrong, too large or names what the policy does not show (BAD_REQUEST), a value
  cannot be read (VALIDATION_FAILED), or a room below refuses.
Modules: endpoint → prepare (cache) → document (limits, rules) → usage, shapes → planning (selection, trees,
  leaves, raw; writes) → plans → execute (mutate, values; meta, rows, introspection, metadata; explain,
  explain_stage, files; of plugins: asking, answers, plugged_values, holes) → errors, picked. Subscriptions:
  feed (change, follower) → watch. The schema: schema (lazy, types), printed and introspection over catalog
  (blueprint, view): derived (outputs, aggregates, filters, orders, inputs, payloads), built_in (scalars,
  explanation), roots (moving), plugged (plugged_metadata), library.
"""
