"""Match rules and ruling rules in YAML: what they mean, and what is told of mistakes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from salesmode.compiler import Compiled, compile_app, compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.model.condition import ALWAYS
from salesmode.testing.conformance import check
from salesmode_duplicates.asked import match_rules, rules_of, ruling_rules
from tests.plugins.duplicates.apps import HOUSEHOLDS, MATCHING, ROLES, RULING

README = Path(__file__).parents[3] / "plugins/salesmode_duplicates/README.md"
APP = "kind: app\nname: small\ncountry: DE\nplugins: [duplicates]\n---" + HOUSEHOLDS + "---" + ROLES + "---\n"

MATCH = "kind: match_rule\nname: same\nobject: household\n"
PHONE = MATCH + "compare: [{name: phone, as: phone, points: 60}]\n"
WHOSE = "kind: ruling_rule\nname: whose\nobject: household\n"
CHANGED = """
kind: app
name: mine
extends: ../below
---
kind: match_rule
name: same_household
compare: [{name: wechat, points: 20}, {name: name, $remove: true}]
keep: {income: lowest}
"""


def compiled(text: str) -> Compiled:
    return compile_texts({"app.yaml": APP + text})


def told(text: str) -> list[str]:
    """`LINE message | hint`, lines counted from the end of APP."""
    with pytest.raises(MetadataError) as raised:
        compiled(text)
    start = APP.count("\n")
    return [
        f"{each.span.line - start} {each.message}" + (f" | {each.hint}" if each.hint else "")
        for each in raised.value.diagnostics
    ]


def test_the_readme_compiles_without_a_warning() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    found = compile_texts({"app.yaml": "\n---\n".join(blocks)})
    assert [str(each) for each in found.warnings] == []
    (rule,) = rules_of(found.model, "household")
    assert rule.blocks == (("phone",), ("wechat",), ("address",), ("name", "address"))
    assert (rule.on_certain, rule.on_likely, rule.region) == ("block", "warn", "CN")
    ruling = ruling_rules(found.model)["household"]
    assert [each.ground for each in ruling.clauses] == [
        "manual",
        "registered",
        "first_contact",
        "last_follow_up",
    ]


def test_a_rule_in_the_smallest_form() -> None:
    (rule,) = match_rules(compiled(PHONE).model)["household"]
    (comparison,) = rule.compare
    assert (comparison.fields, comparison.against) == (("phone",), 0)
    assert (rule.blocks, rule.likely, rule.certain, rule.region) == ((("phone",),), 60, 90, "DE")
    assert (rule.on_likely, rule.on_certain, rule.survivor, rule.where) == ("warn", "warn", "oldest", ALWAYS)
    assert rule.label.text("en") == "Same"


def test_a_ruling_in_the_smallest_form() -> None:
    rule = ruling_rules(compiled(WHOSE + "clauses: [first_contact]").model)["household"]
    (clause,) = rule.clauses
    assert (clause.ground, clause.share, clause.within, clause.where) == ("first_contact", 0, None, ALWAYS)
    assert (rule.roles, rule.decided, rule.set_owner) == (frozenset(), None, False)


def test_protection_in_hours_days_and_weeks() -> None:
    clauses = "clauses: [{name: a, <<}, {name: b, <<}]".replace("<<", "ground: first_contact, within: {}")
    text = WHOSE + clauses.replace("{}", "36h", 1).replace("{}", "2w")
    rule = ruling_rules(compiled(text).model)["household"]
    assert [each.within for each in rule.clauses] == [timedelta(hours=36), timedelta(weeks=2)]


def test_an_app_changes_one_comparison_of_the_layer_below(tmp_path: Path) -> None:
    for folder, text in (("below", APP + MATCHING), ("above", CHANGED)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.yaml").write_text(text, encoding="utf-8")
    (rule,) = rules_of(compile_app(tmp_path / "above").model, "household")
    assert [(each.name, each.points) for each in rule.compare] == [
        ("phone", 60),
        ("wechat", 20),
        ("address", 40),
    ]
    assert rule.keep == {"income": "lowest", "interests": "all", "wechat": "newest", "signed_on": "survivor"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MATCH + "compare: []", "4 "),
        (MATCH + "compare: [{name: phone, as: phone}]", "4 this item has no 'points' | add `points: …`"),
        (MATCH + "compare: [{name: fone, as: phone, points: 60}]", "4 unknown field 'fone'"),
        (
            MATCH + "compare: [{name: income, as: text, points: 60}]",
            "4 'income' is a money that cannot be compared",
        ),
        (MATCH + "compare: [{name: number, as: text, points: 60}]", "4 nothing that is compared tells"),
        (MATCH + "compare: [{name: name, as: person, points: 60}]", "4 nothing that is compared tells"),
        (
            MATCH + "compare: [{name: phone, as: phone, points: 40}]",
            "4 no two records can reach the likely score",
        ),
        (
            PHONE + "blocks: [fone]",
            "5 'fone' is not compared",
        ),
        (
            PHONE + "certain: 50",
            "5 a certain score of 50 is below",
        ),
        (
            PHONE + "link: broker",
            "5 'broker' does not refer to a",
        ),
        (
            PHONE + "keep: {fone: newest}",
            "5 'household' has no field",
        ),
        (
            PHONE + "keep: {name: highest}",
            "5 'highest' does not fit",
        ),
        (
            PHONE + "keep: {income: all}",
            "5 'all' does not fit",
        ),
        (
            PHONE + "keep: {default: all}",
            "5 'all' does not fit every",
        ),
        (PHONE + "on_create: refuse", "5 "),
        (MATCH.replace("household", "home") + "compare: [{name: phone, as: phone, points: 60}]", "3 "),
        (
            MATCH.replace("household", "order")
            + "compare: [{name: name, as: company, points: 60}]\nask_owner: true",
            "5 records of 'order' have no owner",
        ),
        (
            f"{WHOSE}clauses: [manual]\n---\n{WHOSE}clauses: [manual]".replace(
                "name: whose", "name: other", 1
            ),
            "8 'household' has a ruling rule already: 'other' | write all clauses in one rule",
        ),
        (WHOSE + "clauses: [mine]", "4 'mine' does not say its `ground`"),
        (
            WHOSE + "clauses: [{name: manual, share: 60}, {name: registered, share: 60}]",
            "4 the shares are more than",
        ),
        (
            WHOSE + "clauses: [{name: manual, field: broker}]",
            "4 `field` says nothing about the ground 'manual'",
        ),
        (WHOSE + "clauses: [{name: last_follow_up, within: 9d}]", "4 `within` says nothing about the ground"),
        (WHOSE + "clauses: [{name: registered, field: parent}]", "4 'parent' does not refer to a user"),
        (WHOSE + "clauses: [{name: first_contact, where: {outcom: progress}}]", "4 "),
        (WHOSE + "clauses: [manual]\ndecided: name", "5 'name' is no date"),
        (WHOSE + "clauses: [manual]\nroles: [nobody]", "5 "),
        (WHOSE.replace("household", "order") + "clauses: [manual]", "3 'order' has no activities"),
        (
            WHOSE.replace("household", "order") + "clauses: [manual]\nset_owner: true",
            "5 records of 'order' have no",
        ),
    ],
)
def test_mistakes_are_told_where_they_are(text: str, expected: str) -> None:
    assert any(each.startswith(expected) for each in told(text)), told(text)


def test_every_mistake_is_told_in_one_run() -> None:
    wrong = "compare: [{name: fone, as: phone, points: 60}]\ncertain: 50\nkeep: {fone: newest}\n---\n"
    assert len(told(MATCH + wrong + WHOSE + "clauses: [mine]\ndecided: name")) == 5


def test_it_keeps_what_every_plugin_has_to_keep() -> None:
    check("duplicates")
    check("duplicates", more="\n---\n".join((HOUSEHOLDS, ROLES, MATCHING, RULING)))
