from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from salesmode.demo.generation import generate
from salesmode.demo.population import Size
from salesmode.diagnostics import MetadataError
from tests.demo.clinics import DEMO, NOW, changed, clinic_model, described

Rows = tuple[Mapping[str, object], ...]


def rows(text: str = DEMO, *, size: Size = "s", seed: int = 1, locale: str = "zh") -> dict[str, Rows]:
    records = generate(described(text), clinic_model(), size=size, seed=seed, now=NOW, locale=locale)
    return {each.of.name: each.rows for each in records}


def test_the_same_seed_gives_the_same_records_and_another_one_does_not() -> None:
    assert rows() == rows()
    assert rows()["clinic"] != rows(seed=2)["clinic"]


def test_a_new_recipe_leaves_what_the_others_draw() -> None:
    added = rows(changed(("  owner: {reference", "  grade: {choice: [a, b]}\n  owner: {reference")))
    before = [{**row, "grade": None} for row in rows()["clinic"]]
    assert [{**row, "grade": None} for row in added["clinic"]] == before
    assert {row["grade"] for row in added["clinic"]} == {"a", "b"}


@pytest.mark.parametrize(("size", "users", "clinics"), [("s", 4, 20), ("m", 8, 200), ("l", 1, 2)])
def test_the_size_says_how_many_there_are_and_written_rows_always_are(
    size: Size, users: int, clinics: int
) -> None:
    found = rows(size=size)
    assert (len(found["user"]), len(found["clinic"])) == (users, clinics)


def test_written_rows_come_first_and_what_they_leave_open_is_drawn() -> None:
    found = rows()
    head, branch = found["clinic"][:2]
    assert (head["name"], branch["name"], branch["beds"]) == ("Head office", "Branch", 7)
    assert head["owner"] == found["user"][0]["id"]
    assert branch["parent"] == head["id"]
    assert isinstance(head["beds"], int)
    assert head["beds"] >= 100  # its size is written, and is a part


VISITS = """
---
kind: demo
name: visits
object: visit
each: [{object: clinic, as: clinic, where: {active: true}, times: 2}, {object: user, as: user, times: stays}]
fields:
  subject: {template: "{clinic.name}{user.name} {k} {n}"}
"""


def visits(each: str = "where: {active: true}, times: 2") -> str:
    text = changed(
        (
            "fields:\n  name: {words: surname}",
            "parts: [stays]\nfields:\n  stays: {choice: ['1']}\n  name: {words: surname}",
        )
    )
    return text + VISITS.replace("where: {active: true}, times: 2", each)


def test_there_are_records_for_each_record_of_another_object_that_fits() -> None:
    found = rows(visits())
    active = [row for row in found["clinic"] if row["active"]]
    assert 1 < len(active) < len(found["clinic"])
    of_clinics = [row for row in found["visit"] if row["clinic"] is not None]
    assert [row["clinic"] for row in of_clinics] == [row["id"] for row in active for _ in range(2)]
    expected = [f"{row['name']} {k} {2 * at + k}" for at, row in enumerate(active) for k in range(2)]
    assert [row["subject"] for row in of_clinics] == expected
    assert [row["user"] for row in found["visit"][len(of_clinics) :]] == [row["id"] for row in found["user"]]


def test_how_many_there_are_for_each_is_a_number() -> None:
    with pytest.raises(MetadataError) as caught:
        rows(visits("times: size"))
    assert "'size' of 'clinic' is no number: " in caught.value.diagnostics[0].message


def test_values_are_those_that_the_fields_store_and_parts_are_gone() -> None:
    for row in rows(size="m")["clinic"]:
        assert set(row) == set(clinic_model().objects["clinic"].fields)
        assert type(row["beds"]) is int
        assert isinstance(row["active"], bool)
        assert type(row["opened"]) is date
        assert isinstance(row["created_at"], datetime)
        assert row["created_at"].tzinfo is UTC
        assert row["revenue"] is None or isinstance(row["revenue"], Decimal)
        assert (row["version"], row["updated_at"]) == (1, row["created_at"])


def test_a_day_is_that_of_the_apps_time_zone() -> None:
    found = rows(
        changed(
            (
                "opened: {moment: {from: created_at, to: $now}}",
                "opened: {moment: {from: $now - 10h, to: $now - 10h}}",
            )
        )
    )
    assert {row["opened"] for row in found["clinic"]} == {date(2026, 6, 15)}  # 18:00 UTC the day before


def test_a_field_without_recipe_gets_its_default_or_nothing() -> None:
    found = rows()["clinic"]
    assert {row["grade"] for row in found} == {"b"}
    assert {row["created_by"] for row in found} == {None}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("$month_start - 1mo", date(2026, 5, 1)),
        ("$today", date(2026, 6, 15)),
        ("2026-01-31", date(2026, 1, 31)),
    ],
)
def test_a_day_may_be_told_as_in_metadata(text: str, day: date) -> None:
    found = rows(
        changed(
            ("beds: 7", f"beds: 7, opened: {text}"),
            ("{from: created_at, to: $now}}", "{from: $now, to: $now}, share: 0}"),
        )
    )
    assert found["clinic"][1]["opened"] == day
    drawn = rows(
        changed(("opened: {moment: {from: created_at, to: $now}}", f'opened: {{template: "{text}"}}'))
    )
    assert {row["opened"] for row in drawn["clinic"]} == {day}


def test_a_part_that_refers_to_records_is_written_by_their_key() -> None:
    found = rows(
        changed(
            ("parts: [town, size", "parts: [town, size, seller"),
            ("owner: lin,", "seller: lin,"),
            ("owner: {reference: user}", "owner: {copy: seller}\n  seller: {reference: user}"),
        )
    )
    assert found["clinic"][0]["owner"] == found["user"][0]["id"]


def test_automatic_numbers_rise_with_the_creation() -> None:
    found = sorted(rows()["clinic"], key=lambda row: str(row["id"]))
    assert [row["code"] for row in found] == [
        f"K{row['created_at'].astimezone(ZoneInfo('Asia/Shanghai')).year}-{number:03}"  # type: ignore[attr-defined]
        for number, row in enumerate(found, 1)
    ]


def test_references_lead_to_rows_made_before() -> None:
    found = rows(size="m")
    seen: set[object] = {None}
    for row in found["clinic"]:
        assert row["parent"] in seen
        seen.add(row["id"])
    assert {row["owner"] for row in found["clinic"]} <= {row["id"] for row in found["user"]}


def test_texts_of_a_unique_field_get_numbers() -> None:
    names = [row["name"] for row in rows(size="m")["user"]]
    assert len(set(names)) == 8
    assert {"lin", "Wang", "Wang2", "Li"} <= set(names)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("active: {choice", "grade: {choice: [a, z]}\n  active: {choice"), "'grade' does not take 'z'"),
        (("{from: 1, to: 9}", "{from: 501, to: 501}"), "'beds' does not take 501"),
        (("Clinic {n}", "A clinic with a name that is far too long {n}"), "'name' does not take"),
        (
            ("name: {words: surname}", "name: {words: surname, share: 0}"),
            "'name' is required, and its recipe gave nothing",
        ),
        (("beds: 7", "beds: 0"), "'beds' does not take 0"),
    ],
)
def test_what_a_field_does_not_take_is_told_where_it_stands(change: tuple[str, str], message: str) -> None:
    text = changed(change)
    with pytest.raises(MetadataError) as caught:
        rows(text)
    (problem,) = caught.value.diagnostics
    assert problem.code == "SM827"
    assert problem.message.startswith(message)
    line = text.splitlines()[problem.span.line - 1]
    assert message.split("'")[1] in line
