"""YAML → conditions: names resolved, values of the right type, everything wrong reported at once."""

from collections.abc import Mapping
from dataclasses import replace

from salesmode.conditions.families import family_of
from salesmode.conditions.lists import element_of
from salesmode.conditions.site import Problem, Report, Site
from salesmode.conditions.stages import POSITIONS
from salesmode.conditions.tags import IS_EMPTY, ONE_OF_THEM, TAG_OPERATORS, tagged, untagged
from salesmode.conditions.values import BAD_VALUE, is_variable, literal, variable
from salesmode.diagnostics import did_you_mean
from salesmode.fieldtypes import field_type
from salesmode.model.condition import (
    NEVER,
    Compare,
    Condition,
    Literal,
    Over,
    Through,
    Value,
    both,
    either,
    negated,
)
from salesmode.model.field import Field
from salesmode.model.object import Inverse, Object

BAD_SHAPE = "SM701"
UNKNOWN_FIELD = "SM702"
UNKNOWN_OPERATOR = "SM703"

QUANTIFIERS = ("some", "none", "every")
_REFERENCES = ("reference", "user")
_ON_REFERENCES = field_type("reference").operators
_ASKED = ("isNull", "isEmpty")
_LISTS = ("in", "notIn", "hasAny", "hasAll")


def parse_condition(
    raw: object,
    *,
    object: Object,
    objects: Mapping[str, Object],
    report: Report,
    row: Object | None = None,
    record: Object | None = None,
) -> Condition:
    """The condition that `raw` describes about a row of `object`; NEVER where anything in it is wrong.

    `row`: the object whose fields `$row` names, where it is not `object` itself (a reference's `where`).
    `record`: the object whose fields `$record` names, where there is a second record.
    `report` takes a path from `raw`, a code, a message and perhaps a hint.
    """
    problems: list[Problem] = []
    site = Site(object, row or object, objects, lambda *each: problems.append(each), record=record)
    condition = _condition(raw, site)
    for problem in problems:
        report(*problem)
    return NEVER if problems else condition


def _condition(raw: object, site: Site) -> Condition:
    if not isinstance(raw, dict):
        site.wrong(BAD_SHAPE, "a condition is a mapping like {field: {op: value}}")
        return NEVER
    return both(*(_entry(str(name), value, site.at(str(name))) for name, value in raw.items()))


def _entry(name: str, raw: object, site: Site) -> Condition:
    match name:
        case "and" | "or":
            return _junction(name, raw, site)
        case "not":
            return negated(_condition(raw, site))
    if name in site.object.fields:
        return _field(site.object.fields[name], raw, site)
    if name in site.object.inverses:
        return _to_many(site.object.inverses[name], raw, site)
    names = (*site.object.fields, *site.object.inverses, "and", "or", "not")
    site.unknown(UNKNOWN_FIELD, f"'{site.object.name}' has no field or relation", name, names)
    return NEVER


def _junction(name: str, raw: object, site: Site) -> Condition:
    if not isinstance(raw, list):
        site.wrong(BAD_SHAPE, f"'{name}' takes a list of conditions")
        return NEVER
    items = [_condition(each, site.at(index)) for index, each in enumerate(raw)]
    return both(*items) if name == "and" else either(*items)


def _to_many(inverse: Inverse, raw: object, site: Site) -> Condition:
    if not isinstance(raw, dict) or not raw:
        example = "{has: …}" if inverse.tags else "{some: {…}}"
        site.wrong(BAD_SHAPE, f"'{inverse.name}' is a to-many: {{{inverse.name}: {example}}}")
        return NEVER
    return both(*(_quantified(inverse, str(name), value, site.at(str(name))) for name, value in raw.items()))


def _quantified(inverse: Inverse, name: str, raw: object, site: Site) -> Condition:
    if inverse.tags and name in TAG_OPERATORS:
        return _tags(inverse, name, raw, site)
    if name not in QUANTIFIERS:
        hint = did_you_mean(name, QUANTIFIERS) or f"write {inverse.name}: {{some: {{{name}: …}}}}"
        site.wrong(UNKNOWN_OPERATOR, f"a to-many takes some, none or every, not '{name}'", hint)
        return NEVER
    return Over(inverse.name, name, _condition(raw, site.along(inverse.object)))


def _tags(inverse: Inverse, name: str, raw: object, site: Site) -> Condition:
    if name == IS_EMPTY:
        if isinstance(raw, bool):
            return untagged(inverse, empty=raw)
        site.wrong(BAD_VALUE, f"'{name}' takes true or false")
        return NEVER
    if isinstance(raw, list) == (name == ONE_OF_THEM):
        site.wrong(BAD_SHAPE, f"'{name}' takes {'one tag' if name == ONE_OF_THEM else 'a list of tags'}")
        return NEVER
    names = raw if isinstance(raw, list) else [raw]
    places = [site.at(at) for at in range(len(names))] if isinstance(raw, list) else [site]
    known = [_is_tag(inverse, each, place) for each, place in zip(names, places, strict=True)]
    return tagged(inverse, name, [str(each) for each in names]) if all(known) else NEVER


def _is_tag(inverse: Inverse, name: object, site: Site) -> bool:
    if name in inverse.tags:
        return True
    hint = did_you_mean(str(name), inverse.tags) or f"tags: {', '.join(inverse.tags)}"
    site.wrong(BAD_VALUE, f"'{name}' is no tag of '{site.object.name}'", hint)
    return False


def _field(field: Field, raw: object, site: Site) -> Condition:
    if not isinstance(raw, dict) and field_type(field.type).many:
        site.wrong(
            BAD_SHAPE, f"'{field.name}' is a list", f"write {field.name}: {{has: …}} or {{hasAny: […]}}"
        )
        return NEVER
    if not isinstance(raw, dict):
        return _atom(field, "in" if isinstance(raw, list) else "eq", raw, site)
    if not raw:
        site.wrong(BAD_SHAPE, f"'{field.name}' is compared with nothing")
        return NEVER
    nested = {}
    atoms = []
    for name, value in raw.items():
        if field.type in _REFERENCES and name not in _ON_REFERENCES:
            nested[name] = value
        else:
            atoms.append(_atom(field, str(name), value, site.at(str(name))))
    if nested:
        assert field.to is not None
        atoms.append(Through(field.name, _condition(nested, site.along(field.to))))
    return both(*atoms)


def operators_of(field: Field, site: Site) -> tuple[str, ...]:
    """The operators that the field has; `under` only where there is a tree."""
    operators = field_type(field.type).operators
    if "under" in operators and not _in_tree(field, site):
        return tuple(each for each in operators if each != "under")
    return operators


def _in_tree(field: Field, site: Site) -> bool:
    assert field.to is not None
    return field.tree or any(each.tree for each in site.objects[field.to].fields.values())


def _atom(field: Field, op: str, raw: object, site: Site) -> Condition:
    operators = operators_of(field, site)
    if op not in operators:
        hint = did_you_mean(op, operators) or f"operators: {', '.join(operators)}"
        site.wrong(UNKNOWN_OPERATOR, f"'{field.name}' ({field.type}) has no operator '{op}'", hint)
        return NEVER
    if op in _ASKED:
        return _asked(field, op, raw, site)
    if op == "between":
        return _between(field, raw, site)
    found = _list(field, op, raw, site) if op in _LISTS else _single(field, op, raw, site)
    return NEVER if found is None else Compare(field.name, op, found)


def _asked(field: Field, op: str, raw: object, site: Site) -> Condition:
    if not isinstance(raw, bool):
        site.wrong(BAD_VALUE, f"'{op}' takes true or false")
        return NEVER
    return Compare(field.name, op, Literal(raw))


def _between(field: Field, raw: object, site: Site) -> Condition:
    if not isinstance(raw, list) or len(raw) != 2:
        site.wrong(BAD_SHAPE, "'between' takes a list of two values")
        return NEVER
    lower, upper = (_single(field, "between", each, site.at(index)) for index, each in enumerate(raw))
    return NEVER if lower is None or upper is None else Compare(field.name, "between", lower, upper)


def _single(field: Field, op: str, raw: object, site: Site) -> Value | None:
    if raw is None:
        site.wrong(BAD_VALUE, f"'{op}' takes no null", f"write {field.name}: {{isNull: true}}")
        return None
    element = element_of(field) if op == "has" else field
    if is_variable(raw) and op in POSITIONS:
        site.wrong(BAD_VALUE, f"'{op}' takes the name of a stage, not {raw}")
        return None
    if is_variable(raw):
        return variable(raw, element, replace(family_of(field, site.object), many=False), site)
    return literal(raw, element, op, site)


def _list(field: Field, op: str, raw: object, site: Site) -> Value | None:
    """A list of literals, or a variable that is one. An empty one matches nothing (RULING 2)."""
    element = element_of(field) if field_type(field.type).many else field
    if is_variable(raw):
        return variable(raw, element, replace(family_of(field, site.object), many=True), site)
    if not isinstance(raw, list):
        site.wrong(BAD_SHAPE, f"'{op}' takes a list")
        return None
    items = [_item(element, op, each, site.at(index)) for index, each in enumerate(raw)]
    return None if None in items else Literal(tuple(each.value for each in items if each is not None))


def _item(field: Field, op: str, raw: object, site: Site) -> Literal | None:
    if raw is None:
        site.wrong(BAD_VALUE, f"'{op}' takes no null", f"write {field.name}: {{isNull: true}}")
        return None
    if is_variable(raw):
        site.wrong(
            BAD_SHAPE, f"a variable cannot stand inside a list: {raw}", "write an 'or' of two conditions"
        )
        return None
    return literal(raw, field, op, site)
