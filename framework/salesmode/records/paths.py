"""What stands at the end of a path of references, read by the system."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.scope import Source
from salesmode.model.field import Field


def value_at(path: Sequence[str], source: Source, system: SystemScope) -> tuple[Field, ColumnElement[Any]]:
    """The field and its value; null where a reference on the way is empty."""
    name, *behind = path
    found, field = system.readable(source, name).value, source.object.fields[name]
    if not behind:
        return field, found
    target = system.source(str(field.to))
    last, value = value_at(behind, target, system)
    row = select(value).where(target.table.c.id == found, system.rows(target))
    return last, row.correlate_except(target.table).scalar_subquery()
