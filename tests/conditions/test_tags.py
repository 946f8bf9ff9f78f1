"""`has hasAny hasAll isEmpty` over tags mean what they say of the rows of the relation."""

import pytest

from salesmode.compiler import compile_texts
from salesmode.conditions.parse import parse_condition
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, Over, both

MODEL = compile_texts(
    {
        "app.yaml": """
kind: app
name: homes
---
kind: object
name: household
fields: {name: {type: text}}
---
kind: object
name: visit
fields: {household: {type: reference, to: household}}
---
kind: object
name: shop
fields: {name: {type: text}}
---
{kind: tag, name: referral, object: household}
---
{kind: tag, name: rich, object: household}
---
{kind: tag, name: open_late, object: shop}
"""
    }
).model


def parsed(raw: object, name: str = "household") -> tuple[Condition, list[str]]:
    problems: list[str] = []
    condition = parse_condition(
        raw,
        object=MODEL.objects[name],
        objects=MODEL.objects,
        report=lambda _path, code, message, _hint: problems.append(f"{code} {message}"),
    )
    return condition, problems


def some(name: str) -> Condition:
    return Over("tags", "some", Compare("name", "eq", Literal(name)))


NAMES = Literal(("rich", "referral"))
NOT_REFERRAL = Over("tags", "none", Compare("name", "eq", Literal("referral")))


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ({"has": "rich"}, some("rich")),
        ({"hasAny": ["rich", "referral"]}, Over("tags", "some", Compare("name", "in", NAMES))),
        ({"hasAll": ["rich", "referral"]}, both(some("rich"), some("referral"))),
        ({"hasAll": []}, ALWAYS),
        ({"isEmpty": True}, Over("tags", "none", ALWAYS)),
        ({"isEmpty": False}, Over("tags", "some", ALWAYS)),
        ({"has": "rich", "none": {"name": "referral"}}, both(some("rich"), NOT_REFERRAL)),
    ],
)
def test_what_is_asked_of_tags(raw: object, meaning: Condition) -> None:
    assert parsed({"tags": raw}) == (meaning, [])


def test_it_is_asked_through_a_reference_too() -> None:
    condition, problems = parsed({"household": {"tags": {"has": "rich"}}}, "visit")
    assert problems == []
    assert condition != NEVER


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"has": "open_late"}, "SM704 'open_late' is no tag of 'household'"),
        ({"hasAny": ["rich", "ric"]}, "SM704 'ric' is no tag of 'household'"),
        ({"has": ["rich"]}, "SM701 'has' takes one tag"),
        ({"hasAll": "rich"}, "SM701 'hasAll' takes a list of tags"),
        ({"isEmpty": "yes"}, "SM704 'isEmpty' takes true or false"),
        ({"all": ["rich"]}, "SM703 a to-many takes some, none or every, not 'all'"),
        ("rich", "SM701 'tags' is a to-many: {tags: {has: …}}"),
    ],
)
def test_what_cannot_be_asked_is_told(raw: object, problem: str) -> None:
    assert parsed({"tags": raw}) == (NEVER, [problem])
