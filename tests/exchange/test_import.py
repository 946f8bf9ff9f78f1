"""What an import writes, what it refuses, and what is left of it then: nothing."""

import asyncio
import csv
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from salesmode.exchange.columns import PROBLEM
from salesmode.exchange.faults import BadFile
from salesmode.exchange.refused import write_refused
from tests.exchange.kit import Office

MANY = 10_000
NOT_THERE = "There is no such record."
TAKEN = "There is already a record with this value."

WRONG = """name,grade,revenue,staff,owner.name
Gamma,b,2000,1,ann
Twice,zz,1.234,-1,nobody
Acme,a,,,ann
,a,x,,
Twice2,a,5,,ann
Twice2,a,5,,ann
Eps,a
Right,a,1.00,2,ann
"""


async def test_every_problem_of_every_row_is_told_and_nothing_written(office: Office) -> None:
    await office.desk.system().create("user", name="ann")
    await office.new({"name": "Acme"})
    kept, _, said = await office.bring(office.file("wrong.csv", WRONG))
    assert not kept
    assert said == [
        "2: Class B is small",
        f"3: owner.name: {NOT_THERE}",
        "3: grade: There is no option 'zz'. (a, b)",
        "3: revenue: At most 2 decimal places are allowed.",
        "3: staff: At least 0 is expected.",
        f"4: name: {TAKEN}",
        "5: revenue: An exact number is expected, as a string or an integer.",
        "5: name: This is required.",
        f"7: name: {TAKEN}",
        "8: the row has 2 cells, and the header 5",
    ]
    assert [each["name"] for each in await office.rows()] == ["Acme"]


async def test_who_keeps_going_gets_the_good_rows_and_a_file_of_the_others(office: Office) -> None:
    await office.desk.system().create("user", name="ann")
    await office.new({"name": "Acme"})
    path = office.file("wrong.csv", WRONG)
    kept, outcome, said = await office.bring(path, keep_going=True)
    assert kept
    assert outcome.written.created == 2
    assert [each["name"] for each in await office.rows()] == ["Acme", "Twice2", "Right"]

    target, names = path.with_name("refused.csv"), WRONG.split("\n")[0].split(",")
    write_refused(target, "csv", names, outcome.refused, [said[0], *[""] * (len(outcome.refused) - 1)])
    first, *rest = csv.DictReader(target.read_text(encoding="utf-8").splitlines())
    assert first == {"name": "Gamma", "grade": "b", "revenue": "2000", "staff": "1", "owner.name": "ann"} | {
        PROBLEM: "2: Class B is small"
    }
    assert len(rest) == 5
    _, again, _ = await office.bring(target, keep_going=True)
    assert (again.written.created, len(again.refused)) == (1, 5)  # the short row is whole now


async def test_a_dry_run_says_what_would_come_of_it(office: Office) -> None:
    kept, outcome, said = await office.bring(office.file("a.csv", "name\nA\nB\n"), dry_run=True)
    assert (kept, outcome.written.created, said) == (False, 2, [])
    assert await office.rows() == []


async def test_ten_thousand_rows_take_a_bounded_number_of_statements(office: Office) -> None:
    await office.desk.system().create("user", name="ann")
    await office.new({"name": "Top"})
    lines = (f"Company {number},Class A,{number}.50,ann,Top\n" for number in range(MANY))
    path = office.file("many.csv", "name,grade,revenue,owner.name,parent.name\n" + "".join(lines))
    kept, outcome, _ = await office.bring(path)
    assert (kept, outcome.written.created) == (True, MANY)
    assert distinct_steps(office.desk.heard) <= 10 * 12
    kept, outcome, _ = await office.bring(path, ["name"])
    assert (kept, outcome.written.updated) == (True, MANY)
    assert distinct_steps(office.desk.heard) <= 10 * 10


def distinct_steps(heard: Iterable[str]) -> int:
    """Statements, one that is run for many rows in one step counted once."""
    count, last = 0, None
    for each in heard:
        count += each != last
        last = each
    return count


async def test_rows_may_refer_to_rows_before_them(office: Office) -> None:
    path = office.file("tree.csv", "name,parent.name\nTop,\nMiddle,Top\nBottom,Middle\nOther,Top\n")
    kept, _, said = await office.bring(path)
    assert (kept, said) == (True, [])
    top, middle, bottom, other = await office.rows()
    assert (middle["parent"], bottom["parent"], other["parent"]) == (top["id"], middle["id"], top["id"])


async def test_numbers_and_readonly_fields_are_written_and_the_engines_numbers_go_on_above(
    office: Office,
) -> None:
    kept, *_ = await office.bring(office.file("a.csv", "name,code,number\nA,C-0041,x\nB,,\n"))
    assert kept
    await office.new({"name": "C"})
    assert [each["code"] for each in await office.rows()] == ["C-0041", "C-0001", "C-0042"]


async def test_an_upsert_changes_what_is_there_and_creates_the_rest(office: Office) -> None:
    await office.new({"name": "A", "staff": 1, "note": "kept"})
    path = office.file("a.csv", "name,staff\nA,2\nB,3\n")
    _, outcome, _ = await office.bring(path, ["name"])
    assert (outcome.written.created, outcome.written.updated) == (1, 1)
    assert [(each["name"], each["staff"], each["note"]) for each in await office.rows()] == [
        ("A", 2, "kept"),
        ("B", 3, None),
    ]


async def test_a_user_imports_with_the_users_rights(office: Office) -> None:
    ann, bob = await office.desk.system().create("user", {"name": "ann"}, {"name": "bob"})
    (theirs,) = await office.new({"name": "Theirs", "owner": bob})
    clerk = replace(office, user={"id": ann, "roles": ("clerk",)}, roles=("clerk",))
    kept, _, said = await clerk.bring(office.file("a.csv", f"name,parent\nA,\nB,{theirs}\n"))
    assert (kept, said) == (False, [f"3: parent: {NOT_THERE}"])
    kept, _, said = await clerk.bring(office.file("b.csv", f"id,name\n{theirs},Mine\n"), ["id"])
    assert (kept, said) == (False, [f"2: id: {NOT_THERE}"])
    kept, *_ = await clerk.bring(office.file("c.csv", "name\nMine\n"))
    assert kept
    assert [each["owner"] for each in await office.rows()] == [bob, ann]


async def test_a_file_does_not_confirm_a_guess_of_a_value_that_is_not_readable(office: Office) -> None:
    (id_,) = await office.new({"name": "Acme", "revenue": "5.00"})
    (ann,) = await office.desk.system().create("user", name="ann", roles=["guesser"])
    guesser = replace(office, user={"id": ann}, roles=("guesser",))
    told = []
    for guess in ("5.00", "6.00"):
        kept, outcome, said = await guesser.bring(
            office.file("guess.csv", f"id,revenue\n{id_},{guess}\n"), ["id"], dry_run=True
        )
        told.append((kept, outcome.written, said))
    assert told[0] == told[1]
    assert told[0][2] == ["2: You may not do this."]


async def test_what_is_computed_is_passed_over_for_those_who_know_of_it(office: Office) -> None:
    (ann,) = await office.desk.system().create("user", name="ann", roles=["guesser"])
    knows, guesses = (
        replace(office, user={"id": ann, "roles": (role,)}, roles=(role,)) for role in ("clerk", "guesser")
    )
    assert (await knows.bring(office.file("a.csv", "name,double\nA,2\n")))[0]
    told = []
    for header in ("double", "doubly"):
        with pytest.raises(BadFile) as refused:
            await guesses.bring(office.file("b.csv", f"name,{header}\nB,2\n"))
        told.append(str(refused.value).replace(header, "it"))
    assert told[0] == told[1]


async def test_a_spreadsheets_own_values_are_read(office: Office, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "revenue", "staff", "vip", "founded", "seen", None])
    sheet.append([4711, 0.1 + 0.2, 5.0, True, date(2026, 1, 2), None, None])
    book.save(tmp_path / "a.xlsx")
    kept, _, said = await office.bring(tmp_path / "a.xlsx")
    assert (kept, said) == (True, [])
    (row,) = await office.rows()
    assert (row["name"], str(row["revenue"]), row["staff"], row["vip"]) == ("4711", "0.30", 5, True)
    assert str(row["founded"]) == "2026-01-02"


KILLED = """
import asyncio, os, sys
from pathlib import Path
from salesmode.database.connect import connect
from salesmode.exchange import batch
from salesmode.tables import tables_of
from tests.exchange.kit import MODEL, Office
from tests.records.kit import Desk
count, whole = 0, batch.Written
async def main():
    database = await connect(sys.argv[1])
    office = Office(Desk(database, tables_of(MODEL, database.dialect)), Path(sys.argv[2]).parent)
    def third(sql):
        global count
        count += sql.startswith("RELEASE")
        if count == 3:
            os.kill(os.getpid(), 9)
    database.listeners.append(third)
    await office.bring(Path(sys.argv[2]))
asyncio.run(main())
"""


async def test_an_import_that_is_killed_midway_leaves_nothing(office: Office, database_url: str) -> None:
    path = office.file("many.csv", "name\n" + "".join(f"Company {number}\n" for number in range(5000)))
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, database_url, str(path), env=environment
    )
    assert await process.wait() == -signal.SIGKILL
    assert await office.rows() == []
    kept, *_ = await office.bring(path)
    assert kept
