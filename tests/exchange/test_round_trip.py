"""What was exported can be imported, and is the same: on both engines, in every form."""

import csv
import json
from dataclasses import replace
from io import StringIO

import openpyxl
import pytest

from salesmode.exchange.faults import BadFile
from salesmode.fieldtypes.secret import verify_secret
from tests.exchange.kit import FULL, OTHERS, Office

FORMS = ("csv", "xlsx", "jsonl")


@pytest.mark.parametrize("form", FORMS)
async def test_an_export_brings_the_same_records_into_an_empty_database(office: Office, form: str) -> None:
    (first, second, *_) = await office.new(FULL, *OTHERS)
    await office.new({"name": "Child", "parent": first, "partners": [second, first]})
    before = await office.rows()
    path = await office.export(f"all.{form}")
    table = office.desk.tables.table("company")
    await office.desk.database.with_connection(lambda connection: connection.execute(table.delete()))

    kept, outcome, said = await office.bring(path, ["id"])

    assert (kept, said) == (True, [])
    assert outcome.written.created == 5
    assert await office.rows() == before


@pytest.mark.parametrize("form", FORMS)
async def test_what_is_as_wanted_is_not_written_again(office: Office, form: str) -> None:
    await office.new(FULL, *OTHERS)
    path = await office.export(f"all.{form}")
    kept, outcome, _ = await office.bring(path, ["name"])
    assert kept
    assert (outcome.written.created, outcome.written.updated) == (0, 4)
    assert {each["version"] for each in await office.desk.rows("company")} == {1}


async def test_a_secret_comes_in_and_never_goes_out(office: Office) -> None:
    kept, _, said = await office.bring(office.file("in.csv", "name,pin\nAcme,1234\n"))
    assert (kept, said) == (True, [])
    column = office.desk.tables.table("company").c.pin
    stored = await office.desk.database.fetch_text(office.desk.select(column))
    assert stored is not None
    assert verify_secret("1234", stored)
    assert "pin" not in (await office.export("out.csv")).read_text().splitlines()[0].split(",")
    with pytest.raises(BadFile):
        await office.export("out.csv", "pin")


async def test_no_cell_of_an_export_is_a_formula(office: Office) -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"]
    await office.new(*({"name": each, "revenue": "-5.00"} for each in texts))
    for row in csv.reader(
        StringIO((await office.export("a.csv", "name", "revenue")).read_bytes().decode(), newline="")
    ):
        assert row[0][0] in "'n"
        assert row[1] in ("-5.00", "revenue")
    sheet = openpyxl.load_workbook(await office.export("a.xlsx", "name", "revenue")).active
    assert sheet is not None
    names = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {each.data_type for each in names} == {"s"}
    assert all(each.quotePrefix for each in names)


async def test_a_user_exports_what_the_user_may_read(office: Office) -> None:
    (ann,) = await office.desk.system().create("user", name="ann", roles=["clerk"])
    await office.new({"name": "Hidden"}, {"name": "Mine", "owner": ann, "revenue": "5.00", "note": "secret"})
    clerk = replace(office, user={"id": ann}, roles=("clerk",))
    (row,) = [json.loads(line) for line in (await clerk.export("mine.jsonl")).read_text().splitlines()]
    assert row["name"] == "Mine"
    assert row["revenue"] is None
    assert "note" not in row
    for hidden in ("note", "nothing"):
        with pytest.raises(BadFile, match=f"column '{hidden}': there is no such field"):
            await clerk.export("mine.jsonl", hidden)


async def test_records_are_selected_by_a_where_and_named_by_what_is_unique(office: Office) -> None:
    (first,) = await office.new({"name": "Acme", "revenue": "10.00", "grade": "a"})
    await office.new(
        {"name": "Beta", "revenue": "9.99"}, {"name": "Child", "revenue": "20.00", "parent": first}
    )
    where = {
        "or": [
            {"revenue": {"gte": "10.00"}, "parent": {"name": {"startsWith": "A"}}},
            {"name": {"in": ["Beta"]}},
        ]
    }
    path = await office.export("some.csv", "name", "parent.name", where=where)
    assert path.read_bytes() == b"name,parent.name\r\nBeta,\r\nChild,Acme\r\n"


async def test_an_export_reads_a_thousand_records_with_each_statement(office: Office) -> None:
    for start in range(0, 2500, 500):
        await office.new(*({"name": f"Company {number}"} for number in range(start, start + 500)))
    office.desk.heard.clear()
    path = await office.export("all.csv", "name")
    assert [each.partition(" ")[0] for each in office.desk.heard] == ["SELECT", "INSERT", *["SELECT"] * 3]
    assert path.read_text().splitlines() == ["name", *(f"Company {number}" for number in range(2500))]
