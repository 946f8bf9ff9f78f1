"""Tags in tables: the engine's `sm_tag` follows the tags, and no tag that is set is lost unasked."""

from datetime import UTC, datetime
from typing import Any

from salesmode.compiler import compile_texts
from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.tables.describe import shape_of
from salesmode.tables.migrations import apply, as_text, plan, undo
from tests.tables.rows import id_of, insert, select

_APP = """
kind: app
name: homes
---
kind: object
name: household
fields: {name: {type: text}}
---
kind: object
name: shop
fields: {name: {type: text}}
"""


def _tag(name: str, object_name: str = "household", **more: str) -> str:
    said = "".join(f"{key}: {value}\n" for key, value in more.items())
    return f"---\nkind: tag\nname: {name}\nobject: {object_name}\n{said}"


def _model(*tags: str) -> Model:
    return compile_texts({"app.yaml": _APP + "".join(tags)}).model


async def _set(database: Database, model: Model, *tags: tuple[str, str | None]) -> None:
    """A household with those tags, each in a state."""
    await insert(database, model, "household", {"name": "Li"})
    rows: list[dict[str, Any]] = [
        {"household": id_of(1), "name": name, "state": state, "since": datetime(2026, 1, 1, tzinfo=UTC)}
        for name, state in tags
    ]
    await insert(database, model, "tag", *rows)


async def test_there_is_a_table_of_tags_where_there_are_tags(empty: Database) -> None:
    assert "sm_tag" not in {each.name for each in shape_of(_model(), empty.dialect).tables}
    await apply(empty, _model())
    await apply(empty, _model(_tag("referral")))
    assert as_text(await plan(empty, _model(_tag("referral")))) == "No changes."
    await apply(empty, _model(_tag("referral"), _tag("rich", "shop")))
    await _set(empty, _model(_tag("referral"), _tag("rich", "shop")), ("referral", None))


async def test_a_tag_that_is_set_cannot_be_taken_out_of_the_metadata(empty: Database) -> None:
    before = _model(_tag("referral"), _tag("rich"))
    await apply(empty, before)
    await _set(empty, before, ("referral", None), ("rich", None))
    found = await plan(empty, _model(_tag("rich")))
    (refusal,) = found.refusals
    assert refusal.rows == 1
    assert "referral" in as_text(found)
    assert not (await plan(empty, _model(_tag("rich", renamed_from="referral"), _tag("referral")))).refusals


async def test_a_tag_gets_another_name(empty: Database) -> None:
    before, after = _model(_tag("referral")), _model(_tag("introduction", renamed_from="referral"))
    await apply(empty, before)
    await _set(empty, before, ("referral", None))
    await apply(empty, after)
    assert await select(empty, after, "tag", "name") == [("introduction",)]
    await undo(empty)
    assert await select(empty, before, "tag", "name") == [("referral",)]


async def test_a_state_that_tags_are_in_cannot_be_taken_out(empty: Database) -> None:
    before = _model(_tag("referral", states="[hinted, visited]"))
    await apply(empty, before)
    await _set(empty, before, ("referral", "visited"))
    assert (await plan(empty, _model(_tag("referral", states="[hinted]")))).refusals
    assert not (await plan(empty, _model(_tag("referral", states="[visited]")))).refusals


async def test_the_last_tag_of_an_object_goes_only_when_one_says_so(empty: Database) -> None:
    before = _model(_tag("referral"))
    await apply(empty, before)
    await _set(empty, before, ("referral", None))
    assert (await plan(empty, _model())).destructive
    assert (await apply(empty, _model())).refusals
    await apply(empty, _model(), allow_destructive=True)
    assert as_text(await plan(empty, _model())) == "No changes."
