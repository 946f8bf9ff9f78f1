from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

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
