"""Which fields apply to the records of a pipeline: those that it names, and those that it cannot do without
(RULING 36).
"""

from collections.abc import Iterator
from dataclasses import replace

from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.mentions import mentions
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import Gate, Pipeline, Stage

_OWNER = "owner"


def applying(pipeline: Pipeline, object_: Object, say: Reporter) -> frozenset[str] | None:
    """The names of all fields that apply; None where the pipeline names none."""
    named = say.document.data.get("fields")
    if named is None:
        return None
    for at, name in enumerate(named):
        if name not in object_.fields:
            say.unknown("SM302", "field", name, object_.fields, "fields", at)
    found = {*named, *_always(object_), *_relied_on(pipeline)}
    told = (each.assignment.told for each in _assigned(object_) if each.name in found and each.assignment)
    return frozenset(found.union(told) & object_.fields.keys())


def with_pipelines(object_: Object, pipelines: tuple[Pipeline, ...]) -> Object:
    """The object, each field of which knows the pipelines in which it applies."""
    fields = {name: _placed(each, pipelines) for name, each in object_.fields.items()}
    return replace(object_, fields=fields)


def _placed(field: Field, pipelines: tuple[Pipeline, ...]) -> Field:
    places = tuple(each.name for each in pipelines if each.fields is None or field.name in each.fields)
    return field if len(places) == len(pipelines) else replace(field, pipelines=places)


def _always(object_: Object) -> Iterator[str]:
    for name, field in object_.fields.items():
        filled = not (field.system or field.kept or field.computed is not None)
        if not filled or field.required == ALWAYS or f"{{{name}}}" in object_.title:
            yield name
    yield _OWNER


def _assigned(object_: Object) -> list[Field]:
    return [each for each in object_.fields.values() if each.assignment is not None]


def _relied_on(pipeline: Pipeline) -> Iterator[str]:
    """What the pipeline itself speaks of."""
    if pipeline.customer is not None:
        yield pipeline.customer
    yield from pipeline.options or {}
    for stage in pipeline.stages:
        yield from _of_stage(stage)


def _of_stage(stage: Stage) -> Iterator[str]:
    yield from stage.readonly
    yield from mentions(stage.when)
    yield from (each.assignee for each in stage.tasks if each.assignee is not None)
    for gate in (stage.entry, stage.exit):
        yield from _of_gate(gate)


def _of_gate(gate: Gate) -> Iterator[str]:
    for requirement in gate.required:
        yield from requirement.fields
        yield from mentions(requirement.when)
    for validation in gate.validations:
        yield from mentions(validation.when) | mentions(validation.must)
