"""Each rule of pipelines by each way to write a record: what one refuses every other one refuses, for the
same reasons (RULING 36: on every path).
"""

import csv
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from salesmode.diagnostics import MetadataError, Refusal
from salesmode.model.app import UserData
from salesmode.records.user_data import load_user_data
from salesmode.tables import tables_of
from tests.exchange.test_import_stages import bring
from tests.records.conftest import OpenDesk, open_desk  # noqa: F401 - a fixture
from tests.records.deals import office
from tests.records.kit import Caller, Desk
from tests.support.models import SPAN

Reasons = set[tuple[str | None, str]]
Values = Mapping[str, Any]

ENTRY = {"amount": "5", "budget": "7", "decision_maker": "x", "customised": None}


@dataclass(frozen=True)
class Office:
    """Who writes: a seller, and the system. `folder` is for files."""

    desk: Desk
    li: Caller
    folder: Path

    @property
    def system(self) -> Caller:
        return replace(self.desk.system(), environment=replace(self.li.environment))


def reasons(problems: Any) -> Reasons:
    """Of which field or place, and the code or the name of a validation."""
    found = set()
    for each in problems:
        last = each.path[-1] if each.path else None
        about = last if isinstance(last, str) and last not in ("input",) else None
        found.add(("stage" if about == "to" else about, each.name or each.code))
    return found


async def refused(attempt: Awaitable[object]) -> Reasons:
    """Nothing where it was let through."""
    try:
        await attempt
    except Refusal as refusal:
        return reasons(refusal.problems)
    return set()


async def by_move(office: Office, row: Values, to: str | None, values: Values) -> Reasons:
    if to is None:
        return await refused(office.li.update("opportunity", row["id"], **values))
    return await refused(office.li.move("opportunity", row["id"], to, **values))


async def by_upsert(office: Office, row: Values, to: str | None, values: Values) -> Reasons:
    return await refused(office.li.upsert("opportunity", ["name"], _whole(row, to, values)))


async def by_file(office: Office, row: Values, to: str | None, values: Values) -> Reasons:
    return await in_file(office, _whole(row, to, values))


async def by_user_data(office: Office, row: Values, to: str | None, values: Values) -> Reasons:
    return await in_user_data(office, _whole(row, to, values))


def _whole(row: Values, to: str | None, values: Values) -> Values:
    stage = {} if to is None else {"stage": to}
    return {"name": row["name"], "pipeline": row["pipeline"], **stage, **values}


async def in_file(office: Office, values: Values) -> Reasons:
    path = office.folder / "rows.csv"
    _write(path, values)
    outcome, _ = await bring(office.li, path)
    return reasons(problem for each in outcome.refused for problem in each.problems) - {("row", "FORBIDDEN")}


def _write(path: Path, values: Values) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(values)
        writer.writerow(["" if each is None else each for each in values.values()])


async def in_user_data(office: Office, values: Values) -> Reasons:
    data = UserData("set", "opportunity", ("name",), (values,), replace(SPAN, file="set.yaml"))
    tables = tables_of(replace(office.desk.model, user_data=(data,)), office.desk.tables.dialect)
    try:
        await office.desk.database.run(lambda: load_user_data(tables, office.system.environment))
    except MetadataError as error:
        cause: Any = error.__cause__
        return reasons(cause.problems)
    return set()


@dataclass(frozen=True)
class Case:
    """A record that came to its place by `route`, and what is then wanted of it."""

    values: Values
    route: tuple[tuple[str, Values], ...] = ()
    to: str | None = None
    wanted: Values = field(default_factory=dict)
    why: Reasons = field(default_factory=set)


def deal(**values: Any) -> Values:
    return {"pipeline": "deal", "name": "a", **values}


IN_CHECK = (("check", {"customised": True, "amount": "5"}),)
LOST = (("lost", {"lost_reason": "x"}),)
MOVES = {
    "next": Case({"pipeline": "express", "name": "a"}, to="delivery", why={("stage", "next")}),
    "skip": Case(deal(**ENTRY), to="won", wanted={}, why={("stage", "skip")}),
    "back": Case(deal(grade="b"), IN_CHECK, to="qualify", why={("stage", "back")}),
    "branch": Case(deal(grade="b", amount="5"), to="check", why={("stage", "branch")}),
    "closed": Case(deal(amount="5"), LOST, to="won", why={("stage", "closed")}),
    "exit": Case(deal(grade="b", customised=True), to="check", why={("amount", "required")}),
    "entry": Case(deal(), to="lost", why={("lostReason", "required")}),
    "validation": Case(deal(grade="c", amount="5", customised=True), to="check", why={(None, "graded")}),
    "readonly": Case(deal(grade="b"), IN_CHECK, wanted={"amount": "9"}, why={("amount", "locked")}),
    "outside": Case(
        {"pipeline": "renewal", "name": "a"}, wanted={"budget": "1"}, why={("budget", "not_in_pipeline")}
    ),
    "option": Case(deal(), wanted={"source": "fair"}, why={("source", "option_when")}),
    "forward": Case({"pipeline": "express", "name": "a"}, to="contract", wanted={"amount": "5"}),
    "reopened": Case(
        {"pipeline": "express", "name": "a"}, (("won", {}),), to="contract", wanted={"amount": "5"}
    ),
}
Way = Callable[[Office, Values, str | None, Values], Awaitable[Reasons]]
WAYS: Mapping[str, Way] = {
    "move": by_move,
    "upsert": by_upsert,
    "file": by_file,
    "user_data": by_user_data,
}


@pytest.fixture
async def place(open_desk: OpenDesk, tmp_path: Path) -> Office:  # noqa: F811
    desk, li = await office(open_desk)
    return Office(desk, desk.caller({"id": li.id}, "engineer"), tmp_path)


async def _there(office: Office, case: Case) -> Values:
    """The record of a case, in its place."""
    values = dict(case.values)
    grade = values.pop("grade", None)
    if grade is not None:
        (customer,) = await office.system.create("customer", {"name": "c", "grade": grade})
        values["customer"] = customer
    id_ = await office.system.new("opportunity", **values, owner=office.li.id)
    for to, given in case.route:
        await office.system.move("opportunity", id_, to, **given)
    return await office.desk.row("opportunity", id_)


@pytest.mark.parametrize("way", WAYS)
async def test_a_record_that_is_there(place: Office, way: str) -> None:
    for name, case in MOVES.items():
        row = await _there(place, case)
        found = await WAYS[way](place, row, case.to, case.wanted)
        assert found == case.why, (name, way)
        after = await place.desk.row("opportunity", row["id"])
        moved = row["stage"] if case.why or case.to is None else case.to
        assert after["stage"] == moved, (name, way)
        await place.system.delete("opportunity", row["id"])
        for customer in await place.desk.rows("customer"):
            await place.system.delete("customer", customer["id"])


NEW: Mapping[str, tuple[Values, Reasons]] = {
    "no start": (deal(stage="proposal"), {("stage", "start")}),
    "of another": (deal(stage="offer"), {("stage", "not_in_pipeline")}),
    "entry": ({"pipeline": "express", "name": "a", "stage": "contract"}, {("amount", "required")}),
    "outside": ({"pipeline": "renewal", "name": "a", "budget": "1"}, {("budget", "not_in_pipeline")}),
    "option": (deal(source="fair"), {("source", "option_when")}),
    "none": ({"name": "a"}, {("pipeline", "required")}),
    "right": ({"pipeline": "express", "name": "a", "stage": "contract", "amount": "5"}, set()),
}


async def _one(office: Office, values: Values) -> Reasons:
    return await refused(office.li.new("opportunity", **values))


async def _many(office: Office, values: Values) -> Reasons:
    other = {"pipeline": "renewal", "name": "other"}
    return await refused(office.li.create("opportunity", other, values))


async def _nested(office: Office, values: Values) -> Reasons:
    """A renewal does not have the reference that would tie it to its customer."""
    found = await refused(office.li.new("customer", name="c", opportunities={"create": [values]}))
    return found - {("customer", "not_in_pipeline")}


async def _upserted(office: Office, values: Values) -> Reasons:
    return await refused(office.li.upsert("opportunity", ["name"], values))


CREATES: Mapping[str, Callable[[Office, Values], Awaitable[Reasons]]] = {
    "single": _one,
    "bulk": _many,
    "nested": _nested,
    "upsert": _upserted,
    "file": in_file,
    "user_data": in_user_data,
}


@pytest.mark.parametrize("way", CREATES)
async def test_a_new_record(place: Office, way: str) -> None:
    for name, (values, why) in NEW.items():
        found = await CREATES[way](place, values)
        assert found == why, (name, way)
        rows = await place.desk.rows("opportunity")
        assert any(each["name"] == "a" for each in rows) == (not why), (name, way)
