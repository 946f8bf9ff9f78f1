"""A plan as text, as JSON and as SQL."""

from io import StringIO

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from salesmode.database.statement import DIALECTS
from salesmode.tables.migrations.codec import as_json
from salesmode.tables.migrations.perform_sqlite import performer
from salesmode.tables.migrations.plan import Plan

NO_CHANGES = "No changes."


def as_text(plan: Plan) -> str:
    """A line for each step, then what an undo leaves undone, then what stands against it all."""
    if not plan.steps and not plan.refusals:
        return NO_CHANGES
    lines = [f"{step.effect:<16}{step.text}" for step in plan.steps]
    lines += [f"not undone      {text}: what was dropped is lost" for text in plan.gone]
    for each in plan.refusals:
        lines += [
            "",
            f"refused         {each.step}",
            f"                {each.text}",
            f"                fix: {each.fix}",
        ]
    return "\n".join(lines)


def as_mapping(plan: Plan) -> dict[str, object]:
    """For `--json`: every step with its effect, text and number of rows, and exactly what it does."""
    return {
        "steps": [
            {
                "effect": step.effect,
                "text": step.text,
                "rows": step.rows,
                "operation": as_json(step.operation),
            }
            for step in plan.steps
        ],
        "refusals": [
            {"step": each.step, "text": each.text, "rows": each.rows, "fix": each.fix}
            for each in plan.refusals
        ],
    }


def as_sql(plan: Plan) -> str:
    """The statements that apply would run, without those about `sm_metadata`'s rows."""
    text = StringIO()
    context = MigrationContext.configure(
        dialect=DIALECTS[plan.before.dialect], opts={"as_sql": True, "output_buffer": text}
    )
    performer(Operations(context), plan.before).run(step.operation for step in plan.steps)
    return text.getvalue()
