"""A file of records with pipelines: new ones begin, others move, and the gates are asked row by row."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from salesmode.database.connect import connect
from salesmode.database.driver import UnitOf
from salesmode.exchange.columns import identifying, importable
from salesmode.exchange.formats import reading
from salesmode.exchange.incorporate import Incoming, NothingWritten, Outcome, incorporate, told_of
from salesmode.records.subject import subject_of
from salesmode.tables import tables_of
from tests.records.deals import deals, stays
from tests.records.kit import Caller, Desk

FIRST = """name,pipeline,stage,amount,lost_reason
a,express,offer,,
b,express,contract,5,
c,deal,,,
d,renewal,,7,
"""
SECOND = """name,pipeline,stage,amount,lost_reason
a,express,contract,,
b,express,delivery,5,
c,deal,proposal,,
d,renewal,,8,
e,express,contract,,
f,express,delivery,1,
"""


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    database = await connect(database_url)
    tables = tables_of(deals(), database.dialect)
    await database.with_connection(tables.create)
    yield Desk(database, tables)
    await database.close()


def file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


async def bring(caller: Caller, path: Path, *, keep_going: bool = False) -> tuple[Outcome, list[str]]:
    subject = subject_of(caller.scope, "opportunity")
    with reading(path, "csv", "utf-8") as table:
        heading = importable(subject, table.headers, ["name"])
    incoming = Incoming(subject, heading, identifying(subject, ["name"]), keep_going=keep_going)

    def unit() -> UnitOf[Outcome]:
        with reading(path, "csv", "utf-8") as table:
            return (yield from incorporate(incoming, table, caller.environment))

    try:
        outcome = await caller.desk.database.run(unit)
    except NothingWritten as nothing:
        outcome = nothing.outcome
    said = [
        f"{row.number}: {each}"
        for row in outcome.refused
        for each in told_of(row, heading=heading, subject=subject, locale="en")
    ]
    return outcome, said


@pytest.mark.parametrize("who", ["system", "sales"])
async def test_the_rules_hold_for_every_row(desk: Desk, tmp_path: Path, who: str) -> None:
    (li,) = await desk.system().create("user", {"name": "Li"})
    caller = desk.system() if who == "system" else desk.caller({"id": li}, "sales")
    assert (await bring(caller, file(tmp_path / "first.csv", FIRST)))[1] == []
    rows = {each["name"]: each for each in await desk.rows("opportunity")}
    assert [(each["stage"], each["status"]) for each in rows.values()] == [
        ("offer", "open"),
        ("contract", "open"),
        ("qualify", "open"),
        (None, "open"),
    ]
    outcome, said = await bring(caller, file(tmp_path / "second.csv", SECOND), keep_going=True)
    hidden = "'Proposal' needs this to be filled."
    assert said == [
        "2: amount: 'Contract' needs this to be filled.",
        "4: amount: 'Proposal' needs this to be filled.",
        f"4: decision_maker: {hidden}",
        f"4: secret_plan: {hidden}" if who == "system" else f"4: {hidden}",
        "6: amount: 'Contract' needs this to be filled.",
        "7: stage: No record begins in 'Delivery'.",
    ]
    assert (outcome.written.created, outcome.written.updated) == (0, 2)
    assert [each[1] for each in await stays(desk, rows["b"]["id"])] == ["contract", "delivery"]
    assert [each[1] for each in await stays(desk, rows["d"]["id"])] == ["open"]


async def test_the_same_file_again_moves_nothing(desk: Desk, tmp_path: Path) -> None:
    for _ in range(2):
        assert (await bring(desk.system(), file(tmp_path / "first.csv", FIRST)))[1] == []
    assert {each["version"] for each in await desk.rows("opportunity")} == {1}
    assert len(await desk.rows("stage_change")) == 4


async def test_what_was_exported_can_be_brought_in_again(desk: Desk, tmp_path: Path) -> None:
    """Where a record stands is read from the pipeline and the stage; the rest the engine knows itself."""
    assert (await bring(desk.system(), file(tmp_path / "first.csv", FIRST)))[1] == []
    whole = "name,pipeline,stage,status,stage_since,closed_at,version\na,express,contract,won,,,7\n"
    outcome, said = await bring(desk.system(), file(tmp_path / "whole.csv", whole))
    assert said == ["2: amount: 'Contract' needs this to be filled."]
    assert outcome.written.updated == 0
