"""The read path: a selection and a policy become one SQL statement whose answer is the JSON text of the root
  field.

Takes: a tree of Picks (names as clients spell them) and a PolicyScope; there is no way to plan without one.
Gives: a Statement of one row and one column, ready to be cached and bound.
Rejects when: a name is unknown or not granted (BAD_REQUEST, one text for both), an argument is out of its
  range, the plan is too large.
Modules: pick → planner, whose passes are expand → grouping → filters → order → page → opportunity_pass →
  analysis_pass → cost → volume, over nodes (walk reaches all of them) → render, with paging, keys, cursor,
  aggregate, history, stages, tags, next_stages, holes and search; opportunities (over opportunity_rows);
  funnel, forecast and win_rate (over standing_rows, stage_table, periods, numbers, gathered); columns, joins,
  json_text. Beside them profile (who asks), explain (why somebody sees a record) and explain_stage (why it
  may move).
"""
