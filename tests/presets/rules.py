"""What no record of an app may be, and how many records are."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, Through, both, negated
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, Pipeline
from salesmode.tables import tables_of

Rule = tuple[str, str, Condition]
"""An object, the name of the rule, and what breaks it."""


def _rules_of(model: Model) -> Iterator[Rule]:
    """Validations, required fields and limited choices of every object; what lets records into stages."""
    for name, each in model.objects.items():
        yield from ((name, rule, condition) for rule, condition in _forbidden(each))
    for pipeline in model.pipelines.values():
        yield from ((pipeline.object, rule, condition) for rule, condition in _not_let_in(pipeline))


def _forbidden(object_: Object) -> Iterator[tuple[str, Condition]]:
    for each in object_.validations:
        yield each.name, both(each.when, negated(each.must))
    for field in object_.fields.values():
        empty = Compare(field.name, "isNull", Literal(True))
        if field.required not in {ALWAYS, NEVER}:
            yield f"{field.name} is required", both(field.required, empty)
        if field.where != ALWAYS:
            yield f"{field.name} is chosen", both(negated(empty), Through(field.name, negated(field.where)))


def _not_let_in(pipeline: Pipeline) -> Iterator[tuple[str, Condition]]:
    for stage in pipeline.stages:
        there = Compare(PIPELINE, "eq", Literal(pipeline.name)), Compare(STAGE, "eq", Literal(stage.name))
        place = f"{pipeline.name}.{stage.name}"
        yield f"{place} exists", both(*there, negated(stage.when))
        for each in stage.entry.required:
            for field in each.fields:
                missing = Compare(field, "isNull", Literal(True))
                yield f"{place} requires {field}", both(*there, each.when, missing)
        for rule in stage.entry.validations:
            yield f"{place} {rule.name}", both(*there, rule.when, negated(rule.must))


async def broken(database: Database, model: Model, now: datetime) -> dict[str, int]:
    """How many records break which rule at that moment."""
    rules = list(_rules_of(model))
    assert len(rules) > 40, "what is looked for is there"
    found = {f"{rule[0]}: {rule[1]}": await _breaking(database, model, rule, now) for rule in rules}
    return {name: count for name, count in found.items() if count}


async def _breaking(database: Database, model: Model, rule: Rule, now: datetime) -> int:
    name, _, condition = rule
    scope = SystemScope(tables_of(model, database.dialect))
    source = scope.source(name)
    where = compile_condition(condition, source, scope, root=source)
    statement = render(select(func.count()).select_from(source.table).where(where), database.dialect)
    environment = Environment({}, {}, now, ZoneInfo(model.app.timezone))
    ((count,),) = await database.fetch(Step(statement.sql, statement.bind(environment)))
    assert isinstance(count, int)
    return count
