"""Routing and public pools (公海): who gets a record, and what becomes of records that nobody works on.

Takes: documents of the kinds `routing_rule` and `public_pool`; writes of the objects that they name.
Gives: owners by rule, recorded with their reasons; claims, releases, recycling and hand-overs within limits.
Rejects when: a limit, a role or somebody quicker stands against it: a Refusal that says so, and until when.
Modules: durations, working_time, reading → rules, pools (YAML → values), brought (fields of the objects that
  they name); portions; turns → candidates, counters → deciding → assigning (who gets records); moves →
  filing → returning (into pools); following (what writes lead to), limits, notices, claiming; sweeping →
  touch (time limits), recycling; receiving, seeing → handing_over → undoing; simulating; texts; api, shell,
  panels, plugin (the hooks).
"""
