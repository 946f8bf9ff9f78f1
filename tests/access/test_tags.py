"""What roles grant on tags, composed cell by cell (RULINGS 15, 16, 48)."""

import pytest

from salesmode.access.compose import policy_of
from salesmode.access.matrix import matrix
from salesmode.access.policy import TagPolicy
from salesmode.compiler import compile_texts
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, UserValue, both
from salesmode.model.tag import TAG, TAGS

MINE = Compare("agent", "eq", UserValue("id"))
RICH = Compare("children", "gte", Literal(2))

APP = """
kind: app
name: homes
---
kind: object
name: household
fields: {name: {type: text}, children: {type: integer}, agent: {type: user}}
---
kind: tag
name: referral
object: household
states: [hinted]
---
kind: tag
name: secret
object: household
states: [told]
"""
ROLES = """
---
kind: role
name: mine
objects: {household: {read: {where: {agent: $user.id}}, update: true, fields: {name: read}}}
---
kind: role
name: reader
objects: {household: {read: true, fields: {name: read}, tags: {secret: none}}}
---
kind: role
name: setter
objects: {household: {read: {where: {children: {gte: 2}}}, fields: {name: read}, tags: {referral: write}}}
---
kind: role
name: careful
objects:
  household: {read: true, update: {where: {agent: $user.id}}, fields: {name: read}, tags: {secret: read}}
---
kind: role
name: more
objects: {household: {tags: {secret: write}}}
---
kind: role
name: nobody
objects: {household: {create: true, fields: {name: write}}}
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return compile_texts({"app.yaml": APP + ROLES}).model


def rights(model: Model, *roles: str) -> dict[str, tuple[Condition, Condition]]:
    """Of each tag, where it is seen and where it is set."""
    tags: dict[str, TagPolicy] = dict(policy_of(model, roles).objects["household"].tags)
    return {name: (each.seen, each.write) for name, each in tags.items()}


def test_an_unnamed_tag_is_seen_with_the_record_and_set_where_that_may_be_changed(
    model: Model,
) -> None:
    assert rights(model, "admin") == {"referral": (ALWAYS, ALWAYS), "secret": (ALWAYS, ALWAYS)}
    assert rights(model, "mine") == {"referral": (ALWAYS, ALWAYS), "secret": (ALWAYS, ALWAYS)}
    assert rights(model, "reader") == {"referral": (ALWAYS, NEVER)}
    assert rights(model, "nobody") == {}


def test_a_named_one_is_what_the_role_says(model: Model) -> None:
    assert rights(model, "setter") == {"referral": (ALWAYS, RICH), "secret": (ALWAYS, NEVER)}
    assert rights(model, "careful") == {"referral": (ALWAYS, MINE), "secret": (ALWAYS, NEVER)}


def test_one_single_role_grants_both_the_record_and_the_tag(model: Model) -> None:
    assert rights(model, "reader", "mine") == {"referral": (ALWAYS, ALWAYS), "secret": (MINE, MINE)}
    assert rights(model, "reader", "setter")["secret"] == (RICH, NEVER)


def test_an_add_on_grants_on_the_rows_of_the_other_roles(model: Model) -> None:
    assert rights(model, "reader", "more")["secret"] == (ALWAYS, ALWAYS)
    assert rights(model, "careful", "more")["secret"] == (ALWAYS, MINE)
    assert "household" not in policy_of(model, ["more"]).objects


def test_the_rows_of_tags_are_those_of_records_with_the_tags_that_are_seen(model: Model) -> None:
    rows = policy_of(model, ["reader"]).objects[TAG].rows
    assert rows != policy_of(model, ["mine"]).objects[TAG].rows
    assert Compare("name", "in", Literal(("referral",))) in getattr(rows, "items", ())
    assert both(rows) == rows
    assert TAG not in policy_of(model, ["nobody"]).readable


def test_the_object_of_tags_knows_no_other_names_than_those_that_are_seen(model: Model) -> None:
    policy = policy_of(model, ["reader"])
    options = {
        name: [each.name for each in policy.objects[TAG].fields[name].field.options]
        for name in ("name", "state")
    }
    assert options == {"name": ["referral"], "state": ["hinted", "promoted"]}
    assert policy.objects["household"].inverses[TAGS].tags == ("referral",)


def test_the_matrix_tells_of_tags_like_of_fields(model: Model) -> None:
    cells = {each.field: (each.read, each.update) for each in matrix(model, ["careful"]) if "." in each.field}
    assert cells == {"tags.referral": ("all", "some"), "tags.secret": ("all", "no")}
