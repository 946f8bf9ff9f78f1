"""Roles become one Policy per set of roles, and a policy becomes the one way from a name to a column.

Takes: Model, a set of role names, and Tables for the scopes.
Gives: `Policy` (objects, rows, fields, masks, writes, each with the reason it applies), `SystemScope`,
  `PolicyScope`.
Rejects when: never; what a policy does not grant is not in it, and whoever asks for it gets no answer.
Modules: policy (the values), compose (roles → policy; lazy), built_in, piped, stays and snapshots
  (pipelines), tags, attached, scope (the one resolver), asked (which saved questions are theirs),
  disclosure (the policy of what is let out); matrix and explain (what a policy says, for people).
"""
