"""Opportunities of all granularities as rows of one shape, each read with its own rights (D29, RULING 38)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    case,
    cast,
    null,
    select,
    union_all,
)

from salesmode.access.policy import FieldPolicy, ObjectPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Readable, Source
from salesmode.conditions.tree import walk_from
from salesmode.database.statement import Dialect, slot_from
from salesmode.diagnostics import Span
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.opportunity import AS_TAG, GRANULARITIES, SIMPLE, STAGED, VIEW, Line
from salesmode.model.pipeline import OPEN, PIPELINE, STAGE, STATUS, STATUSES
from salesmode.model.tag import PROMOTED, TAG
from salesmode.pipelines.expected import Standing, told_of
from salesmode.pipelines.lines import compared, several, tree_field
from salesmode.pipelines.worth import scaled
from salesmode.tables.engine import plain_field

_NOWHERE, _SILENT = Span("", 0, 0), Label({})
_CARRIED = ("object", "mark")
"""What a row has beside the fields of the view: whose row it is, and of a tag which one."""

_RANK = "rank"
FIRST_OPEN = (_RANK, "close_date")
_OF_NO_CLIENT = (_RANK, "id")


def view_object(scale: int = 0) -> Object:
    """The shape of the rows, described like any object, so that filters and orders are read like any."""
    kinds = {
        "granularity": _choice(GRANULARITIES),
        "pipeline": plain_field("text"),
        "status": _choice(STATUSES),
        "stage": plain_field("text"),
        "amount": plain_field("money", scale),
        "close_date": plain_field("date"),
        _RANK: replace(plain_field("integer"), required=ALWAYS),
        "id": replace(plain_field("id"), required=ALWAYS),
    }
    fields = {name: replace(each, name=name, column=name) for name, each in kinds.items()}
    return Object(VIEW, f"{VIEW}s", _SILENT, _SILENT, _NOWHERE, "{id}", fields, {})


def _choice(names: Iterable[str]) -> Field:
    return replace(plain_field("choice"), options=tuple(Option(each, _SILENT, each) for each in names))


def view_policy() -> ObjectPolicy:
    """What may filter and order the rows: what is hidden in one of them is null there already."""
    object_ = view_object()
    fields = {
        name: FieldPolicy(each, ALWAYS) for name, each in object_.fields.items() if name not in _OF_NO_CLIENT
    }
    return ObjectPolicy(object_, ALWAYS, fields, {})


@dataclass(frozen=True)
class ViewScope:
    """Reads the rows of the view, whose rights are in them."""

    dialect: Dialect
    model: Model

    def source(self, object_name: str) -> Source:
        raise KeyError(object_name)

    def rows(self, source: Source) -> ColumnElement[bool]:
        raise KeyError(source.object.name)

    def readable(self, source: Source, field: str) -> Readable:
        column = source.table.c[field]
        return Readable(column, column)

    def cell(self, source: Source, field: str) -> Readable:
        return self.readable(source, field)


def marked(
    names: Sequence[str], source: Source, scope: PolicyScope
) -> tuple[ColumnElement[str], list[ColumnElement[bool]]]:
    """The line of each tag of those names, and which rows of `tag` count: one that became a record counts as
    that.
    """
    name, state = scope.readable(source, "name").value, scope.system.readable(source, "state").raw
    lines = {text_literal(each): text_literal(scope.model.tags[each].line or each) for each in names}
    named = name.in_([text_literal(each) for each in names])
    return case(lines, value=name), [named, state.is_distinct_from(text_literal(PROMOTED))]


@dataclass(frozen=True)
class OpportunityRows:
    """The opportunities of the row that `parent` stands for, and where `below` of all rows below it in its
    tree.
    """

    lines: tuple[Line, ...]
    parent: Source
    scope: PolicyScope
    below: bool

    @cached_property
    def object(self) -> Object:
        """The rows' shape; amounts have the places of the finest."""
        amounts = (
            self.scope.policy.objects[each.object].object.fields[each.amount]
            for each in self.lines
            if each.amount
        )
        return view_object(max((each.scale for each in amounts), default=0))

    def table(self) -> FromClause:
        """All of them, as rows of `object` with `object` and `mark` beside."""
        return union_all(*(self._rows(each) for each in self.lines)).subquery()

    def _rows(self, line: Line) -> Select[Any]:
        source = self.scope.source(line.object)
        told = dict(self._of_tag(line, source) if line.object == TAG else self._of_record(line, source))
        told[_RANK] = _rank(told["status"])
        columns = [self._column(name, told.get(name)) for name in (*self.object.fields, *_CARRIED)]
        link = self.scope.cell(source, line.link)
        kept = [self.scope.rows(source), self._linked(link.raw), *self._counting(line, source)]
        kept += [] if link.guard is None else [link.guard]
        return select(*columns).select_from(source.table).where(*kept).correlate(self.parent.table)

    def _column(self, name: str, told: ColumnElement[Any] | None) -> ColumnElement[Any]:
        """Its type is written where it would be unknown: in a union of several."""
        field = self.object.fields.get(name, plain_field("text"))
        type_ = field_type(field.type).column_type(field, self.scope.dialect)
        return (cast(null(), type_) if told is None else told).label(name)

    def _linked(self, link: ColumnElement[Any]) -> ColumnElement[bool]:
        own = self.parent.table.c.id
        if not self.below:
            return link == own
        tree = tree_field(self.scope.policy.objects[self.parent.object.name])
        assert tree is not None, "there is a tree, or nobody could ask for what is below"
        return link.in_(select(walk_from(own, tree, self.scope).c.id))

    def _counting(self, line: Line, source: Source) -> list[ColumnElement[bool]]:
        """Rows of the line; a tag that became a record counts as that."""
        if line.object == TAG:
            return marked(line.tags, source, self.scope)[1]
        if not several(source.object):
            return []
        pipeline = self.scope.readable(source, PIPELINE)
        found = pipeline.raw.in_([text_literal(each) for each in line.pipelines])
        return [found] if pipeline.guard is None else [found, pipeline.guard]

    def _of_record(self, line: Line, source: Source) -> Mapping[str, ColumnElement[Any] | None]:
        pipelines = [self.scope.model.pipelines[each] for each in line.pipelines]
        staged = [text_literal(each.name) for each in pipelines if each.staged]
        pipeline = self._pipeline(line, source)
        return {
            "id": source.table.c.id,
            "object": text_literal(line.object),
            "granularity": case((pipeline.in_(staged), text_literal(STAGED)), else_=text_literal(SIMPLE))
            if staged
            else text_literal(SIMPLE),
            "pipeline": pipeline,
            "status": self._shown(source, STATUS),
            "stage": self._shown(source, STAGE),
            "amount": self._amount(line, source),
            "close_date": self._shown(source, line.close_date),
        }

    def _pipeline(self, line: Line, source: Source) -> ColumnElement[Any]:
        """Where an object has one pipeline there is nothing to be read."""
        if several(source.object):
            return self.scope.readable(source, PIPELINE).value
        return text_literal(line.pipelines[0])

    def _shown(self, source: Source, name: str | None) -> ColumnElement[Any] | None:
        granted = self.scope.policy.objects[source.object.name]
        return self.scope.readable(source, name).value if name and compared(granted, name) else None

    def _amount(self, line: Line, source: Source) -> ColumnElement[Any] | None:
        value = self._shown(source, line.amount)
        if value is None:
            return value
        own, scale = source.object.fields[str(line.amount)], self.object.fields["amount"].scale
        return scaled(value, own, scale, self.scope.dialect)

    def _of_tag(self, line: Line, source: Source) -> Mapping[str, ColumnElement[Any] | None]:
        return {
            "id": source.table.c.id,
            "object": text_literal(TAG),
            "mark": self.scope.readable(source, "name").value,
            "granularity": text_literal(AS_TAG),
            "pipeline": marked(line.tags, source, self.scope)[0],
            "status": text_literal(OPEN),
            "stage": self._shown(source, "state"),
        }

    def label(self, row: FromClause) -> ColumnElement[str]:
        """What a row's pipeline or tag is called, in the caller's language."""
        tags = [
            (row.c.mark == text_literal(each), _spoken(self.scope.model.tags[each].label))
            for each in self._tags
        ]
        pipelines = [
            (row.c.pipeline == text_literal(each), _spoken(self.scope.model.pipelines[each].label))
            for each in self._pipelines
        ]
        return case(*tags, *pipelines, else_=row.c.pipeline)

    def stage_label(self, row: FromClause) -> ColumnElement[str]:
        """What a row's stage is called, or the state of a tag."""
        pipelines = [self.scope.model.pipelines[each] for each in self._pipelines]
        at = Standing(row.c.pipeline, row.c.stage, row.c.stage)
        staged = [each for each in pipelines if each.staged]
        told = [told_of(staged, at, lambda stage: _spoken(stage.label))] if staged else []
        states = [
            (
                (row.c.mark == text_literal(tag)) & (row.c.stage == text_literal(state.name)),
                _spoken(state.label),
            )
            for tag in self._tags
            for state in self.scope.model.tags[tag].states
        ]
        of_record = told[0] if told else row.c.stage
        return case(*states, (row.c.mark.is_(None), of_record), else_=row.c.stage)

    @property
    def _tags(self) -> Sequence[str]:
        return [tag for each in self.lines for tag in each.tags]

    @property
    def _pipelines(self) -> Sequence[str]:
        return [pipeline for each in self.lines for pipeline in each.pipelines]


def _rank(status: ColumnElement[Any] | None) -> ColumnElement[int]:
    """What is open is first, and last is what may not be known."""
    if status is None:
        return integer_literal(2)
    return case(
        (status == text_literal(OPEN), integer_literal(0)),
        (status.is_not(None), integer_literal(1)),
        else_=integer_literal(2),
    )


def _spoken(label: Label) -> ColumnElement[str]:
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)
