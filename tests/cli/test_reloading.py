"""Changed metadata is served only if it is right and once the database fits; else it is said why not."""

from pathlib import Path

import pytest

from salesmode.cli.reloading import Reloading
from salesmode.compiler.compiled import compile_app
from salesmode.database.connect import connect
from salesmode.tables.migrations import apply

pytestmark = pytest.mark.anyio

APP = 'kind: app\nname: small\nversion: "1.0.0"\n---\nkind: object\nname: thing\nplural: things\n'
FIELDS = "fields: {name: {type: text, required: true}}\n"
MORE = "fields: {name: {type: text, required: true}, more: {type: text}}\n"


@pytest.mark.parametrize(
    ("text", "served", "said"),
    [
        (APP + FIELDS, False, ""),
        (APP + "label: Gadget\n" + FIELDS, True, "small is served as changed"),
        (APP + "fields: {name: {type: txt}}\n", False, "is still served"),
        (
            APP + MORE,
            False,
            "salesmode apply",
        ),
    ],
    ids=["same", "label", "broken", "column"],
)
async def test_what_is_served_after_a_change(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str], text: str, served: bool, said: str
) -> None:
    file = tmp_path / "app.yaml"
    file.write_text(APP + FIELDS)
    model = compile_app(tmp_path).model
    database = await connect(database_url)
    try:
        await apply(database, model)
        file.write_text(text)
        reloading = Reloading(tmp_path, model)
        await reloading.read()
        found = await reloading.ready(database)
    finally:
        await database.close()
    assert (found is not None) is served
    assert said in capsys.readouterr().err.replace("\n", " ")


async def test_what_waits_for_the_database_is_served_once_that_fits(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "app.yaml"
    file.write_text(APP + FIELDS)
    model = compile_app(tmp_path).model
    database = await connect(database_url)
    try:
        await apply(database, model)
        file.write_text(APP + MORE)
        reloading = Reloading(tmp_path, model)
        await reloading.read()
        assert [await reloading.ready(database), await reloading.ready(database)] == [None, None]
        assert capsys.readouterr().err.count("salesmode apply") == 1, "it is said once"
        await apply(database, compile_app(tmp_path).model)
        found = await reloading.ready(database)
        assert found is not None
        assert "more" in found.objects["thing"].fields
        assert await reloading.ready(database) is None, "it is served already"
    finally:
        await database.close()
