"""`stage_guard`: gates of plugins, and what an app is told of those that are wrong."""

from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.compiler import compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.hookspecs import hookimpl
from salesmode.model.condition import Compare, Literal
from salesmode.model.pipeline import Pipeline
from tests.support.plugged import plugged

APP = """
kind: app
name: shop
plugins: [first, second]
---
kind: object
name: deal
fields: {name: {type: text}, size: {type: integer}}
---
kind: pipeline
name: sale
object: deal
stages: [{name: talk}, {name: won, closes: won}, {name: lost, closes: lost}]
"""


def guarding(answer: Any) -> object:
    @hookimpl
    def stage_guard(pipeline: Pipeline) -> Any:
        return answer(pipeline) if callable(answer) else answer

    return SimpleNamespace(stage_guard=stage_guard)


def compiled(first: Any, second: Any) -> Pipeline:
    with plugged(first=guarding(first), second=guarding(second)):
        return compile_texts({"app.yaml": APP}).model.pipelines["sale"]


def faults(first: Any) -> list[str]:
    with pytest.raises(MetadataError) as raised:
        compiled(first, {})
    assert all(
        str(each.span) == "app.yaml:11:7" and each.code == "SM912" for each in raised.value.diagnostics
    )
    assert all(
        "'first'" in each.message and "`stage_guard`" in each.message for each in raised.value.diagnostics
    )
    return [str(each.why) for each in raised.value.diagnostics]


def gate(**changed: Any) -> dict[str, Any]:
    return {"on": "entry", "name": "large", "must": {"size": {"gt": 10}}, **changed}


def test_gates_of_several_plugins_stand_beside_those_of_the_pipeline() -> None:
    found = compiled(
        {"won": [gate()]}, {"won": [gate(name="named", must={"name": "x"})], "talk": [gate(on="exit")]}
    )
    won, talk = found.stage("won"), found.stage("talk")
    assert [each.name for each in won.entry.guards] == ["large", "named"]
    assert [each.name for each in talk.exit.guards] == ["large"]
    assert (won.entry.validations, talk.entry.guards) == ((), ())
    assert won.entry.guards[1].must == Compare("name", "eq", Literal("x"))
    assert won.entry.guards[0].message.texts == {"en": "Large"}


def test_a_plugin_sees_the_pipeline_as_it_is() -> None:
    seen: list[str] = []
    compiled(lambda pipeline: seen.append(pipeline.stage("won").closes) or {}, {})
    assert seen == ["won"]


def test_what_is_wrong_names_the_plugin_and_what_it_gave() -> None:
    assert faults({"one": [gate()]}) == ["there is no stage 'one'"]
    assert faults({"won": [gate(must={"siz": 1})]}) == ["'deal' has no field or relation 'siz' (at siz)"]
    assert faults({"won": [gate(on="start")]}) == ["'start' is not one of ['entry', 'exit']"]
    assert faults(lambda _: {}["x"]) == ["KeyError: 'x'"]
    assert faults(3) == ["gates by stage are expected, not 3"]
