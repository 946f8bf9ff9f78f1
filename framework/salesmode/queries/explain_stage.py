"""Why a record may move or not: where it stands, and then one statement with everything that may be in its
way.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.model.condition import Argument, Compare, Condition
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS, Pipeline
from salesmode.pipelines.after import after
from salesmode.pipelines.explain import Asked, StageExplanation, explained_stage, questions
from salesmode.pipelines.places import place, places, standing
from salesmode.queries.explain import ID

_THIS = Compare("id", "eq", Argument((ID,)))


async def stages_explained(
    database: Database,
    scope: SystemScope,
    environment: Environment,
    *,
    object_name: str,
    id: str,
    to: str | None,
) -> StageExplanation | None:
    """About each place where that record could go, or about `to` alone; None where no such record lives.

    For administrators: it tells of whatever the record holds. UnknownStage where its pipeline has no `to`.
    """
    environment = environment.with_variables({ID: id})
    fields = [name for name in (PIPELINE, STAGE, STATUS) if name in scope.model.objects[object_name].fields]
    statement = _standing(object_name, fields, scope)
    found = await database.fetch(Step(statement.sql, statement.bind(environment)))
    if not found:
        return None
    row = dict(zip(fields, found[0], strict=True))
    pipeline = scope.model.pipelines[str(row[PIPELINE])]
    names = [each.name for each in places(pipeline)]
    if to is not None and to not in names:
        raise UnknownStage(to, names)
    here = standing(pipeline, row)
    asked = questions(scope.model, pipeline, here, to)
    truths = _truths(asked, pipeline, scope)
    rows = await database.fetch(Step(truths.sql, truths.bind(environment)))
    answers = dict(zip(asked, map(bool, rows[0][1:]), strict=True)) if rows else {}
    return explained_stage(scope.model, pipeline, id, here, to, answers)


class UnknownStage(Exception):
    """The record's pipeline has no such stage; `known` are those that it has."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


def _standing(object_name: str, fields: Sequence[str], scope: SystemScope) -> Statement:
    source = scope.source(object_name)
    columns = [source.table.c[source.object.fields[name].column] for name in fields]
    this = compile_condition(_THIS, source, scope)
    return render(select(*columns).where(this, scope.rows(source)), scope.dialect)


def _truths(asked: Sequence[Asked], pipeline: Pipeline, scope: SystemScope) -> Statement:
    """For the record `$id`: one boolean for each condition, of the row as the move would leave it."""
    source = scope.source(pipeline.object)
    holds = [_holds(*each, pipeline, source, scope) for each in asked]
    columns = [each.label(f"holds_{number}") for number, each in enumerate(holds)]
    this = compile_condition(_THIS, source, scope)
    return render(select(source.table.c.id, *columns).where(this), scope.dialect)


def _holds(
    condition: Condition, target: str, pipeline: Pipeline, source: Source, scope: SystemScope
) -> ColumnElement[bool]:
    moved = after(source, pipeline, place(pipeline, target), scope.dialect)
    return as_boolean(compile_condition(condition, moved, scope))
