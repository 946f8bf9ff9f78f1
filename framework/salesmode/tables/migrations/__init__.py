"""How a database that has other tables than the Model's is brought to them, without losing what is in it.

Takes: Database, Model.
Gives: `plan`, `apply` and `undo`, which each answer a Plan; `as_text`, `as_mapping` and `as_sql` of one.
Rejects when: rows contradict a step (their count and the fix), or values would be lost: in `Plan.refusals`.
Modules: operations, codec (JSON), history and catalog (what is there) → script, conversion, compare_table,
    compare → origins, questions (what must be known of the rows), wording, plan → perform, perform_sqlite,
    render; migrate.
"""

from salesmode.tables.migrations.migrate import apply, plan, undo
from salesmode.tables.migrations.plan import Plan, Refused, Step
from salesmode.tables.migrations.render import as_mapping, as_sql, as_text

__all__ = ["Plan", "Refused", "Step", "apply", "as_mapping", "as_sql", "as_text", "plan", "undo"]
