"""What the gates of a stage ask of the row: filled fields, and validations that hold (D30, D75)."""

from collections.abc import Iterator, Mapping

from salesmode.diagnostics import Message
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS, Compare, Condition, Literal, either, negated
from salesmode.model.field import Field
from salesmode.model.pipeline import Gate, Stage
from salesmode.pipelines.barrier import REQUIRED, VALIDATION, Barrier


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
    for rule in gate.validations:
        free = _where(asked, _where(rule.when, rule.must))
        yield Barrier(VALIDATION, rule.message, rule.span, free, name=rule.name)


def filled(field: Field) -> Condition:
    """A list that is there has something in it."""
    empty = "isEmpty" if field_type(field.type).many else "isNull"
    return Compare(field.name, empty, Literal(False))


def _where(when: Condition, must: Condition) -> Condition:
    """What is nearest to hand comes first: an explanation names the first of several ways."""
    return either(must, negated(when))
