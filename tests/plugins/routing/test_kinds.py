"""Routing rules and pools in YAML: what they mean, what they bring, and what is told of mistakes."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from salesmode.compiler import Compiled, compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.model.condition import ALWAYS, Compare, Literal, Over, RowValue
from salesmode_routing.pools import pools_of
from salesmode_routing.rules import rules_of

README = Path(__file__).parents[3] / "plugins/salesmode_routing/README.md"

APP = """
kind: app
name: shop
plugins: [routing]
---
kind: object
name: user
fields:
  weight: {type: integer}
  rank: {type: text}
---
kind: object
name: lead
owned: true
activities: true
fields:
  name: {type: text}
  region: {type: text}
---
kind: object
name: note
owned: true
fields:
  name: {type: text}
---
kind: object
name: paper
fields:
  name: {type: text}
---
kind: role
name: sales
objects: {}
---
"""
RULE = "kind: routing_rule\nname: first\nobject: lead\ncandidates: [all]\n"


def compiled(text: str) -> Compiled:
    return compile_texts({"app.yaml": APP + text})


def told(text: str) -> list[str]:
    """`LINE CODE message | hint`, lines counted from the end of APP."""
    with pytest.raises(MetadataError) as raised:
        compiled(text)
    start = APP.count("\n")
    return [
        f"{each.span.line - start} {each.code} {each.message}" + (f" | {each.hint}" if each.hint else "")
        for each in raised.value.diagnostics
    ]


def test_the_readme_compiles_without_a_warning() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    found = compile_texts({"app.yaml": "\n---\n".join(blocks)})
    assert [str(each) for each in found.warnings] == []
    assert [each.name for each in rules_of(found.model, "lead")] == ["website_leads", "best_match"]
    assert [*pools_of(found.model, "customer")] == ["customers"]


def test_a_rule_in_the_smallest_form() -> None:
    (rule,) = rules_of(compiled(RULE).model, "lead")
    assert (rule.when, rule.groups[0].where, rule.choose, rule.capacity) == (
        ALWAYS,
        ALWAYS,
        "round_robin",
        None,
    )
    assert rule.on == {"create", "ask"}
    assert rule.limit is None


def test_touched_means_an_activity_since_the_owner_has_it() -> None:
    (rule,) = rules_of(compiled(f"{RULE}sla: {{within: 30m}}\n").model, "lead")
    assert rule.limit is not None
    assert rule.limit.within == timedelta(minutes=30)
    assert rule.limit.touched == Over("activities", "some", Compare("at", "gte", RowValue("owned_since")))
    assert rule.limit.then == "escalate"


def test_what_is_closed_has_been_touched() -> None:
    way = "---\nkind: pipeline\nname: way\nobject: lead\ngranularity: simple\n"
    (rule,) = rules_of(compiled(f"{RULE}sla: {{within: 30m}}\n{way}").model, "lead")
    assert rule.limit is not None
    assert Compare("status", "ne", Literal("open")) in rule.limit.touched.items  # type: ignore[union-attr]


def test_rules_are_asked_by_order_and_then_by_name() -> None:
    other = "---\n" + RULE.replace("first", "second") + "order: 5\n"
    third = "---\n" + RULE.replace("first", "a_third") + "active: false\n"
    model = compiled(RULE + other + third).model
    assert [each.name for each in rules_of(model, "lead")] == ["second", "a_third", "first"]
    assert [each.name for each in rules_of(model, "lead", "create")] == ["second", "first"]
    assert rules_of(model, "note") == ()


def test_points_are_exact() -> None:
    text = "choose: score\nscore: [{name: heavy, when: {weight: {gt: 3}}, points: 1.5}]\n"
    (rule,) = rules_of(compiled(RULE + text).model, "lead")
    assert rule.points[0].points == Decimal("1.5")


def test_what_the_named_object_gets() -> None:
    model = compiled(f"{RULE}---\nkind: public_pool\nname: open\nobject: lead\n").model
    fields = model.objects["lead"].fields
    brought = ("owned_since", "routed_by", "sla_due", "pool", "pooled_at", "recycle_at", "kept_at")
    assert all(fields[name].readonly for name in brought)
    assert [each.name for each in fields["pool"].options] == ["open"]
    assert "pool" not in model.objects["note"].fields


def test_protection_is_the_least_time_before_a_recycling() -> None:
    pool = "kind: public_pool\nname: open\nobject: lead\nprotect: 2w\n"
    found = compiled(pool + "recycle: [{name: a, after: 3d}, {name: b, after: 30d}]\n")
    rules = pools_of(found.model, "lead")["open"].recycle
    assert [each.after for each in rules] == [timedelta(days=14), timedelta(days=30)]
    assert {each.to for each in rules} == {"open"}


POOL = "kind: public_pool\nname: open\nobject: lead\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            RULE.replace("object: lead", "object: paper"),
            ["3 SM913 records of 'paper' have no owner | the object needs `owned: true`"],
        ),
        (
            RULE.replace("object: lead", "object: led"),
            ["3 SM303 unknown object 'led' | did you mean 'lead' (app.yaml:13:7)?"],
        ),
        (
            f"{RULE}weight: weight\n",
            ["5 SM913 'weight' has no effect with `choose: round_robin` | write `choose: weighted`"],
        ),
        (f"{RULE}choose: score\n", ["5 SM913 `choose: score` needs `score` | add `score: …`"]),
        (
            f"{RULE}choose: weighted\nweight: rank\n",
            ["6 SM913 'rank' is no whole number | name a field of the type `integer`"],
        ),
        (
            f"{RULE}capacity: rank\n",
            ["5 SM913 'rank' is no whole number | name a field of the type `integer`"],
        ),
        (
            RULE.replace("object: lead", "object: note") + "sla: {within: 1h}\n",
            [
                "5 SM913 'note' has no activities, so nothing says when a record counts as touched"
                " | add `touched: {…}`, or `activities: true` to the object"
            ],
        ),
        (
            f"{RULE}pool: open\n---\n{POOL.replace('lead', 'note')}",
            ["5 SM913 the pool 'open' is not one of 'lead' | name a pool of the same object"],
        ),
        (
            f"{POOL}recycle: [{{name: old, after: 2d, keep: 3d}}]\n",
            ["4 SM913 an owner who is not told cannot keep anything | add `notice: …`"],
        ),
        (f"{POOL}claim: {{roles: [sale]}}\n", ["4 SM304 unknown role 'sale' | did you mean 'sales'?"]),
    ],
)
def test_mistakes_are_told_at_their_place(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_all_mistakes_of_a_document_are_told_in_one_run() -> None:
    text = f"{RULE}when: {{regio: x}}\ncapacity: rank\npool: none_such\nchoose: score\n"
    assert [each.split(" | ")[0][:10] for each in told(text)] == [
        "5 SM702 'l",
        "6 SM913 'r",
        "7 SM914 un",
        "8 SM913 `c",
    ]
