"""Which records a job is due for, and what it has to know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Text

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.statement import Statement, render, slot
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.condition import Argument, RecordValue
from salesmode.model.field import Field
from salesmode.model.job import CreateFor, Job, SetValues
from salesmode.records.checks import THESE
from salesmode.records.paths import value_at
from salesmode.tables import Tables
from salesmode.tables.engine import COLUMNS, HANDLED, plain_field

AFTER, OCCASION = "$after", "$occasion"
"""Variables: the id that the page begins after, and the period that the occasion is."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A record that is due: the occasion, and the values that the job asks for, by path."""

    id: str
    occasion: str
    values: Mapping[str, object]


@lru_cache(maxsize=128)
def due_after(tables: Tables, name: str) -> Statement:
    """The ids of a page of records."""
    job, system = tables.model.jobs[name], SystemScope(tables)
    source = system.source(job.object)
    after = source.table.c.id > slot_of(Argument((AFTER,)), source.object.fields["id"], tables.dialect)
    rows = sa.select(source.table.c.id).where(*_is_due(job, source, system), after)
    return render(rows.order_by(source.table.c.id).limit(_PAGE), tables.dialect)


@lru_cache(maxsize=128)
def still_due(tables: Tables, name: str) -> Statement:
    """Those of `$ids`, locked: the id, the occasion, and the values."""
    job, system = tables.model.jobs[name], SystemScope(tables)
    source = system.source(job.object)
    values = [value_at(path.split("."), source, system)[1] for path in _paths(job)]
    named = [each.label(f"c{at}") for at, each in enumerate(values)]
    rows = sa.select(source.table.c.id, _occasion(job, source, system).label("occasion"), *named).where(
        *_is_due(job, source, system), compile_condition(THESE, source, system)
    )
    return render(rows.order_by(source.table.c.id).with_for_update(of=source.table), tables.dialect)


def read_due(rows: Sequence[Sequence[Any]], tables: Tables, name: str) -> list[Due]:
    """What `still_due` answered."""
    fields = _fields(tables, name)
    return [
        Due(
            str(id_),
            str(occasion),
            {
                path: None if cell is None else field_type(each.type).decode(each, cell, tables.dialect)
                for (path, each), cell in zip(fields.items(), cells, strict=True)
            },
        )
        for id_, occasion, *cells in rows
    ]


@lru_cache(maxsize=16)
def remembering(tables: Tables) -> Statement:
    """Puts down that a job has handled a record."""
    values = {
        name: slot_of(Argument((name,)), plain_field(kind), tables.dialect)
        for name, kind in COLUMNS[HANDLED].items()
    }
    return render(sa.insert(tables.handled).values(values), tables.dialect)


def _is_due(job: Job, source: Source, system: SystemScope) -> tuple[ColumnElement[bool], ...]:
    due = (system.rows(source), compile_condition(job.due, source, system))
    if job.once is None:
        return due
    handled = system.tables.handled.alias()
    remembered = sa.exists().where(
        handled.c.job == text_literal(job.name),
        handled.c.record_id == source.table.c.id,
        handled.c.occasion == _occasion(job, source, system),
    )
    return (*due, ~remembered)


def _occasion(job: Job, source: Source, system: SystemScope) -> ColumnElement[str]:
    if job.once is not None and job.once.field is not None:
        field, value = value_at(job.once.field.split("."), source, system)
        return field_type(field.type).json(field, value, system.dialect)
    return slot(Argument((OCCASION,)), Text(), str)


@lru_cache(maxsize=128)
def _fields(tables: Tables, name: str) -> Mapping[str, Field]:
    job, system = tables.model.jobs[name], SystemScope(tables)
    source = system.source(job.object)
    return {path: value_at(path.split("."), source, system)[0] for path in _paths(job)}


def _paths(job: Job) -> tuple[str, ...]:
    """Of the record that the values name."""
    if not isinstance(job.action, SetValues | CreateFor):
        return ()
    values = job.action.values.values()
    return tuple(dict.fromkeys(each.field for each in values if isinstance(each, RecordValue)))
