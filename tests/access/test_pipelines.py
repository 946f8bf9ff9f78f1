"""What pipelines add to a policy: where records begin, which are moved, and who sees where they were."""

import pytest

from salesmode.access.compose import policy_of
from salesmode.access.policy import ObjectPolicy
from salesmode.compiler import compile_texts
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Compare, Literal, Through, UserValue, both

_APP = """
kind: app
name: deals
---
kind: object
name: deal
owned: true
fields: {name: {type: text}, secret: {type: text}}
---
kind: pipeline
name: direct
object: deal
stages: [qualify, {name: won, closes: won}, {name: lost, closes: lost}]
---
kind: pipeline
name: renewal
object: deal
granularity: simple
---
kind: role
name: all
objects: {deal: {read: true, create: true, update: true, fields: {default: write}}}
---
kind: role
name: renewer
objects:
  deal:
    read: true
    create: {where: {owner: $user.id}}
    update: {where: {owner: $user.id}}
    pipelines: [renewal]
    fields: {default: write}
---
kind: role
name: blind
objects: {deal: {read: true, fields: {name: read, pipeline: read, status: read}}}
---
kind: role
name: teller
objects: {deal: {fields: {stage: read}}}
---
kind: role
name: own
objects:
  deal:
    read: {where: {owner: $user.id}}
    fields: {pipeline: read, status: read, stage: {read: {where: {name: a}}}}
---
kind: role
name: denier
objects: {deal: {fields: {stage: deny}}}
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return compile_texts({"app.yaml": _APP}).model


def deal(model: Model, *roles: str) -> ObjectPolicy:
    return policy_of(model, roles).objects["deal"]


MINE = Compare("owner", "eq", UserValue("id"))
RENEWALS = Compare("pipeline", "in", Literal(("renewal",)))


def test_whoever_creates_says_where_a_record_begins_and_nobody_writes_it_later(model: Model) -> None:
    granted = deal(model, "all")
    assert {"pipeline", "stage"} <= {*granted.writable("create")}
    assert not {"pipeline", "stage", "status", "stage_since", "closed_at"} & {*granted.writable("update")}
    assert not {"status", "stage_since", "closed_at"} & {*granted.writable("create")}


def test_a_role_creates_and_moves_in_its_pipelines_and_updates_in_all(model: Model) -> None:
    granted = deal(model, "renewer")
    assert [each.where for each in granted.create] == [both(MINE, RENEWALS)]
    assert [each.where for each in granted.move] == [both(MINE, RENEWALS)]
    assert [each.where for each in granted.update] == [MINE]


def test_a_role_without_pipelines_moves_what_it_updates(model: Model) -> None:
    assert [each.where for each in deal(model, "all").move] == [ALWAYS]
    assert deal(model, "blind").move == ()


def test_the_limit_of_one_role_is_none_of_another(model: Model) -> None:
    assert [each.where for each in deal(model, "all", "renewer").move] == [ALWAYS, both(MINE, RENEWALS)]


def stays(model: Model, *roles: str) -> object:
    policy = policy_of(model, roles)
    return policy.objects["stage_change"].rows if "stage_change" in policy.readable else None


_THERE = Compare("id", "isNull", Literal(False))


def test_stays_are_seen_with_a_record_that_shows_where_it_stands(model: Model) -> None:
    assert stays(model, "all") == Through("deal", _THERE)


def test_stays_are_seen_by_nobody_who_does_not_see_the_stage(model: Model) -> None:
    assert stays(model, "blind") is None
    assert "stage_history" not in deal(model, "blind").inverses
    assert stays(model, "all", "denier") is None


def test_a_stage_that_is_seen_by_another_role_counts(model: Model) -> None:
    assert stays(model, "blind", "teller") == Through("deal", _THERE)


def test_stays_are_seen_only_where_the_stage_is(model: Model) -> None:
    named = Compare("name", "eq", Literal("a"))
    assert stays(model, "own") == Through("deal", both(_THERE, MINE, named))


@pytest.mark.parametrize("role", ["admin", "all"])
def test_nobody_writes_a_stay(model: Model, role: str) -> None:
    granted = policy_of(model, [role]).objects["stage_change"]
    assert (granted.create, granted.update, granted.delete, granted.move) == ((), (), (), ())
