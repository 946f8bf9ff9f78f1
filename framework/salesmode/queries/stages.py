"""A stage as JSON: its name, and what its pipeline says of it, in the caller's language."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, func

from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Source
from salesmode.database.statement import slot_from
from salesmode.fieldtypes.sql import NULL_JSON, json_string, quoted, text_literal
from salesmode.model.pipeline import PIPELINE, Stage
from salesmode.pipelines.expected import PERCENT, Standing, Told, told_of
from salesmode.queries import nodes
from salesmode.queries.json_text import object_of


def stage_json(item: nodes.StageOf, source: Source, scope: PolicyScope) -> ColumnElement[str]:
    """The object, or `null` where the row has no stage or its reader may not know it."""
    found = scope.readable(source, item.field)
    there = found.raw.is_not(None)
    guard = there if found.guard is None else and_(found.guard, there)
    return case(
        (guard, object_of([(each.key, _fact(each, found.raw, source, scope)) for each in item.items])),
        else_=NULL_JSON,
    )


def _fact(
    item: nodes.TypeName | nodes.StageFact, stage: ColumnElement[Any], source: Source, scope: PolicyScope
) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.StageFact(_, "name"):
            return quoted(stage)
        case nodes.StageFact(_, "label"):
            return json_string(
                func.coalesce(_told(stage, source, scope, _label), stage, type_=Text()), scope.dialect
            )
        case nodes.StageFact(_, "probability"):
            return func.coalesce(_told(stage, source, scope, _probability), NULL_JSON, type_=Text())
        case nodes.StageFact():
            return func.coalesce(_told(stage, source, scope, _forecast), NULL_JSON, type_=Text())


def _told(stage: ColumnElement[Any], source: Source, scope: PolicyScope, told: Told) -> ColumnElement[Any]:
    """Of each stage of the pipelines in which a row of the source can be."""
    fields = source.object.fields
    pipelines = (scope.model.pipelines[each.name] for each in fields[PIPELINE].options)
    columns = source.table.c
    pipeline = columns[fields[PIPELINE].column]
    return told_of((each for each in pipelines if each.staged), Standing(pipeline, stage, stage), told)


def _label(stage: Stage) -> ColumnElement[str]:
    """In the caller's language, which is no part of a plan."""
    label = stage.label
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)


def _probability(stage: Stage) -> ColumnElement[str]:
    return text_literal(f'"{stage.probability:.{PERCENT.scale}f}"')


def _forecast(stage: Stage) -> ColumnElement[str]:
    return text_literal(f'"{stage.forecast}"')
