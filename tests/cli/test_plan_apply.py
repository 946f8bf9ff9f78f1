"""`salesmode plan` and `apply`: what is shown, done and refused, and the metadata's own records."""

import json
from pathlib import Path

import pytest

from tests.cli.kit import PRODUCT, salesmode, shop

RECORDS = """
kind: user_data
name: first_products
object: product
by: [name]
records:
  - {name: Lamp, price: "12.50"}
  - {name: Chair, price: "80.00"}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return shop(tmp_path / "shop")


def test_the_first_plan_makes_every_table(app: Path, database_url: str) -> None:
    said = salesmode("plan", app, "--database", database_url)
    assert said.code == 0
    assert "safe            create table products with " in said.out


def test_a_plan_changes_nothing(app: Path, database_url: str) -> None:
    first = salesmode("plan", app, "--database", database_url)
    assert salesmode("plan", app, "--database", database_url) == first


def test_the_database_may_be_named_by_the_environment(app: Path, sqlite_url: str) -> None:
    assert salesmode("apply", app, SALESMODE_DATABASE=sqlite_url).code == 0
    assert salesmode("plan", app, "--database", sqlite_url).out == "No changes.\n"
    assert not (app / "salesmode.db").exists()


def test_without_a_name_it_is_in_the_folder_of_the_app(app: Path) -> None:
    assert salesmode("apply", app).code == 0
    assert (app / "salesmode.db").is_file()
    assert salesmode("plan", app).out == "No changes.\n"


def test_nothing_to_do(app: Path, database_url: str) -> None:
    assert salesmode("apply", app, "--database", database_url).code == 0
    for command in (("plan",), ("apply",)):
        said = salesmode(*command, app, "--database", database_url)
        assert (said.code, said.out) == (0, "No changes.\n")
    said = salesmode("plan", app, "--json", "--database", database_url)
    assert said.code == 0
    assert json.loads(said.out)["steps"] == []


def test_sql_and_json_say_the_same_step(app: Path, database_url: str) -> None:
    salesmode("apply", app, "--database", database_url)
    shop(app, product=PRODUCT + "  colour: {type: text}\n")
    (step,) = json.loads(salesmode("plan", app, "--json", "--database", database_url).out)["steps"]
    assert step["effect"] == "safe"
    sql = salesmode("plan", app, "--sql", "--database", database_url).out
    assert "ALTER TABLE products ADD COLUMN colour" in sql


def test_json_and_sql_together_are_wrong_usage(app: Path) -> None:
    assert salesmode("plan", app, "--sql", "--json").code == 2


def test_what_loses_values_has_to_be_allowed(app: Path, database_url: str) -> None:
    salesmode("apply", app, "--database", database_url)
    shop(app, product=PRODUCT.replace("  margin: {type: percent}\n", ""))
    said = salesmode("apply", app, "--database", database_url)
    assert said.code == 1
    assert "drop product.margin" in said.err
    assert "--allow-destructive" in said.err
    said = salesmode("apply", app, "--database", database_url, "--allow-destructive")
    assert said.code == 0
    assert salesmode("plan", app, "--database", database_url).out == "No changes.\n"


def test_rows_that_contradict_a_plan_are_counted(app: Path, database_url: str) -> None:
    shop(app, records=RECORDS)
    salesmode("apply", app, "--database", database_url)
    shop(app, product=PRODUCT + "  colour: {type: text, required: true}\n")
    said = salesmode("plan", app, "--database", database_url)
    assert said.code == 1
    assert "2 rows" in said.out


def test_an_apply_can_be_taken_back(app: Path, database_url: str) -> None:
    salesmode("apply", app, "--database", database_url)
    shop(app, product=PRODUCT + "  colour: {type: text}\n")
    salesmode("apply", app, "--database", database_url)
    said = salesmode("apply", app, "--undo", "--database", database_url)
    assert (said.code, "drop product.colour" in said.out) == (0, True)
    shop(app)
    assert salesmode("plan", app, "--database", database_url).out == "No changes.\n"


def test_what_was_dropped_is_told_and_nothing_older_is_taken_back_instead(
    app: Path, database_url: str
) -> None:
    salesmode("apply", app, "--database", database_url)
    shop(app, product=PRODUCT.replace("  margin: {type: percent}\n", "  colour: {type: text}\n"))
    salesmode("apply", app, "--allow-destructive", "--database", database_url)
    said = salesmode("apply", app, "--undo", "--database", database_url)
    assert said.code == 0
    assert "drop product.colour" in said.out
    assert "not undone      drop product.margin: what was dropped is lost" in said.out

    shop(app, product=PRODUCT.replace("  margin: {type: percent}\n", "  size: {type: integer}\n"))
    salesmode("apply", app, "--database", database_url)
    shop(app, product=PRODUCT.replace("  margin: {type: percent}\n", ""))
    salesmode("apply", app, "--allow-destructive", "--database", database_url)
    for _ in range(2):
        said = salesmode("apply", app, "--undo", "--database", database_url)
        assert (said.code, said.out) == (1, "")
        assert "refused         drop product.size" in said.err
        assert "cannot be taken back" in said.err
    assert salesmode("plan", app, "--database", database_url).out == "No changes.\n"


def test_undo_makes_no_administrator(app: Path) -> None:
    assert salesmode("apply", app, "--undo", "--admin", "ann").code == 2


def test_the_metadata_s_records_are_there_once_however_often(app: Path, database_url: str) -> None:
    shop(app, records=RECORDS)
    for told in ("2 records of the metadata loaded.", "No changes."):
        said = salesmode("apply", app, "--database", database_url)
        assert (said.code, said.out.splitlines()[-1]) == (0, told)
    shop(app, product=PRODUCT.replace("margin: {type: percent}", "margin: {type: percent, required: true}"))
    said = salesmode("plan", app, "--database", database_url)
    assert "2 rows" in said.out, "both records are there, once"


AREAS = """
kind: user_data
name: areas
object: territory
by: [code]
records: [{code: north, name: North}, {code: south, name: South}]
"""
PLACED = (
    PRODUCT
    + """
  area:
    type: reference
    to: territory
    assign: {by: code, rules: [{name: cheap, when: {price: {lt: 20}}, to: CHEAP}]}
"""
)


def test_rules_that_changed_choose_again_once(app: Path, database_url: str) -> None:
    shop(app, records=RECORDS)
    salesmode("apply", app, "--database", database_url)
    for area in ("north", "south"):
        shop(app, product=PLACED.replace("CHEAP", area), records=f"{RECORDS}---{AREAS}")
        for said in ("Rules chose otherwise for 1 record.", "No changes."):
            found = salesmode("apply", app, "--database", database_url)
            assert (found.code, found.out.splitlines()[-1]) == (0, said), area
    assert salesmode("plan", app, "--database", database_url).out == "No changes.\n"


def test_a_record_that_is_wrong_is_a_problem_of_the_metadata(app: Path, database_url: str) -> None:
    more = "  colour: {type: reference, to: product}\n"
    wrong = RECORDS.replace("{name: Lamp,", "{name: Lamp, colour: Sofa,")
    said = salesmode("apply", shop(app, product=PRODUCT + more, records=wrong), "--database", database_url)
    assert said.code == 1
    assert f"{app}/records.yaml:" in said.err
    assert "    ^" in said.err or "  ^" in said.err, "the source line has a caret"


def test_wrong_metadata_reaches_no_database(app: Path, sqlite_url: str) -> None:
    shop(app, product=PRODUCT.replace("percent", "percnt"))
    for command in (("plan",), ("apply",), ("serve", "--port", "0")):
        said = salesmode(*command, app, "--database", sqlite_url, SALESMODE_SECRET="x" * 32)
        assert said.code == 1
        assert f"{app}/product.yaml:7:18: SM" in said.err
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


@pytest.mark.parametrize("command", [("plan",), ("plan", "--sql"), ("doctor",)])
def test_who_only_looks_makes_no_database(app: Path, command: tuple[str, ...]) -> None:
    said = salesmode(*command, app)
    assert said.code == 0
    assert "products" in said.out or "to make by `salesmode apply`" in said.out
    assert not list(app.glob("salesmode.db*"))


@pytest.mark.parametrize(
    "command",
    [
        ("export", "product", "APP"),
        ("explain", "access", "ann", "product", "01a206c2-c5ac-71fb-afaf-f85076b5ff5f", "--app", "APP"),
        ("import", "product", "FILE", "APP"),
    ],
)
def test_what_needs_tables_says_that_there_is_no_database(app: Path, command: tuple[str, ...]) -> None:
    table = app / "rows.csv"
    table.write_text("name\nLamp\n", encoding="utf-8")
    said = salesmode(*({"APP": app, "FILE": table}.get(each, each) for each in command))
    assert said.code == 1
    assert f"there is no database {app / 'salesmode.db'}" in said.err.replace("\n", "")
    assert "salesmode apply" in said.err
    assert not list(app.glob("salesmode.db*"))
