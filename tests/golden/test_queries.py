"""Questions with the SQL of both engines and the one answer beside them; the file is named for the behaviour.

A `.graphql` file begins with who asks, and the variables. `pytest tests/golden --renew` writes the others
anew: a changed line in one of them belongs into the change that made it, with its reason.
"""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.world import World, open_world

FOLDER = Path(__file__).with_name("queries")
NAMES = sorted(each.stem for each in FOLDER.glob("*.graphql"))
_HEAD = re.compile(r"# (\w+)(?: (\{.*\}))?\n")


@pytest.fixture(scope="module")
async def world(module_database_url: str) -> AsyncIterator[World]:
    found = await open_world(module_database_url)
    yield found
    await found.database.close()


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew", default=False))


def question(name: str) -> tuple[str, str, dict[str, Any]]:
    """Who asks, what, and the variables."""
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    head = _HEAD.match(text)
    assert head is not None, "the first line says who asks"
    body = text[head.end() :].strip().removeprefix("{").removesuffix("}")
    return head[1], body, json.loads(head[2] or "{}")


@pytest.mark.parametrize("name", NAMES)
async def test_sql_and_answer_are_those_in_the_files(world: World, name: str, renew: bool) -> None:
    person, text, variables = question(name)
    answer = await world.raw(person, text, **variables)
    (sql,) = world.heard
    sql_file, json_file = (FOLDER / f"{name}.{kind}" for kind in (f"{world.database.dialect}.sql", "json"))
    if renew:
        sql_file.write_text(_lines(sql), encoding="utf-8")
        json_file.write_text(_indented(answer), encoding="utf-8")
    assert _lines(sql) == sql_file.read_text(encoding="utf-8")
    assert json.loads(answer or "null") == json.loads(json_file.read_text(encoding="utf-8"))


def _indented(answer: str | None) -> str:
    return json.dumps(json.loads(answer or "null"), ensure_ascii=False, indent=2) + "\n"


def _lines(sql: str) -> str:
    """One clause a line, without the blanks at their ends."""
    return "\n".join(line.rstrip() for line in sql.splitlines()) + "\n"
