"""Opportunities in their granularities: where a record of a pipeline stands, and what stands in its way.

Takes: a Pipeline of the Model, a passage from one place to another, and what a caller's roles may.
Gives: the places of a pipeline; the barriers of a passage, each a condition on the row as it will be, with
  the code, message and field of its problem (RULINGS 36, 37); what a row holds in its new place.
Rejects when: never; it is knowledge of the Model, and whoever evaluates the conditions refuses.
Modules: places, barrier, steps (the order of stages), gates (entry and exit), passage (both together);
  movers (whose roles are asked for); after (a row as a move would leave it), ahead (all ways from a place);
  explain, telling (why a way is open or not); expected and worth (what a place and a record
  are worth in the forecast);
  lines (opportunities of a customer), dimensions (what an analysis may be told by).
"""
