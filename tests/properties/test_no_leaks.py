"""No leak (RULING 24): two databases that differ only in what a role may not read give it the same bytes."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings, strategies as st
from sqlalchemy import ColumnElement

from salesmode.access import compose
from salesmode.access.policy import FieldPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Readable, Source
from salesmode.database.errors import StatementTooDeep
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Literal, either
from salesmode.model.names import camel
from salesmode.queries.cursor import CursorLeaf, nulls_of
from salesmode.queries.pick import Pick
from salesmode.queries.render import _listed
from tests.properties.bench import Bench
from tests.properties.little_world import KINDS, LittleWorld, its, little_worlds
from tests.properties.questions import everything, orders, questions, totals
from tests.properties.rights import Rights, rights
from tests.properties.twins import twins

QUESTIONS = 5
SETTINGS = settings(max_examples=20, suppress_health_check=list(HealthCheck))
Sabotage = Callable[[], AbstractContextManager[object]]


def leaks_nothing(pair: Sequence[Bench], data: st.DataObject) -> None:
    """The property, for one example."""
    held = data.draw(rights(), label="rights")
    world = data.draw(little_worlds(), label="world")
    other = data.draw(twins(held, world), label="other world")
    event("worlds differ" if world != other else "worlds are one")
    one, two = pair
    one.load(world)
    two.load(other)
    same = partial(_same, one, two, held, world)
    for granted in held.policy.roots:
        same(everything(granted))
        same(totals(granted))
    for number in range(QUESTIONS):
        same(data.draw(questions(held.policy), label=f"question {number}"))
    name = data.draw(st.sampled_from(sorted(each.object.plural for each in held.policy.roots)), label="list")
    order = data.draw(orders(held.policy, name), label="order")
    for cursor in _forged(data, same(_page(name, order))):
        same(_page(name, order, after=cursor))


def _same(one: Bench, two: Bench, held: Rights, world: LittleWorld, question: Pick) -> str | None:
    statement = one.statement(question, held.policy)
    try:
        answer = one.answer(statement, world.user)
    except StatementTooDeep:
        event("too deep")
        return None
    assert answer == two.answer(statement, world.user), question
    return answer


def _page(name: str, order: object, after: str | None = None) -> Pick:
    cursor = {"after": CursorLeaf(Literal(after), nulls_of(after))} if after else {}
    edges = Pick("edges", "edges", {}, (Pick("cursor", "cursor"),))
    return Pick("list", camel(name), {"orderBy": order, **cursor}, (edges,))


def _forged(data: st.DataObject, page: str | None) -> list[str]:
    """Cursors with the keys of one row and the id of any other, seen or not."""
    if page is None or not (edges := json.loads(page)["edges"]):
        return []
    parts = json.loads(data.draw(st.sampled_from(edges), label="cursor")["cursor"])
    wanted = [its(kind, number) for kind in KINDS for number in (1, 2, 3, 101)]
    ids = data.draw(st.lists(st.sampled_from(wanted), max_size=2), label="ids")
    return [json.dumps([*parts[:-1], id]) for id in ids]


@SETTINGS
@given(data=st.data())
def test_hidden_values_change_no_answer(sqlite_pair: Sequence[Bench], data: st.DataObject) -> None:
    leaks_nothing(sqlite_pair, data)


@settings(SETTINGS, max_examples=8)
@given(data=st.data())
def test_hidden_values_change_no_answer_on_postgresql(
    postgresql_pair: Sequence[Bench], data: st.DataObject
) -> None:
    leaks_nothing(postgresql_pair, data)


def _everything_shown(scope: PolicyScope, source: Source, field: str) -> object:
    described = source.object.fields[field]
    return field_type(described.type).json(described, scope.system.readable(source, field).raw, scope.dialect)


def _unguarded(scope: PolicyScope, source: Source, field: str) -> Readable:
    return scope.system.readable(source, field)


def _nothing_hidden(scope: PolicyScope, source: Source, granted: FieldPolicy) -> Readable:
    return scope.system.readable(source, granted.field.name)


_rows = PolicyScope.rows


def _unfiltered_lists(scope: PolicyScope, source: Source) -> ColumnElement[bool]:
    listed = sys._getframe(1).f_code is _listed.__code__
    return scope.system.rows(source) if listed else _rows(scope, source)


SABOTAGE: dict[str, Sabotage] = {
    "row rights": lambda: mock.patch.object(PolicyScope, "rows", lambda scope, at: scope.system.rows(at)),
    "row rights of listed records": lambda: mock.patch.object(PolicyScope, "rows", _unfiltered_lists),
    "field rights of filters, orders and groups": lambda: mock.patch.object(
        PolicyScope, "readable", _unguarded
    ),
    "field rights of what is selected": lambda: mock.patch.object(PolicyScope, "shown", _everything_shown),
    "field rights of references": lambda: mock.patch.object(PolicyScope, "cell", _unguarded),
    "hidden rows behind references": lambda: mock.patch.object(
        PolicyScope, "_without_hidden", _nothing_hidden
    ),
    "one single role for row and field": lambda: mock.patch.object(
        compose, "_covered", lambda granted, _: either(*(where for _, where in granted))
    ),
}


@pytest.mark.parametrize("taken_out", SABOTAGE)
def test_the_property_fails_without(sqlite_pair: Sequence[Bench], taken_out: str) -> None:
    @settings(SETTINGS, max_examples=200, phases=[Phase.generate], derandomize=True, database=None)
    @given(data=st.data())
    def property_(data: st.DataObject) -> None:
        leaks_nothing(sqlite_pair, data)

    with SABOTAGE[taken_out](), pytest.raises(AssertionError):
        property_()
