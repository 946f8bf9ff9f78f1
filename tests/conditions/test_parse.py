"""YAML conditions become nodes; whatever is wrong is told at its place, all at once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml

from salesmode.conditions.parse import parse_condition
from salesmode.conditions.site import Problem
from salesmode.conditions.values import parse_value
from salesmode.diagnostics.codes import CODES
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    And,
    Compare,
    Condition,
    Literal,
    Moment,
    Not,
    Or,
    Over,
    RowValue,
    Through,
    UserValue,
)
from tests.conditions.world import MODEL, id_of

OBJECTS = MODEL.objects


def read(
    raw: object, object_name: str = "customer", row: str | None = None
) -> tuple[Condition, list[Problem]]:
    problems: list[Problem] = []
    condition = parse_condition(
        raw,
        object=OBJECTS[object_name],
        objects=OBJECTS,
        report=lambda *problem: problems.append(problem),
        row=OBJECTS[row] if row else None,
    )
    return condition, problems


def eq(field: str, value: Any) -> Compare:
    return Compare(field, "eq", Literal(value))


TEAM = id_of("team", 1)
UNDERSTOOD: list[tuple[str, Condition]] = [
    ("{}", ALWAYS),
    ("{name: x}", eq("name", "x")),
    ("{name: 007}", eq("name", "7")),
    ("{name: $$user}", eq("name", "$user")),
    ("{name: [x, y]}", Compare("name", "in", Literal(("x", "y")))),
    ("{name: []}", Compare("name", "in", Literal(()))),
    (
        "{name: {contains: x, ne: y}}",
        And((Compare("name", "contains", Literal("x")), Compare("name", "ne", Literal("y")))),
    ),
    ("{name: x, vip: true}", And((eq("name", "x"), eq("vip", True)))),
    ("{and: [{name: x}, {vip: true}]}", And((eq("name", "x"), eq("vip", True)))),
    ("{or: [{name: x}, {vip: true}]}", Or((eq("name", "x"), eq("vip", True)))),
    ("{or: []}", NEVER),
    ("{not: {name: x}}", Not(eq("name", "x"))),
    ("{not: {not: {name: x}}}", eq("name", "x")),
    ("{grade: {in: [a, b]}}", Compare("grade", "in", Literal(("a", "b")))),
    ("{amount: {gte: 5}}", Compare("amount", "gte", Literal(Decimal("5.00")))),
    (
        "{amount: {between: [1, 2]}}",
        Compare("amount", "between", Literal(Decimal("1.00")), Literal(Decimal("2.00"))),
    ),
    ("{name: {isNull: true}}", Compare("name", "isNull", Literal(True))),
    ("{born: '2026-01-31'}", eq("born", date(2026, 1, 31))),
    ("{seen: {lt: '2026-01-31'}}", Compare("seen", "lt", Literal(date(2026, 1, 31)))),
    (
        "{seen: {lt: '2026-01-31T08:00:00+08:00'}}",
        Compare("seen", "lt", Literal(datetime(2026, 1, 31, tzinfo=UTC))),
    ),
    ("{seen: {lt: $now - 48h}}", Compare("seen", "lt", Moment("now", -48, "h"))),
    ("{seen: {lt: $now-48h}}", Compare("seen", "lt", Moment("now", -48, "h"))),
    (
        "{born: {between: [$year_start, $today + 1mo]}}",
        Compare("born", "between", Moment("year_start"), Moment("today", 1, "mo")),
    ),
    ("{owner: $user.id}", Compare("owner", "eq", UserValue("id"))),
    ("{owner: {manager: $user.id}}", Through("owner", Compare("manager", "eq", UserValue("id")))),
    ("{owner: {under: $user.id}}", Compare("owner", "under", UserValue("id"))),
    ("{owner: {team: {in: $user.teams}}}", Through("owner", Compare("team", "in", UserValue("teams")))),
    (
        "{owner: {isNull: false, name: x}}",
        And((Compare("owner", "isNull", Literal(False)), Through("owner", eq("name", "x")))),
    ),
    ("{owner: {or: [{name: x}, {name: y}]}}", Through("owner", Or((eq("name", "x"), eq("name", "y"))))),
    ("{team: {under: $user.team}}", Compare("team", "under", UserValue("team"))),
    (f"{{parent: {{under: {TEAM.upper()}}}}}", Compare("parent", "under", Literal(TEAM))),
    (
        "{contacts: {some: {level: 1}, none: {level: 2}}}",
        And((Over("contacts", "some", eq("level", 1)), Over("contacts", "none", eq("level", 2)))),
    ),
    (
        "{contacts: {every: {customer: {name: x}}}}",
        Over("contacts", "every", Through("customer", eq("name", "x"))),
    ),
    ("{colours: {has: red}}", Compare("colours", "has", Literal("red"))),
    (
        "{colours: {hasAny: [red, blue], isEmpty: false}}",
        And(
            (
                Compare("colours", "hasAny", Literal(("red", "blue"))),
                Compare("colours", "isEmpty", Literal(False)),
            )
        ),
    ),
    ("{colours: {hasAll: $user.roles}}", Compare("colours", "hasAll", UserValue("roles"))),
    ("{friends: {has: $row.parent}}", Compare("friends", "has", RowValue("parent"))),
    ("{amount: {lte: $row.rate}}", Compare("amount", "lte", RowValue("rate"))),
    ("{amount: {lte: $user.limit}}", Compare("amount", "lte", UserValue("limit"))),
    ("{id: $row.parent}", Compare("id", "eq", RowValue("parent"))),
    ("{mail: {endsWith: '@b.cd'}}", Compare("mail", "endsWith", Literal("@b.cd"))),
]


@pytest.mark.parametrize(("text", "condition"), UNDERSTOOD, ids=[text for text, _ in UNDERSTOOD])
def test_understood(text: str, condition: Condition) -> None:
    assert read(yaml.safe_load(text)) == (condition, [])


ON_TEXT = (
    "operators: eq, ne, in, notIn, isNull, lt, lte, gt, gte, between, "
    "contains, startsWith, endsWith, icontains"
)
WRONG: list[tuple[str, tuple[str | int, ...], str, str, str | None]] = [
    ("x", (), "SM701", "a condition is a mapping like {field: {op: value}}", None),
    ("{nmae: x}", ("nmae",), "SM702", "'customer' has no field or relation 'nmae'", "did you mean 'name'?"),
    ("{name: {equals: x}}", ("name", "equals"), "SM703", "'name' (text) has no operator 'equals'", ON_TEXT),
    (
        "{name: {startswith: x}}",
        ("name", "startswith"),
        "SM703",
        "'name' (text) has no operator 'startswith'",
        "did you mean 'startsWith'?",
    ),
    (
        "{vip: {gt: true}}",
        ("vip", "gt"),
        "SM703",
        "'vip' (boolean) has no operator 'gt'",
        "operators: eq, ne, in, notIn, isNull",
    ),
    ("{mail: {under: x}}", ("mail", "under"), "SM703", "'mail' (email) has no operator 'under'", ON_TEXT),
    ("{and: {name: x}}", ("and",), "SM701", "'and' takes a list of conditions", None),
    ("{not: [x]}", ("not",), "SM701", "a condition is a mapping like {field: {op: value}}", None),
    ("{name: {}}", ("name",), "SM701", "'name' is compared with nothing", None),
    ("{name: null}", ("name",), "SM704", "'eq' takes no null", "write name: {isNull: true}"),
    ("{name: [x, null]}", ("name", 1), "SM704", "'in' takes no null", "write name: {isNull: true}"),
    ("{name: {isNull: x}}", ("name", "isNull"), "SM704", "'isNull' takes true or false", None),
    ("{name: {in: x}}", ("name", "in"), "SM701", "'in' takes a list", None),
    (
        "{name: {in: [$user.name]}}",
        ("name", "in", 0),
        "SM701",
        "a variable cannot stand inside a list: $user.name",
        "write an 'or' of two conditions",
    ),
    ("{name: true}", ("name",), "SM704", "'true' is no value of 'name': a text is expected", None),
    (
        "{grade: {in: [a, bb]}}",
        ("grade", "in", 1),
        "SM704",
        "'bb' is no option of 'grade'",
        "did you mean 'b'?",
    ),
    ("{grade: gold}", ("grade",), "SM704", "'gold' is no option of 'grade'", "options: b, a, c"),
    (
        "{amount: 1.234}",
        ("amount",),
        "SM704",
        "'1.234' is no value of 'amount': an exact number is expected, as a string or an integer",
        None,
    ),
    (
        "{amount: '1.234'}",
        ("amount",),
        "SM704",
        "'1.234' is no value of 'amount': at most 2 decimal places are allowed",
        None,
    ),
    (
        "{born: '2026-01-31T08:00:00Z'}",
        ("born",),
        "SM704",
        "'2026-01-31T08:00:00Z' is no value of 'born': a date like 2026-01-31 is expected",
        None,
    ),
    (
        "{amount: {between: [1]}}",
        ("amount", "between"),
        "SM701",
        "'between' takes a list of two values",
        None,
    ),
    (
        "{contacts: {level: 1}}",
        ("contacts", "level"),
        "SM703",
        "a to-many takes some, none or every, not 'level'",
        "write contacts: {some: {level: …}}",
    ),
    ("{contacts: x}", ("contacts",), "SM701", "'contacts' is a to-many: {contacts: {some: {…}}}", None),
    (
        "{contacts: {some: {levle: 1}}}",
        ("contacts", "some", "levle"),
        "SM702",
        "'contact' has no field or relation 'levle'",
        "did you mean 'level'?",
    ),
    (
        "{colours: red}",
        ("colours",),
        "SM701",
        "'colours' is a list",
        "write colours: {has: …} or {hasAny: […]}",
    ),
    (
        "{colours: {eq: red}}",
        ("colours", "eq"),
        "SM703",
        "'colours' (multi_choice) has no operator 'eq'",
        "operators: has, hasAny, hasAll, isEmpty",
    ),
    ("{owner: $user.idd}", ("owner",), "SM705", "there is no '$user.idd'", "did you mean '$user.id'?"),
    ("{owner: $usr.id}", ("owner",), "SM705", "there is no variable '$usr.id'", "did you mean '$user.id'?"),
    (
        "{seen: {lt: $tody}}",
        ("seen", "lt"),
        "SM705",
        "there is no variable '$tody'",
        "did you mean '$today'?",
    ),
    ("{seen: {lt: $now - 48x}}", ("seen", "lt"), "SM705", "there is no variable '$now - 48x'", None),
    (
        "{amount: {lte: $row.amuont}}",
        ("amount", "lte"),
        "SM705",
        "there is no '$row.amuont'",
        "did you mean '$row.amount'?",
    ),
    (
        "{owner: $user.team}",
        ("owner",),
        "SM706",
        "$user.team is an id of team, and an id of user is expected",
        None,
    ),
    (
        "{team: $user.teams}",
        ("team",),
        "SM706",
        "$user.teams is a list of ids of team, and an id of team is expected",
        "a list is compared with 'in' or 'hasAny'",
    ),
    (
        "{team: {in: $user.team}}",
        ("team", "in"),
        "SM706",
        "$user.team is an id of team, and a list of ids of team is expected",
        None,
    ),
    ("{born: $row.seen}", ("born",), "SM706", "$row.seen is a datetime, and a date is expected", None),
    ("{name: $today}", ("name",), "SM706", "$today is a moment, and a text is expected", None),
    ("{rate: $user.limit}", ("rate",), "SM706", "$user.limit has 2 decimal places, and 'rate' has 4", None),
    (
        "{friends: {hasAny: $row.parent}}",
        ("friends", "hasAny"),
        "SM706",
        "$row.parent is no list that was given",
        "compare it with a value, not with a list",
    ),
]


@pytest.mark.parametrize(("text", "path", "code", "message", "hint"), WRONG, ids=[each[0] for each in WRONG])
def test_wrong(text: str, path: tuple[str | int, ...], code: str, message: str, hint: str | None) -> None:
    assert read(yaml.safe_load(text)) == (NEVER, [(path, code, message, hint)])
    assert code in CODES


def test_all_problems_at_once() -> None:
    condition, problems = read({"or": [{"name": "x"}, {"nam": "x"}, {"grade": "z", "vip": 7}]})
    assert condition == NEVER
    assert [(path, code) for path, code, _, _ in problems] == [
        (("or", 1, "nam"), "SM702"),
        (("or", 2, "grade"), "SM704"),
        (("or", 2, "vip"), "SM704"),
    ]


def test_the_row_of_a_references_choice_is_the_one_that_refers() -> None:
    assert read({"level": {"lt": "$row.quantity"}}, "contact", "customer") == (
        Compare("level", "lt", RowValue("quantity")),
        [],
    )
    assert read({"level": {"lt": "$row.level"}}, "contact", "customer")[1][0][1] == "SM705"


def value(raw: object, field: str, row: bool = False) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    customer = OBJECTS["customer"]
    found = parse_value(
        raw,
        customer.fields[field],
        object=customer,
        objects=OBJECTS,
        report=lambda *problem: problems.append(problem),
        row=customer if row else None,
    )
    return found, problems


def test_defaults_and_presets() -> None:
    assert value("a", "grade") == (Literal("a"), [])
    assert value(["red"], "colours") == (Literal(("red",)), [])
    assert value("$user.id", "owner") == (UserValue("id"), [])
    assert value("$today + 30d", "born") == (Moment("today", 30, "d"), [])
    assert value("$row.parent", "parent", row=True) == (RowValue("parent"), [])
    assert value(None, "grade") == (None, [])


def test_wrong_defaults() -> None:
    assert value("z", "grade")[1][0][:2] == ((), "SM704")
    assert value("$user.team", "owner")[1][0][:2] == ((), "SM706")
    assert value("$row.parent", "parent") == (
        None,
        [((), "SM705", "'$row.parent' has no row to look at here", None)],
    )
