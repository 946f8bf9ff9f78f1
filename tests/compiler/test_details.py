"""`rights: {from: PARENT}`: a detail follows its parent, now and when the parent's rights change."""

import pytest

from salesmode.compiler import compile_texts
from salesmode.model.condition import ALWAYS, Compare, Condition, Through, UserValue
from salesmode.model.role import ObjectGrant

OBJECTS = """
kind: app
name: family
---
kind: object
name: household
owned: true
fields: {name: {type: text, required: true}}
---
kind: object
name: child
plural: children
fields:
  name: {type: text, required: true}
  household: {type: reference, to: household, required: true, inverse: children}
---
kind: object
name: lesson
fields:
  name: {type: text, required: true}
  child: {type: reference, to: child, required: true}
---
"""
OWN = Compare("owner", "eq", UserValue("id"))
CHILD = "child: {rights: {from: household}, fields: {default: write}}"


def grants(*objects: str, more: str = "") -> dict[str, ObjectGrant]:
    """What the role `sales` grants on each object."""
    role = "kind: role\nname: sales\n" + more + "objects:\n" + "".join(f"  {each}\n" for each in objects)
    return dict(compile_texts({"app.yaml": OBJECTS + role}).model.roles["sales"].objects)


def where(grant: ObjectGrant, operation: str) -> Condition | None:
    right = getattr(grant, operation)
    return right.where if right else None


def test_a_detail_is_read_and_written_where_its_parent_is() -> None:
    household = "household: {read: true, update: {where: {owner: $user.id}}, fields: {default: read}}"
    child = grants(household, CHILD)["child"]
    assert where(child, "read") == Through("household", ALWAYS)
    assert where(child, "create") == where(child, "update") == Through("household", OWN)
    assert where(child, "delete") is None


def test_a_detail_of_a_detail_follows_both_whatever_the_order_they_are_written_in() -> None:
    household = "household: {read: {where: {owner: $user.id}}, fields: {default: read}}"
    lesson = "lesson: {rights: {from: child}, fields: {default: read}}"
    assert where(grants(lesson, CHILD, household)["lesson"], "read") == Through(
        "child", Through("household", OWN)
    )


def test_a_right_that_the_role_says_itself_stands() -> None:
    household = "household: {read: {where: {owner: $user.id}}, fields: {default: read}}"
    child = "child: {rights: {from: household}, read: true, fields: {default: read}}"
    assert where(grants(household, child)["child"], "read") == ALWAYS


def test_the_parents_rights_may_be_inherited_from_another_role() -> None:
    base = (
        "inherits: [base]\n",
        "kind: role\nname: base\nobjects:\n  household: {read: true, fields: {default: read}}\n---\n",
    )
    role = f"{base[1]}kind: role\nname: sales\n{base[0]}objects:\n  {CHILD}\n"
    model = compile_texts({"app.yaml": OBJECTS + role}).model
    assert where(model.roles["sales"].objects["child"], "read") == Through("household", ALWAYS)


@pytest.mark.parametrize("household", ["household: {fields: {default: read}}", ""])
def test_without_rights_to_the_parent_there_are_none_to_the_detail(household: str) -> None:
    child = grants(*filter(None, [household, CHILD]))["child"]
    assert (child.read, child.create, child.update, child.delete) == (None, None, None, None)
