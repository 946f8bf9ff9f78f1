"""Commission (提成): who earns what for what has happened, as a ledger that is only appended (D27, D57, D79,
D91).

Takes: documents of the kind `commission_plan`; events of the records that their rules are about; periods.
Gives: exact lines with plan, rule, base, rate, share and reason; runs by period; levels; statements.
Rejects when: a line is changed or deleted; a period is run that is locked.
Modules: plans, plan_kind (YAML → values); amounts, periods (pure); shares → earnings (what is earned by
now) →
  ledger (what is to be added); affected (events → records); runs, levels; statements; api, commands; plugin.
"""
