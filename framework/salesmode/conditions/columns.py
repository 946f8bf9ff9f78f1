"""A field with a column, as everybody reads it who reads the row."""

from sqlalchemy import case, false

from salesmode.conditions.scope import Readable, Source
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.field import Field
from salesmode.model.pipeline import PIPELINE


def where_it_applies(field: Field, source: Source) -> Readable:
    """The column; null in rows of pipelines that do not have the field, whatever was stored (RULING 36)."""
    column = source.table.c[field.column]
    if field.pipelines is None:
        return Readable(column, column)
    pipeline = source.table.c[source.object.fields[PIPELINE].column]
    # An empty list would be a parameter of SQLAlchemy's own, which it loses where a row is read twice.
    guard = pipeline.in_([text_literal(each) for each in field.pipelines]) if field.pipelines else false()
    return Readable(case((guard, column)), column, guard)
