"""Fields that are computed: what a rollup's type follows from, what formulas say, and that none needs
itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.rollups import ROLLUP, RollupTypes, unstorable
from salesmode.compiler.located import Path, part
from salesmode.conditions.formulas.checker import checked
from salesmode.conditions.formulas.lexer import Unreadable
from salesmode.conditions.formulas.parser import parse
from salesmode.conditions.parse import parse_condition
from salesmode.diagnostics import Span
from salesmode.model.computed import Formula, Rollup, reads_of
from salesmode.model.condition import And, Compare, Condition, Literal, Not, Or, Over, RowValue, Through
from salesmode.model.field import Field
from salesmode.model.object import Object

CIRCLE = "SM713"

Reporters = Mapping[str, Reporter]
Objects = Mapping[str, Object]
Named = tuple[str, str]
"""An object and one of its fields."""


def with_rollup_types(objects: Objects, known: Objects, reporters: Reporters) -> dict[str, Object]:
    """The objects whose rollups have the types that follow from what they roll up; `known` has all
    relations.
    """
    types = RollupTypes(known, reporters)
    return {name: _replaced(each, types.typed(each)) for name, each in objects.items()}


def computed(objects: Objects, reporters: Reporters) -> dict[str, Object]:
    """The objects with what their formulas and rollups are, once every field has its type."""
    found = {
        name: _replaced(each, dict(_read(each, objects, reporters[name]))) if name in reporters else each
        for name, each in objects.items()
    }
    for name, say in reporters.items():
        if name in found:
            _check_uses(found[name], say)
    _check_circles(found, reporters)
    return found


def _replaced(object_: Object, fields: Mapping[str, Field]) -> Object:
    return replace(object_, fields={**object_.fields, **fields}) if fields else object_


def _read(object_: Object, objects: Objects, say: Reporter) -> Iterator[tuple[str, Field]]:
    described = say.document.data.get("fields", {})
    for name, field in object_.fields.items():
        if isinstance(field.computed, Formula):
            yield name, _formula(field, described[name], object_, objects, say)
        elif isinstance(field.computed, Rollup) and field.computed.over in object_.inverses:
            yield name, _rollup(field, field.computed, described[name], object_, objects, say)


def _formula(field: Field, raw: Mapping[str, Any], object_: Object, objects: Objects, say: Reporter) -> Field:
    if "expression" not in raw or "result" not in raw:
        return field
    found = formula_at(("fields", field.name, "expression"), field, object_, objects, say)
    return field if found is None else replace(field, computed=found)


def formula_at(path: Path, field: Field, object_: Object, objects: Objects, say: Reporter) -> Formula | None:
    """The expression at `path`, about rows of `object_`, whose result is what `field` holds."""
    text = part(say.document.data, path)
    try:
        return Formula(checked(parse(text), field, object_, objects))
    except Unreadable as wrong:
        place = inside(say.document.value_place(path), text, wrong.at)
        say.collector.error(wrong.code, wrong.message, place, hint=wrong.hint)
        return None


def inside(start: Span, text: str, at: int) -> Span:
    """The place of a character of a text that stands there; its beginning where it is folded or has
    escapes.
    """
    quotes = {len(text): 0, len(text) + 2: 1}.get(start.length)
    if quotes is None or "\n" in text:
        return start
    return Span(start.file, start.line, start.column + quotes + at)


def _rollup(
    field: Field, rollup: Rollup, raw: Mapping[str, Any], object_: Object, objects: Objects, say: Reporter
) -> Field:
    child = objects[object_.inverses[rollup.over].object]
    if "where" in raw:
        report = say.below("fields", field.name, "where")
        where = parse_condition(raw["where"], object=child, objects=objects, report=report, row=object_)
        rollup = replace(rollup, where=where)
    if not rollup.stored:
        return replace(field, computed=rollup)
    reason = unstorable(rollup, child)
    if reason:
        say.error_at_value(
            ROLLUP, f"'{field.name}' cannot be stored: {reason}", "fields", field.name, "stored"
        )
    nothing = Literal(Decimal(0) if field.scale else 0) if rollup.function in ("sum", "count") else None
    return replace(field, computed=rollup, default=nothing)


def _check_uses(object_: Object, say: Reporter) -> None:
    """What only a column can be."""
    fields = object_.fields
    for field in fields.values():
        if field.index and not field.stored:
            message, hint = f"'{field.name}' has no column to put into an index", "add `stored: true`"
            say.error_at_value("SM308", message, "fields", field.name, "index", hint=hint)
    places = [(("unique", at), each.fields) for at, each in enumerate(object_.unique)]
    places += [(("indexes", at), names) for at, names in enumerate(object_.indexes)]
    for path, names in places:
        for name in names:
            if not fields[name].stored or (fields[name].computed and path[0] == "unique"):
                say.error_at_value(
                    "SM308", f"'{name}' is computed, and has no column to put into an index", *path
                )


def _check_circles(objects: Objects, reporters: Reporters) -> None:
    """A field whose value would need itself, by whatever way; every circle is told once."""
    needs = {
        (name, field.name): list(_needs(field, each, objects))
        for name, each in objects.items()
        for field in each.fields.values()
        if field.computed is not None
    }
    told: set[Named] = set()
    for start in needs:
        circle = _circle(start, needs)
        if circle and told.isdisjoint(circle):
            told |= set(circle)
            way = " → ".join(".".join(each) for each in (*circle, circle[0]))
            path = ("fields", start[1])
            key = "expression" if isinstance(_field(objects, start).computed, Formula) else "over"
            say = reporters[start[0]]
            say.error_at_value(CIRCLE, f"'{start[1]}' is computed from itself: {way}", *path, key)


def _circle(start: Named, needs: Mapping[Named, list[Named]]) -> list[Named] | None:
    """The shortest way from a field back to itself."""
    ways: dict[Named, list[Named]] = {start: [start]}
    waiting = [start]
    for each in waiting:
        for other in needs.get(each, ()):
            if other == start:
                return ways[each]
            if other not in ways:
                ways[other] = [*ways[each], other]
                waiting.append(other)
    return None


def _field(objects: Objects, named: Named) -> Field:
    return objects[named[0]].fields[named[1]]


def _needs(field: Field, object_: Object, objects: Objects) -> Iterator[Named]:
    """Every field that it is computed from."""
    if isinstance(field.computed, Formula):
        for read in reads_of(field.computed.expression):
            yield from _along(object_, (*read.path, read.field), objects)
    elif isinstance(field.computed, Rollup) and field.computed.over in object_.inverses:
        rollup = field.computed
        inverse = object_.inverses[rollup.over]
        child = objects[inverse.object]
        yield (child.name, inverse.field)
        if rollup.field is not None:
            yield from _along(child, (*rollup.path, rollup.field), objects)
        if rollup.by is not None:
            yield (child.name, rollup.by)
        yield from _mentioned(rollup.where, child, object_, objects)


def _along(object_: Object, path: tuple[str, ...], objects: Objects) -> Iterator[Named]:
    """The fields of a path, references included."""
    for name in path:
        yield (object_.name, name)
        object_ = objects[str(object_.fields[name].to)] if object_.fields[name].to else object_


def _mentioned(condition: Condition, object_: Object, row: Object, objects: Objects) -> Iterator[Named]:
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from _mentioned(item, object_, row, objects)
        case Not(item):
            yield from _mentioned(item, object_, row, objects)
        case Through(name, where):
            yield (object_.name, name)
            yield from _mentioned(where, objects[str(object_.fields[name].to)], row, objects)
        case Over(name, _, where):
            inverse = object_.inverses[name]
            yield (inverse.object, inverse.field)
            yield from _mentioned(where, objects[inverse.object], row, objects)
        case Compare(name, _, value, upper):
            yield (object_.name, name)
            yield from ((row.name, each.field) for each in (value, upper) if isinstance(each, RowValue))
