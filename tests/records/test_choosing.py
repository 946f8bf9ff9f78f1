"""References that rules choose: on create and on update, by hand and not, and again when rules change."""

from datetime import timedelta

import pytest

from salesmode.compiler import compile_texts
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS
from salesmode.records.reassign import reassign
from salesmode.tables import tables_of
from tests.records.conftest import OpenDesk
from tests.records.kit import NOW, Desk, eq, refused

RULES = """
        - {name: key_account, when: {grade: a}, to: key}
        - {name: by_province, when: {province: {isNull: false}}, to: $row.province}
        - {name: far, when: {contacts: {some: {name: Far}}}, to: abroad}
        - {name: big, when: {staff: {gte: 100}}, to: large}
        - {name: small, when: {staff: {lt: 100}}, to: small}
"""

APP = """
kind: app
name: acme
---
kind: object
name: customer
fields:
  name: {type: text, required: true}
  code: {type: text, unique: true}
  grade: {type: choice, options: [a, b]}
  province: {type: choice, options: [hebei, jilin]}
  staff: {type: integer}
  territory:
    type: reference
    to: territory
    inverse: customers
    assign:
      by: code
      rules: RULES
validations:
  - {name: small_pays, when: {territory: {code: small}}, must: {staff: {gte: 5}}}
---
kind: object
name: contact
fields:
  name: {type: text}
  customer: {type: reference, to: customer, inverse: contacts}
---
kind: role
name: sales
objects:
  customer:
    read: {where: {or: [{territory: {isNull: true}}, {territory: {code: {ne: key}}}]}}
    create: {check: {or: [{territory: {isNull: true}}, {territory: {code: {ne: key}}}]}}
    update: true
    fields: {default: write}
  territory: {read: true, fields: {default: read}}
"""

TERRITORIES = ("key", "hebei", "large", "small", "abroad")


def model(rules: str = RULES) -> Model:
    return compile_texts({"app.yaml": APP.replace("RULES", rules)}).model


async def company(open_desk: OpenDesk, rules: str = RULES) -> Desk:
    desk = await open_desk(model(rules))
    for code in TERRITORIES:
        await desk.system().new("territory", name=code.title(), code=code)
    return desk


async def placed(desk: Desk) -> dict[str, tuple[str | None, str | None]]:
    """By the customer's name: the code of the territory, and the rule that chose it."""
    codes = {each["id"]: each["code"] for each in await desk.rows("territory")}
    rows = await desk.rows("customer")
    return {each["name"]: (codes.get(each["territory"]), each["territory_rule"]) for each in rows}


async def test_the_first_rule_that_applies_chooses_for_every_row_in_one_statement(
    open_desk: OpenDesk,
) -> None:
    desk = await company(open_desk)
    await desk.system().create("customer", {"name": "plain"})
    without = len(desk.heard)
    await desk.system().create(
        "customer",
        {"name": "both", "grade": "a", "province": "hebei"},
        {"name": "there", "province": "hebei", "staff": 200},
        {"name": "big", "staff": 200, "grade": "b"},
        {"name": "none"},
    )
    assert len(desk.heard) == without
    assert await placed(desk) == {
        "plain": (None, None),
        "both": ("key", "key_account"),
        "there": ("hebei", "by_province"),
        "big": ("large", "big"),
        "none": (None, None),
    }


async def test_a_rule_whose_record_is_not_there_leaves_the_choice_to_the_next(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    await desk.system().new("customer", name="c", province="jilin", staff=200)
    assert await placed(desk) == {"c": ("large", "big")}
    (large,) = (each["id"] for each in await desk.rows("territory") if each["code"] == "large")
    await desk.system().delete("territory", large)
    await desk.system().new("customer", name="d", province="jilin", staff=200)
    assert (await placed(desk))["d"] == (None, None)


async def test_rules_look_at_what_is_created_along(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    await desk.system().new("customer", name="c", contacts={"create": [{"name": "Far"}]})
    assert await placed(desk) == {"c": ("abroad", "far")}


async def test_a_change_of_what_the_rules_look_at_chooses_again_and_no_other_does(
    open_desk: OpenDesk,
) -> None:
    desk = await company(open_desk)
    id_ = await desk.system().new("customer", name="c", staff=200)
    await desk.system().update("customer", id_, name="d")
    without = len(desk.heard)
    await desk.system().update("customer", id_, grade="a")
    assert len(desk.heard) == without + 1
    assert await placed(desk) == {"d": ("key", "key_account")}
    await desk.system().update("customer", id_, grade=None, staff=None)
    assert await placed(desk) == {"d": (None, None)}


async def test_what_is_written_by_hand_stays_until_it_is_cleared(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    ids = {each["code"]: each["id"] for each in await desk.rows("territory")}
    one = await desk.system().new("customer", name="one", staff=200, territory=ids["hebei"])
    two = await desk.system().new("customer", name="two", staff=200)
    assert await placed(desk) == {"one": ("hebei", None), "two": ("large", "big")}
    await desk.system().update("customer", two, territory=ids["abroad"], grade="a")
    await desk.system().update("customer", one, grade="a")
    assert await placed(desk) == {"one": ("hebei", None), "two": ("abroad", None)}
    await desk.system().update("customer", two, territory=None)
    assert (await placed(desk))["two"] == ("key", "key_account")


async def test_the_choice_is_part_of_the_write_one_version_and_its_history(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    id_ = await desk.system().new("customer", name="c", staff=200)
    await desk.system().update("customer", id_, staff=20)
    assert (await desk.row("customer", id_))["version"] == 2
    ids = {each["code"]: f'"{each["id"]}"' for each in await desk.rows("territory")}
    told = [
        (each["version"], each["operation"], each["field"], each["old"], each["new"])
        for each in await desk.changes(id_)
        if each["field"].startswith("territory")
    ]
    assert told == [
        (1, "created", "territory", None, ids["large"]),
        (1, "created", "territory_rule", None, '"big"'),
        (2, "updated", "territory", ids["large"], ids["small"]),
        (2, "updated", "territory_rule", '"big"', '"small"'),
    ]


async def test_many_are_chosen_again_in_as_many_statements_as_one(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    counts = []
    for size in (1, 30):
        rows = ({"name": f"{size}/{at}", "staff": 10 + at} for at in range(size))
        await desk.system().create("customer", *rows)
        await desk.system().update_where("customer", ALWAYS, staff=500 + size)
        counts.append(len(desk.heard))
    assert counts[0] == counts[1]
    assert set((await placed(desk)).values()) == {("large", "big")}


async def test_an_upsert_chooses_for_new_and_for_changed_records(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    await desk.system().new("customer", name="old", code="1", staff=200)
    await desk.system().upsert(
        "customer",
        ["code"],
        {"name": "old", "code": "1", "grade": "a"},
        {"name": "new", "code": "2", "province": "hebei"},
    )
    assert await placed(desk) == {"old": ("key", "key_account"), "new": ("hebei", "by_province")}


async def test_what_rules_choose_is_there_for_validations_and_rights(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    assert await refused(desk.system().new("customer", name="c", staff=1)) == (
        "VALIDATION_FAILED",
        {(("input",), "small_pays")},
    )
    (user,) = await desk.system().create("user", {"name": "ann"})
    ann = desk.caller({"id": user}, "sales")
    assert await refused(ann.new("customer", name="c", grade="a")) == ("FORBIDDEN", {(("input",), "check")})
    id_ = await ann.new("customer", name="c", grade="b")
    await ann.update("customer", id_, grade="a")
    assert (await refused(ann.update("customer", id_, name="d")))[0] == "NOT_FOUND"


async def test_nobody_writes_the_name_of_the_rule(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    (user,) = await desk.system().create("user", {"name": "ann"})
    ann = desk.caller({"id": user}, "sales")
    code, _ = await refused(ann.new("customer", name="c", territory_rule="big"))
    assert code in ("BAD_REQUEST", "FORBIDDEN")


async def test_rows_kept_apart_for_a_collision_are_chosen_for_too(open_desk: OpenDesk) -> None:
    desk = await company(open_desk)
    one, two = await desk.system().create(
        "customer", {"name": "1", "code": "1", "staff": 5}, {"name": "2", "code": "2", "staff": 5}
    )
    await desk.system().update("customer", two, code="3")
    attempt = desk.system().create("customer", {"name": "x", "code": "1", "staff": 1})
    assert await refused(attempt) == ("VALIDATION_FAILED", {(("input", 0), "small_pays")})
    assert await refused(desk.system().update("customer", two, code="1", staff=6)) == (
        "CONFLICT",
        {(("input", "code"), "not_unique")},
    )
    assert (await desk.row("customer", one))["version"] == 1


@pytest.mark.parametrize("size", [3, 1001])
async def test_records_are_brought_to_rules_that_changed_and_hands_are_left_alone(
    open_desk: OpenDesk, size: int
) -> None:
    desk = await company(open_desk, "[]")
    ids = {each["code"]: each["id"] for each in await desk.rows("territory")}
    rows = [{"name": f"{at:04}", "staff": 200} for at in range(size)]
    made = [*await desk.system().create("customer", *rows[:1000])]
    made += await desk.system().create("customer", *rows[1000:]) if rows[1000:] else ()
    await desk.system().update("customer", made[0], territory=ids["hebei"])
    gone = made[1]
    await desk.system().delete("customer", gone)
    desk.tables = tables_of(model(), desk.tables.dialect)
    later = desk.system().at(NOW + timedelta(days=1)).environment
    assert await desk.database.run(lambda: reassign(desk.tables, later)) == size - 2
    found = await placed(desk)
    assert found.pop("0000") == ("hebei", None)
    assert set(found.values()) == {("large", "big")}
    row = await desk.row("customer", made[2])
    assert (row["version"], row["updated_at"], row["updated_by"]) == (2, NOW + timedelta(days=1), None)
    (_, territory, rule) = [each for each in await desk.changes(made[2]) if each["field"] != "staff"]
    assert (territory["field"], territory["new"], rule["new"]) == ("territory", f'"{ids["large"]}"', '"big"')
    assert await desk.database.run(lambda: reassign(desk.tables, later)) == 0
    await desk.system().update_where("customer", eq("name", "0002"), grade="a")
    assert (await placed(desk))["0002"] == ("key", "key_account")
