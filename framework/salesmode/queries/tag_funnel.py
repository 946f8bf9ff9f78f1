"""What came of a tag as SQL (D14, D74): on how many records it was set within a period, how many of them
became what they point at, and in which states the others are.

A tag counts where it is seen. One that has expired, or was removed, is on no record any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    null,
    select,
    union_all,
)

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.statement import slot_from
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.sql import NULL_JSON, integer_literal, json_string, quoted, text_literal
from salesmode.model.condition import ALWAYS
from salesmode.model.label import Label
from salesmode.model.tag import PROMOTED, TAG, Tag
from salesmode.queries import nodes
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.numbers import count_json, ratio_json
from salesmode.queries.periods import during

_PLACES = 4


def tag_funnel_select(funnel: nodes.TagFunnel, scope: PolicyScope) -> Select[Any]:
    """Selects the JSON object of what came of a tag."""
    found = _TagFunnel(funnel, scope)
    totals = found.totals
    return select(object_of([(each.key, found.item(each)) for each in funnel.items])).select_from(totals)


@dataclass(frozen=True)
class _TagFunnel:
    funnel: nodes.TagFunnel
    scope: PolicyScope

    @cached_property
    def tags(self) -> Sequence[Tag]:
        """Those that may be asked for."""
        shown = self.scope.policy.objects[self.funnel.object.name].tags
        return [self.scope.model.tags[each] for each in shown]

    @cached_property
    def wanted(self) -> ColumnElement[Any]:
        """The tag that is asked for, which is a value of the request."""
        name = self.scope.policy.objects[TAG].object.fields["name"]
        return slot_of(self.funnel.tag, name, self.scope.dialect)

    @cached_property
    def rows(self) -> CTE:
        """The tags of that name that are seen, with the state of each."""
        tag, record = self.scope.source(TAG), self.scope.source(self.funnel.object.name)
        link = self.scope.cell(tag, self.funnel.object.name).value == record.table.c.id
        where = self.funnel.where
        asked = [] if where == ALWAYS else [compile_condition(where, record, self.scope)]
        since = self.scope.readable(tag, "since").value
        period = during(since, self.funnel.since, self.funnel.until, self.scope.dialect)
        rows = select(self.scope.readable(tag, "state").value.label("state"))
        rows = rows.select_from(tag.table.join(record.table, link))
        named = self.scope.readable(tag, "name").value == self.wanted
        seen = (self.scope.rows(tag), self.scope.rows(record))
        return rows.where(*seen, named, *asked, *period).cte("sm_tagged")

    @cached_property
    def totals(self) -> FromClause:
        """One row: how many there are, and how many became something."""
        promoted = func.count(case((self.rows.c.state == text_literal(PROMOTED), integer_literal(1))))
        totals = select(func.count().label("entered"), promoted.label("promoted"))
        return totals.select_from(self.rows).subquery()

    def item(self, item: nodes.TypeName | nodes.Fact | nodes.FunnelStages) -> str | ColumnElement[str]:
        """One member, on the totals."""
        totals = self.totals.c
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.FunnelStages(_, items):
                return self._states(items).scalar_subquery()
            case nodes.Fact(_, "tag"):
                return quoted(cast(self.wanted, Text()))
            case nodes.Fact(_, "label"):
                labels = {each.name: _spoken(each.label) for each in self.tags}
                return json_string(self._told(labels), self.scope.dialect)
            case nodes.Fact(_, "line"):
                lines = {each.name: text_literal(each.line) for each in self.tags if each.line is not None}
                return quoted(self._told(lines)) if lines else NULL_JSON
            case nodes.Fact(_, "conversion"):
                return ratio_json(totals.promoted, totals.entered, _PLACES, self.scope.dialect)
            case nodes.Fact(_, "open"):
                return count_json(totals.entered - totals.promoted)
            case nodes.Fact(_, name):
                return count_json(totals[name])

    def _told(self, told: dict[str, ColumnElement[str]]) -> ColumnElement[str]:
        return case(*((self.wanted == text_literal(name), text) for name, text in told.items()))

    def _states(self, items: Sequence[nodes.TypeName | nodes.Fact]) -> Select[Any]:
        """All states of the tag, in order."""
        states = self._state_table()
        inside = and_(self.rows.c.state == states.c.state)
        count = select(func.count()).select_from(self.rows).where(inside).scalar_subquery()
        entry = object_of([(each.key, self._state_fact(each, states, count)) for each in items])
        rows = select(entry.label("entry"), states.c.place.label("place")).select_from(states)
        rows = rows.where(states.c.tag == self.wanted).correlate(self.totals)
        return array_of(rows, "entry", ("place",), self.scope.dialect)

    def _state_table(self) -> CTE:
        """The states of all tags that may be asked for, each with its place."""
        rows = [
            select(
                text_literal(tag.name).label("tag"),
                text_literal(state.name).label("state"),
                integer_literal(at).label("place"),
            )
            for tag in self.tags
            for at, state in enumerate(tag.states)
        ]
        none = select(
            cast(null(), Text()).label("tag"),
            cast(null(), Text()).label("state"),
            cast(null(), Integer()).label("place"),
        )
        return union_all(*(rows or [none])).cte("sm_states")

    def _state_fact(
        self, item: nodes.TypeName | nodes.Fact, states: FromClause, count: ColumnElement[int]
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.Fact(_, "state"):
                return quoted(states.c.state)
            case nodes.Fact(_, "label"):
                return json_string(self._state_label(states), self.scope.dialect)
            case nodes.Fact():
                return count_json(count)

    def _state_label(self, states: FromClause) -> ColumnElement[str]:
        """In each tag a state has a label of its own."""
        spoken = [
            (and_(states.c.tag == text_literal(tag.name), states.c.state == text_literal(state.name)), state)
            for tag in self.tags
            for state in tag.states
        ]
        told = [(this, _spoken(state.label)) for this, state in spoken]
        return case(*told, else_=states.c.state) if told else states.c.state


def _spoken(label: Label) -> ColumnElement[str]:
    """In the caller's language, which is no part of a plan."""
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)
