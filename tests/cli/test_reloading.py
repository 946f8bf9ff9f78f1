"""Changed metadata is served only if it is right and the database fits; else it is said why not."""

from pathlib import Path

import pytest

from salesmode.cli.reloading import fitting
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
        found = await fitting(tmp_path, model, database)
    finally:
        await database.close()
    assert (found is not None) is served
    assert said in capsys.readouterr().err.replace("\n", " ")
