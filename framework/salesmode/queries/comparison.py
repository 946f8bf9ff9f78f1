"""What became of records since a snapshot, as SQL (D33): how many there are of which the same became, what
they were worth then, and what they are worth now, or were in another snapshot.

Each record counts once, by the first that is true: it is `new`; it was `won` or `lost` meanwhile; it went
`forward` or `back`; it `slipped` to a later date; its amount changed; it is `unchanged`; it is `gone`. What
was closed before and still is, is left out. An item counts where its record is seen, or would be if it were
not deleted, and tells where it stands; each of its values is shown as far as that of the record is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
)

from salesmode.access.scope import PolicyScope
from salesmode.conditions.place import some
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.measures import measure
from salesmode.fieldtypes.sql import integer_literal, quoted, text_literal
from salesmode.model.field import Field
from salesmode.model.pipeline import FORECASTS, LOST, OPEN, WON, Pipeline
from salesmode.model.snapshot import GROUPS, ITEM, SNAPSHOT
from salesmode.pipelines.dimensions import BY_OWNER, BY_PIPELINE, CATEGORY, GROUP
from salesmode.pipelines.expected import Standing, forecast
from salesmode.pipelines.lines import compared
from salesmode.pipelines.worth import Told, Worth, of_pipeline, scaled
from salesmode.queries import nodes
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.pick import Leaf
from salesmode.queries.standing_rows import standing_of, standing_rows, status_of
from salesmode.tables.engine import plain_field

Reference = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]


def comparison_select(found: nodes.Comparison, scope: PolicyScope, reference: Reference) -> Select[Any]:
    """Selects the JSON array of a comparison; no row where there is no such snapshot."""
    return _Comparison(found, scope, reference).array()


@dataclass(frozen=True)
class _Side:
    """The records at one of the two moments; everything is null where they were `there` not."""

    there: ColumnElement[bool]
    status: ColumnElement[Any]
    place: ColumnElement[Any]
    category: ColumnElement[Any]
    amount: ColumnElement[Any]
    close_date: ColumnElement[Any]
    owner: ColumnElement[Any]


@dataclass(frozen=True)
class _Comparison:
    found: nodes.Comparison
    scope: PolicyScope
    reference: Reference

    @cached_property
    def pipelines(self) -> Sequence[Pipeline]:
        return self.scope.model.pipelines_of(self.found.object.name)

    @cached_property
    def money(self) -> Field:
        """What amounts are like: with the places of the finest."""
        fields = self.found.object.fields
        scales = (fields[each.amount].scale for each in self.pipelines if each.amount)
        return plain_field("money", max(scales, default=0))

    @cached_property
    def source(self) -> Source:
        """The records, deleted ones too."""
        return self.scope.source(self.found.object.name)

    @cached_property
    def pipeline(self) -> ColumnElement[Any]:
        """That of each record, which never changes."""
        return standing_of(self.source, self.scope).pipeline

    def array(self) -> Select[Any]:
        lines = self._lines()
        entry = object_of([(each.key, self._item(each, lines)) for each in self.found.items])
        order = [(f"o{at}", _order(each, lines.c[f"g{at}"])) for at, each in enumerate(self.found.by)]
        rows = select(entry.label("entry"), *(key.label(name) for name, key in order)).select_from(lines)
        text = array_of(rows, "entry", [name for name, _ in order], self.scope.dialect)
        return select(text.scalar_subquery()).where(*self._known())

    def _known(self) -> Iterator[ColumnElement[bool]]:
        """Whether there are such snapshots of the object."""
        for leaf in (self.found.since, self.found.until):
            if leaf is not None:
                head = self.scope.source(SNAPSHOT)
                this = head.table.c.id == self._id(leaf)
                of = head.table.c.object == text_literal(self.found.object.name)
                yield some(head.table, this, of, self.scope.rows(head))

    def _id(self, leaf: Leaf) -> ColumnElement[Any]:
        return slot_of(leaf, self.found.object.fields["id"], self.scope.dialect)

    def _lines(self) -> FromClause:
        """One row for each line."""
        facts = self._facts().subquery()
        groups = [facts.c[f"g{at}"] for at in range(len(self.found.by))]
        sums = (
            measure(self.money, "sum", facts.c[name], self.scope.dialect).label(name)
            for name in ("amountThen", "amountNow")
        )
        count = cast(func.count(literal_column("*")), Text()).label("count")
        return select(*groups, count, *sums).group_by(*groups).subquery()

    def _facts(self) -> Select[Any]:
        """The records that count, each with what became of it."""
        table, then, now = self._sides()
        dimensions = {
            GROUP: _became(then, now),
            CATEGORY: func.coalesce(then.category, now.category, type_=Text()),
            BY_PIPELINE: self.pipeline,
            BY_OWNER: case((then.there, then.owner), else_=now.owner),
        }
        columns = [
            *(dimensions[each].label(f"g{at}") for at, each in enumerate(self.found.by)),
            then.amount.label("amountThen"),
            now.amount.label("amountNow"),
        ]
        rows = standing_rows(
            self.source, self.found.where, self.scope, columns=columns, table=table, deleted=True
        )
        closed = and_(then.status == now.status, then.status.in_([text_literal(WON), text_literal(LOST)]))
        still = and_(then.there, now.there, closed)
        return rows.where(or_(then.there, now.there), not_(still))

    def _sides(self) -> tuple[FromClause, _Side, _Side]:
        """The records with their items, and what they were and are."""
        assert self.found.since is not None, "an argument that is required"
        table, then = self._with_items(self.source.table, self.found.since)
        if self.found.until is None:
            return table, then, self._now()
        table, now = self._with_items(table, self.found.until)
        return table, then, now

    def _with_items(self, table: FromClause, leaf: Leaf) -> tuple[FromClause, _Side]:
        item = self.scope.system.source(ITEM)
        columns = item.table.c
        of_record = columns[item.object.fields[self.found.object.name].column] == self.source.table.c.id
        snapshot = columns[item.object.fields[SNAPSHOT].column] == self._id(leaf)
        there = columns.id.is_not(None)
        at = Standing(self.pipeline, columns.stage, columns.status)

        def amount(name: str) -> ColumnElement[Any] | None:
            return self._guarded(name, self._as_own(columns.amount, item))

        side = _Side(
            there,
            columns.status,
            _place(self.pipelines, at),
            columns.category,
            self._of_pipeline("amount", amount),
            self._of_pipeline("close_date", lambda name: self._guarded(name, columns.close_date)),
            self._owner(columns.owner_id),
        )
        return table.outerjoin(item.table, and_(of_record, snapshot)), side

    def _now(self) -> _Side:
        """The records as they are."""
        at, there = standing_of(self.source, self.scope), self.scope.system.rows(self.source)

        def amount(name: str) -> ColumnElement[Any] | None:
            shown = self._shown(name)
            field = self.found.object.fields[name]
            return None if shown is None else scaled(shown, field, self.money.scale, self.scope.dialect)

        values = (
            status_of(self.source, self.scope),
            _place(self.pipelines, at),
            forecast(self.pipelines, at),
            self._of_pipeline("amount", amount),
            self._of_pipeline("close_date", self._shown),
            self._shown(BY_OWNER),
        )
        return _Side(there, *(null() if each is None else case((there, each)) for each in values))

    def _of_pipeline(self, what: Worth, told: Told) -> ColumnElement[Any]:
        like = self.money if what == "amount" else plain_field("date")
        nothing = cast(null(), field_type(like.type).column_type(like, self.scope.dialect))
        return of_pipeline(what, self.pipelines, self.pipeline, told, nothing)

    def _shown(self, name: str) -> ColumnElement[Any] | None:
        granted = self.scope.policy.objects[self.found.object.name]
        return self.scope.readable(self.source, name).value if compared(granted, name) else None

    def _guarded(self, name: str, value: ColumnElement[Any]) -> ColumnElement[Any] | None:
        """What was the value of a field, where the field may be read."""
        if not compared(self.scope.policy.objects[self.found.object.name], name):
            return None
        guard = self.scope.cell(self.source, name).guard
        return value if guard is None else case((guard, value))

    def _as_own(self, amount: ColumnElement[Any], item: Source) -> ColumnElement[Any]:
        """An amount of an item, which has at least as many places as those of the object."""
        if self.scope.dialect == "postgresql":
            return scaled(amount, self.money, self.money.scale, self.scope.dialect)
        places = item.object.fields["amount"].scale - self.money.scale
        return amount / literal_column(str(10**places)) if places else amount

    def _owner(self, id: ColumnElement[Any]) -> ColumnElement[Any]:
        """Whose it was, where that may be read and they are seen."""
        if BY_OWNER not in self.found.by:
            return null()
        user = self.scope.source("user")
        seen = some(user.table, user.table.c.id == id, self.scope.rows(user))
        owner = self._guarded(BY_OWNER, case((seen, id)))
        assert owner is not None, "a dimension of those that may compare owners only"
        return owner

    def _item(
        self, item: nodes.TypeName | nodes.Fact | nodes.KeyObject, lines: FromClause
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.KeyObject(_, items):
                return object_of([(each.key, self._key(each, lines)) for each in items])
            case nodes.Fact(_, name):
                return lines.c[name]

    def _key(self, item: nodes.KeyItem, lines: FromClause) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.KeyRecord(_, group, record):
                return self.reference(record, lines.c[f"g{group}"], self.scope)
            case nodes.KeyValue(_, group):
                return quoted(lines.c[f"g{group}"])
            case _:
                return "null"


def _became(then: _Side, now: _Side) -> ColumnElement[str]:
    """What became of each record: the first that is true."""
    reopened = and_(then.status != text_literal(OPEN), now.status == text_literal(OPEN))
    truths = {
        "new": not_(then.there),
        "gone": not_(now.there),
        "won": now.status == text_literal(WON),
        "lost": now.status == text_literal(LOST),
        "back": or_(reopened, now.place < then.place),
        "forward": now.place > then.place,
        "slipped": now.close_date > then.close_date,
        "amount_changed": now.amount.is_distinct_from(then.amount),
    }
    named = [(truth, text_literal(name)) for name, truth in truths.items()]
    return case(*named, else_=text_literal("unchanged"))


def _place(pipelines: Sequence[Pipeline], at: Standing) -> ColumnElement[Any]:
    """How far on its way a record stands; null where there is no such stage any more, or there are none."""
    ways = {
        text_literal(each.name): case(
            {text_literal(stage.name): integer_literal(place) for place, stage in enumerate(each.stages)},
            value=at.stage,
        )
        for each in pipelines
        if each.staged
    }
    return case(ways, value=at.pipeline) if ways else cast(null(), Integer())


def _order(dimension: str, value: ColumnElement[Any]) -> ColumnElement[Any]:
    known = {GROUP: GROUPS, CATEGORY: FORECASTS}.get(dimension)
    if known is None:
        return value
    return case({text_literal(each): integer_literal(at) for at, each in enumerate(known)}, value=value)
