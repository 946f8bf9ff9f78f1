"""`salesmode explain stage`: where a record may move, which line blocks, and what would open the way."""

import asyncio
from pathlib import Path

import pytest

from salesmode.access.scope import SystemScope
from salesmode.cli.project import environment_of
from salesmode.compiler import compile_app
from salesmode.database.connect import connect
from salesmode.records import create
from salesmode.tables import tables_of
from tests.cli.kit import salesmode, write

OBJECTS = """
kind: object
name: deal
fields:
  name: {type: text, required: true}
  grade: {type: choice, options: [a, b]}
  amount: {type: money}
  budget: {type: money}
"""
WAY = """
kind: pipeline
name: sale
object: deal
reopen: [boss]
stages:
  - name: ask
    exit:
      required: [{fields: [budget], when: {grade: a}}]
  - name: check
    when: {grade: a}
    roles: [boss]
  - name: offer
    entry: {validations: [{name: priced, must: {amount: {gt: 0}}, message: A price}]}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: role
name: boss
objects:
  deal: {read: true, update: true, fields: {default: write}}
"""


@pytest.fixture
def crm(tmp_path: Path, database_url: str) -> tuple[Path, str, str]:
    """The app, its database, and the id of a deal of grade a."""
    app = write(tmp_path / "small", app="kind: app\nname: small", deal=OBJECTS, way=WAY)
    assert salesmode("apply", app, "--database", database_url).code == 0
    return app, database_url, asyncio.run(_filled(app, database_url))


async def _filled(app: Path, url: str) -> str:
    model = compile_app(app).model
    database = await connect(url)
    scope, environment = SystemScope(tables_of(model, database.dialect)), environment_of(model)
    given = {"name": "d", "grade": "a", "amount": 0}
    (id_,) = await database.run(lambda: create(scope, "deal", [given], environment))
    await database.close()
    return id_


def test_every_way_is_told_with_what_is_in_it(crm: tuple[Path, str, str]) -> None:
    app, url, id_ = crm
    told = salesmode("explain", "stage", "deal", id_, "--database", url, "--app", app)
    assert told.code == 0
    way = app / "way.yaml"
    assert told.out.splitlines() == [
        f"deal {id_} is in sale: ask",
        f"    {way}:7:11",
        "may not move to check",
        "  only by boss",
        "  required budget: 'Check' needs this to be filled.",
        f"    {way}:9:18",
        "    it could, if budget is not empty",
        "may not move to offer",
        "  skip: The stage 'Check' cannot be skipped.",
        f"    {way}:10:11",
        "    it could, if not (grade = a)",
        "  required budget: 'Offer' needs this to be filled.",
        f"    {way}:9:18",
        "    it could, if budget is not empty",
        "  validation priced: A price",
        f"    {way}:14:27",
        "    it could, if amount > 0.00",
        "may not move to won",
        "  skip: The stage 'Check' cannot be skipped.",
        f"    {way}:10:11",
        "    it could, if not (grade = a)",
        "  skip: The stage 'Offer' cannot be skipped.",
        f"    {way}:13:11",
        "  required budget: 'Won' needs this to be filled.",
        f"    {way}:9:18",
        "    it could, if budget is not empty",
        "may move to lost",
    ]


def test_one_stage_alone(crm: tuple[Path, str, str]) -> None:
    app, url, id_ = crm
    told = salesmode("explain", "stage", "deal", id_, "--to", "lost", "--database", url, "--app", app)
    assert told.out.splitlines()[2:] == ["may move to lost"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("stage", "deals", "x"), 2, "there is no object 'deals'"),
        (("stage", "user", "x"), 2, "not an id"),
        (("stage", "deal", "00000000-0000-7000-8000-000000000000"), 1, "there is no living deal"),
        (("deal", "--to", "won"), 2, "--to goes with"),
    ],
)
def test_what_cannot_be_asked(
    crm: tuple[Path, str, str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    app, url, id_ = crm
    told = salesmode("explain", *arguments, "--database", url, "--app", app)
    assert (told.code, said in told.err) == (code, True)
    told = salesmode("explain", "stage", "deal", id_, "--to", "wonn", "--database", url, "--app", app)
    assert told.code == 2
    assert "did you mean 'won'" in told.err
