"""The commands of routing, as a person uses them: on the app that the manual describes."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.kit import salesmode
from tests.plugins.routing.test_kinds import README

PEOPLE = """
---
kind: user_data
name: people
object: user
by: [name]
records:
  - {name: ann, roles: [sales], skills: [machines], weight: 2, capacity: 10}
  - {name: bob, roles: [sales], skills: [software], weight: 1, capacity: 10}
"""
LEADS = "name,product,source\nl1,machines,website\nl2,software,website\nl3,machines,website\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The manual's app with two salespeople, and three leads from a file."""
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "app.yaml").write_text("\n---\n".join(blocks) + PEOPLE, encoding="utf-8")
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    assert salesmode("apply", tmp_path).code == 0
    assert salesmode("import", "lead", tmp_path / "leads.csv", tmp_path).code == 0
    return tmp_path


def first_lead(app: Path) -> str:
    out = salesmode("export", "lead", app, "--format", "jsonl").out
    return str(json.loads(out.splitlines()[0])["id"])


def test_a_route_is_explained(app: Path) -> None:
    said = salesmode("explain", "route", "lead", first_lead(app), "--app", app)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].endswith("website_leads (create): ann: next by weight of 2 in 'everybody'")
    assert lines[1:] == [
        "    + ann (everybody): fits",
        "    + bob (everybody): fits",
        "Now: rule website_leads applies",
        "Now: rule best_match applies; it is not active",
    ]


def test_a_rule_is_simulated(app: Path) -> None:
    said = salesmode("simulate", "route", "best_match", "--app", app, "--json")
    assert {each["user"]: (each["would_get"], each["has"]) for each in json.loads(said.out)} == {
        "ann": (2, 2),
        "bob": (1, 1),
        "(not decided by this rule)": (0, ""),
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("explain", "route", "led", "x"), "There is no object 'led'."),
        (("explain", "route", "lead", "x"), "There is no such record."),
        (
            ("simulate", "route", "nope"),
            "There is no routing rule 'nope'; rules: website_leads, best_match.",
        ),
        (
            ("simulate", "route", "best_match", "--days", "0"),
            "'0' is no number of days from 1 to 3660.",
        ),
    ],
)
def test_what_is_not_there_is_told(app: Path, arguments: tuple[str, ...], told: str) -> None:
    said = salesmode(*arguments, "--app", app)
    assert (said.code, told in said.err) == (1, True), said
