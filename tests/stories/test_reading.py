"""What is wrong with stories is told at its place, all of it in one run."""

import pytest

from salesmode.diagnostics import Collector
from salesmode.stories.telling import telling
from tests.stories.shop import told


def problems(story: str) -> list[str]:
    made = told(story)
    collector = Collector()
    telling(made, collector)
    return [f"{each.code} {each.message}" for each in collector.diagnostics]


def test_a_story_that_is_right_has_no_problems() -> None:
    assert not problems(
        """
kind: story
name: fine
given:
  - {as: ann, create: customer, id: acme, values: {name: Acme, since: $today - 3d, owner: bob}}
when:
  - {as: ann, update: customer, id: acme, values: {grade: a}}
then:
  - {as: ann, count: customer, where: {or: [{owner: bob}, {parent: acme}, {since: {lt: $today}}]}, is: 1}
"""
    )


def test_a_record_may_be_called_as_an_option_is() -> None:
    assert not problems(
        """
kind: story
name: alike
given:
  - {as: ann, create: customer, id: a, values: {name: Acme, grade: a, owner: bob}}
then:
  - {as: ann, count: customer, where: {or: [{grade: a, parent: {parent: a}}, {not: {id: a}}]}, is: 1}
"""
    )


def test_every_unknown_name_is_told() -> None:
    found = problems(
        """
kind: story
name: wrong
given:
  - {as: ann, create: custmer, values: {name: Acme}}
  - {as: ann, create: customer, id: acme, values: {nme: Acme, grade: z, owner: carl}}
  - {create: user, values: {name: dan, roles: [clerk, admin, clark]}}
when:
  - {as: ann, update: customer, id: acne, values: {grade: a}}
then:
  - {as: ann, count: customer, where: {nam: x}, is: 1}
  - {as: ann, hidden: customer.cots}
"""
    )
    told_of = [("SM303", "custmer"), ("SM302", "nme"), ("SM704", "z"), ("SM832", "carl"), ("SM304", "clark")]
    told_of += [("SM832", "acne")]
    told_of += [("SM702", "nam"), ("SM302", "cots")]
    assert len(found) == len(told_of)
    for said, (code, name) in zip(found, told_of, strict=True):
        assert said.startswith(code)
        assert f"'{name}'" in said


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{as: ann, update: customer}", "SM204 'update' needs 'id'"),
        ("{as: ann, create: customer, clock: +1d}", "SM830 it is create and clock at once"),
        ("{as: ann, values: {name: x}}", "SM830 it says nothing to do or to see"),
    ],
)
def test_a_line_does_one_thing_and_has_what_it_needs(line: str, problem: str) -> None:
    story = f"kind: story\nname: s\nwhen:\n  - {line}\nthen: [{{as: ann, count: customer, is: 0}}]\n"
    assert problem in problems(story)


def test_a_story_says_what_must_hold() -> None:
    assert problems("kind: story\nname: s\nwhen: [{clock: +1d}]\n") == [
        "SM830 the story does not say what must hold"
    ]
