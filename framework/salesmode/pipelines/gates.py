"""What is asked of the row: by the gates of a stage (D30, D75), and by those rules of its object that look at
where it stands, which are gates to every stage.
"""

from collections.abc import Iterator, Mapping

from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions
from salesmode.diagnostics import Message
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, both, either, negated
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import CLOSED_AT, PIPELINE, STAGE, STAGE_SINCE, STATUS, Gate, Stage
from salesmode.pipelines.barrier import PLUGIN, REQUIRED, VALIDATION, Barrier

_PLACE = frozenset({STAGE, STATUS, STAGE_SINCE, CLOSED_AT})


def entry_barriers(target: Stage, fields: Mapping[str, Field]) -> Iterator[Barrier]:
    """What is asked on entering a stage."""
    return _gate(target.entry, target, fields, asked=ALWAYS)


def exit_barriers(source: Stage, target: Stage, fields: Mapping[str, Field]) -> Iterator[Barrier]:
    """What is asked on leaving a stage for another; nothing where it is a branch that has closed."""
    return _gate(source.exit, target, fields, asked=source.when)


def _gate(gate: Gate, target: Stage, fields: Mapping[str, Field], *, asked: Condition) -> Iterator[Barrier]:
    message = Message("stage_required", {"stage": target.label})
    for each in gate.required:
        for name in each.fields:
            free = _where(asked, _where(each.when, filled(fields[name])))
            yield Barrier(REQUIRED, message, each.span, free, field=name)
    for code, rules in ((VALIDATION, gate.validations), (PLUGIN, gate.guards)):
        for rule in rules:
            free = _where(asked, _where(rule.when, rule.must))
            yield Barrier(code, rule.message, rule.span, free, name=rule.name)


def own_barriers(object_: Object, target: Stage) -> Iterator[Barrier]:
    """What the object itself asks of records by where they stand."""
    message = Message("stage_required", {"stage": target.label})
    for field in object_.fields.values():
        if looks_at_place(field.required, object_):
            must = either(filled(field), elsewhere(field))
            yield Barrier(REQUIRED, message, field.span, _where(field.required, must), field=field.name)
    for rule in object_.validations:
        if looks_at_place(both(rule.when, rule.must), object_):
            yield Barrier(VALIDATION, rule.message, rule.span, _where(rule.when, rule.must), name=rule.name)


def looks_at_place(condition: Condition, object_: Object) -> bool:
    """Whether a move may change what it says, whatever else the record holds."""
    return not _PLACE.isdisjoint(with_sources(mentions(condition), object_))


def elsewhere(field: Field) -> Condition:
    """The row is in a pipeline that does not have the field."""
    return NEVER if field.pipelines is None else Compare(PIPELINE, "notIn", Literal(field.pipelines))


def filled(field: Field) -> Condition:
    """A list that is there has something in it."""
    empty = "isEmpty" if field_type(field.type).many else "isNull"
    return Compare(field.name, empty, Literal(False))


def _where(when: Condition, must: Condition) -> Condition:
    """What is nearest to hand comes first: an explanation names the first of several ways."""
    return either(must, negated(when))
