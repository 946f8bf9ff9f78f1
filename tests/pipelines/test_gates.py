"""What the gates ask, and how it is told to who may not know every field."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Compare, Condition, Literal, both, either, negated
from salesmode.model.object import Validation
from salesmode.model.pipeline import Gate, Requirement
from salesmode.pipelines.barrier import CODES, REQUIRED, VALIDATION, Barrier, told
from salesmode.pipelines.passage import Passage, barriers, way
from tests.pipelines.test_steps import CUSTOMISED, SPAN, changed, deal
from tests.support.models import field, label, model, object_

GRADE_A = Compare("grade", "eq", Literal("a"))
BIG = Compare("amount", "gt", Literal(10))


def filled(name: str) -> Condition:
    return Compare(name, "isNull", Literal(False))


def needs(*fields: str, when: Condition = ALWAYS) -> Gate:
    return Gate(required=(Requirement(fields, when, SPAN),))


def checked(name: str, must: Condition, when: Condition = ALWAYS) -> Gate:
    return Gate(validations=(Validation(name, when, must, label(name), SPAN),))


def world(**stages: dict[str, Any]) -> Model:
    fields = {
        "amount": field("money"),
        "budget": field("money"),
        "grade": field("text"),
        "customised": field("boolean"),
        "products": field("multi_choice", options=["a"]),
    }
    made = model(object_("opportunity", fields, plural="opportunities"))
    return replace(made, pipelines={"deal": changed(deal(), **stages)})


def asked(made: Model, source: str | None, target: str) -> list[tuple[str, str | None, Condition]]:
    found = barriers(made, Passage("deal", source, target), None)
    return [(each.code, each.field or each.name, each.free) for each in found]


def test_on_the_way_forward_both_gates_are_asked() -> None:
    made = world(
        qualify={"exit": needs("amount", "budget", when=GRADE_A)}, solution={"entry": checked("big", BIG)}
    )
    assert asked(made, "qualify", "solution") == [
        ("required", "amount", either(filled("amount"), negated(GRADE_A))),
        ("required", "budget", either(filled("budget"), negated(GRADE_A))),
        ("validation", "big", BIG),
    ]


def test_on_the_way_back_and_to_a_lost_stage_the_exit_gate_is_not() -> None:
    gates = {"exit": checked("done", GRADE_A)}
    made = world(
        proposal={**gates, "back": True}, qualify={"entry": needs("amount")}, lost={"entry": needs("grade")}
    )
    assert asked(made, "proposal", "qualify") == [("required", "amount", filled("amount"))]
    assert asked(made, "proposal", "lost") == [("required", "grade", filled("grade"))]
    assert asked(made, "proposal", "won") == [("validation", "done", GRADE_A)]


def test_a_new_record_passes_the_entry_gate_of_where_it_starts() -> None:
    made = world(qualify={"entry": checked("big", BIG, when=GRADE_A), "exit": needs("budget")})
    assert asked(made, None, "qualify") == [("validation", "big", either(BIG, negated(GRADE_A)))]


def test_a_branch_that_has_closed_lets_its_records_go_forward() -> None:
    made = world(solution={"when": CUSTOMISED, "exit": needs("amount")})
    assert asked(made, "solution", "proposal") == [
        ("required", "amount", either(filled("amount"), negated(CUSTOMISED)))
    ]


def test_a_list_is_filled_when_something_is_in_it() -> None:
    made = world(solution={"entry": needs("products")})
    assert asked(made, "qualify", "solution") == [
        ("required", "products", Compare("products", "isEmpty", Literal(False)))
    ]


def test_the_order_of_stages_and_the_gates_are_told_together() -> None:
    made = world(proposal={"entry": needs("amount"), "roles": ("manager",)})
    found = list(barriers(made, Passage("deal", "qualify", "proposal"), frozenset({"sales"})))
    assert [each.code for each in found] == ["skip", "role", "required"]
    assert all(each.code in CODES for each in found)
    assert way(made, Passage("deal", "qualify", "proposal")) == "forward"


def test_what_is_asked_twice_is_told_once() -> None:
    made = world(qualify={"exit": needs("amount", when=GRADE_A)}, solution={"entry": needs("amount")})
    (found,) = told(barriers(made, Passage("deal", "qualify", "solution"), None), lambda name: True)
    assert found.free == both(either(filled("amount"), negated(GRADE_A)), filled("amount"))


def test_hidden_fields_are_not_named_and_not_counted() -> None:
    made = world(solution={"entry": needs("amount", "budget", "grade")})
    found = told(barriers(made, Passage("deal", "qualify", "solution"), None), lambda name: name == "grade")
    assert [(each.field, each.free) for each in found] == [
        (None, both(filled("amount"), filled("budget"))),
        ("grade", filled("grade")),
    ]


def test_validations_are_told_one_by_one() -> None:
    """Nothing is taken for another because it came to lie where that one was in memory."""
    names = [f"rule_{number}" for number in range(40)]

    def found() -> Iterator[Barrier]:
        for name in names:
            yield Barrier(REQUIRED, label("Needed"), SPAN, filled("amount"), field="amount")
            yield Barrier(VALIDATION, label("Not so"), SPAN, BIG, name=name)

    missing, *rules = told(found(), lambda name: False)
    assert (missing.code, missing.field) == (REQUIRED, None)
    assert [(each.name, each.free) for each in rules] == [(each, BIG) for each in names]
