"""A document of the kind `commission_plan` becomes a Plan."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from salesmode.hookspecs import Path, Reader
from salesmode.model.condition import ALWAYS, Compare, Literal
from salesmode.model.object import Object
from salesmode_commission.plans import (
    Accelerator,
    Grading,
    Kind,
    Measure,
    Pay,
    PeriodRule,
    Plan,
    RecordRule,
    Scale,
    Step,
    Version,
)

_PAYS = ("rate", "amount", "each", "tiers")
_DATES = ("date", "datetime")
_NO_NUMBERS = frozenset(
    (
        *("text", "long_text", "boolean", "date", "datetime", "choice", "multi_choice", "auto_number"),
        *("reference", "multi_reference", "user", "email", "phone", "url", "json", "secret"),
    )
)
_OF_RECORDS = ("object", "when", "on", "base", "to", "split", "follows")
_OF_PERIODS = ("measure", "accelerate")
_ACTIVE = Compare("active", "eq", Literal(True))


def build_plan(reader: Reader) -> Plan:
    """The plan of one document; what is wrong is reported, and left out."""
    user = reader.objects["user"]
    versions = sorted(_versions(reader), key=lambda each: each.start)
    return Plan(
        name=reader.name,
        label=reader.label(("label",)),
        who=reader.condition(("who",), user) if "who" in reader.data else _ACTIVE,
        versions=tuple(versions),
        per=reader.data.get("per", "month"),
        grading=_grading(reader),
    )


def _versions(reader: Reader) -> Iterator[Version]:
    seen: dict[date, str] = {}
    for at, raw in enumerate(reader.data["versions"]):
        path: Path = ("versions", at)
        start = _day(reader, raw.get("from"), path)
        if start is None:
            continue
        if start in seen:
            reader.report((*path, "from"), f"the version '{seen[start]}' begins on the same day")
        seen[start] = raw["name"]
        written = enumerate(raw.get("rules", ()))
        rules = [_rule(reader, each, (*path, "rules", index)) for index, each in written]
        yield Version(
            raw["name"],
            start,
            tuple(each for each in rules if isinstance(each, RecordRule)),
            tuple(each for each in rules if isinstance(each, PeriodRule)),
        )


def _day(reader: Reader, raw: str | None, path: Path) -> date | None:
    try:
        return date.fromisoformat(raw or "")
    except ValueError:
        hint = "write `from: 2026-01-01`"
        if raw is None:
            reader.report(path, "the version does not say its first day", hint)
        else:
            reader.report((*path, "from"), f"'{raw}' is no day", hint)
        return None


def _rule(reader: Reader, raw: Mapping[str, Any], path: Path) -> RecordRule | PeriodRule | None:
    pay, part = _pay(reader, raw, path), raw.get("part", "performance")
    if pay is None or not _one_kind(reader, raw, path):
        return None
    if "object" in raw:
        return _record_rule(reader, raw, path, pay, part)
    return PeriodRule(
        name=raw["name"],
        part=part,
        pay=pay,
        per=raw["per"],
        measure=_measure(reader, raw.get("measure"), (*path, "measure")),
        accelerate=_accelerator(reader, raw.get("accelerate"), (*path, "accelerate")),
    )


def _one_kind(reader: Reader, raw: Mapping[str, Any], path: Path) -> bool:
    """It is about records (`object`) or about a period (`per`)."""
    if ("object" in raw) == ("per" in raw):
        reader.report(path, f"'{raw['name']}' says neither or both of `object` and `per`", "say one of them")
        return False
    for key in _OF_PERIODS if "object" in raw else _OF_RECORDS:
        if key in raw:
            other = "a period (`per`)" if "object" in raw else "records (`object`)"
            reader.report((*path, key), f"`{key}` belongs to a rule about {other}", "leave it out")
    return True


def _pay(reader: Reader, raw: Mapping[str, Any], path: Path) -> Pay | None:
    said = [each for each in _PAYS if each in raw]
    if len(said) != 1:
        reader.report(path, f"'{raw['name']}' pays by {len(said)} ways", f"say one of {', '.join(_PAYS)}")
        return None
    kind = said[0]
    cap = Decimal(str(raw["cap"])) if "cap" in raw else None
    if kind == "tiers":
        if "by_level" in raw:
            reader.report((*path, "by_level"), "tiers are the same at every level", "leave it out")
        steps = _steps(reader, raw["tiers"]["steps"], "rate", (*path, "tiers", "steps"))
        return Pay(
            "scale", scale=Scale(steps, raw["tiers"].get("mode", "cumulative") == "cumulative"), cap=cap
        )
    levels = {name: Decimal(str(value)) for name, value in raw.get("by_level", {}).items()}
    _check_levels(reader, levels, (*path, "by_level"))
    return Pay(cast("Kind", kind), Decimal(str(raw[kind])), levels, cap=cap)


def _check_levels(reader: Reader, levels: Mapping[str, Decimal], path: Path) -> None:
    known = [each["name"] for each in reader.data.get("grading", {}).get("levels", ())]
    for name in levels:
        if name not in known:
            reader.report(
                (*path, name), f"there is no level '{name}'", f"one of {', '.join(known)}" if known else None
            )


def _steps(reader: Reader, raw: Sequence[Mapping[str, Any]], key: str, path: Path) -> tuple[Step, ...]:
    steps = tuple(Step(Decimal(str(each.get("from", 0))), Decimal(str(each.get(key, 0)))) for each in raw)
    for at in range(1, len(steps)):
        if steps[at].start <= steps[at - 1].start:
            reader.report((*path, at), "steps begin higher and higher")
    return steps


def _record_rule(
    reader: Reader, raw: Mapping[str, Any], path: Path, pay: Pay, part: str
) -> RecordRule | None:
    object_ = reader.object((*path, "object"))
    if object_ is None:
        return None
    on = _dated(reader, raw, object_, path, "on")
    if "base" not in raw:
        reader.report(path, f"'{raw['name']}' does not say its `base`", "an expression, as `base: amount`")
    base = reader.formula((*path, "base"), object_, "decimal") if "base" in raw else None
    to = raw.get("to", "owner")
    _check_path(reader, object_, to, (*path, "to") if "to" in raw else path, user=True)
    split = tuple("" if each == "this" else each for each in raw.get("split", ()))
    for at, each in enumerate(split):
        if each:
            _check_path(reader, object_, each, (*path, "split", at))
    follows = raw.get("follows", {})
    for name, reference in follows.items():
        _check_follower(reader, object_, name, reference, (*path, "follows", name))
    if on is None or base is None:
        return None
    return RecordRule(
        name=raw["name"],
        part=part,
        pay=pay,
        object=object_.name,
        when=reader.condition((*path, "when"), object_) if "when" in raw else ALWAYS,
        on=on,
        base=base,
        to=to,
        split=split,
        follows=dict(follows),
    )


def _dated(reader: Reader, raw: Mapping[str, Any], object_: Object, path: Path, key: str) -> str | None:
    if key not in raw:
        hint = f"add `{key}: FIELD`"
        reader.report(path, f"the day is missing: which date of '{object_.name}' counts", hint)
        return None
    field = reader.field((*path, key), object_)
    if field is not None and field.type not in _DATES:
        reader.report((*path, key), f"'{field.name}' is no date")
        return None
    return None if field is None else field.name


def _check_path(reader: Reader, object_: Object, steps: str, path: Path, *, user: bool = False) -> None:
    at = object_
    for step in steps.split("."):
        field = at.fields.get(step)
        if field is None or field.to is None:
            reader.report(path, f"'{step}' is no reference of '{at.name}'")
            return
        at = reader.objects[field.to]
    if user and at.name != "user":
        reader.report(path, f"'{steps}' leads to a {at.name}, and not to a user")


def _check_follower(reader: Reader, object_: Object, name: str, reference: str, path: Path) -> None:
    other = reader.objects.get(name)
    if other is None:
        reader.report(path, f"there is no object '{name}'")
        return
    at = other
    for step in reference.split("."):
        field = at.fields.get(step)
        if field is None or field.to is None:
            reader.report(path, f"'{step}' is no reference of '{at.name}'")
            return
        at = reader.objects[field.to]
    if at.name != object_.name:
        reader.report(path, f"'{reference}' of '{name}' leads to a {at.name}, and not to a {object_.name}")


def _measure(reader: Reader, raw: Mapping[str, Any] | None, path: Path) -> Measure | None:
    if raw is None:
        return None
    object_ = reader.object((*path, "object"))
    if object_ is None:
        return None
    day = _dated(reader, raw, object_, path, "date")
    user = raw.get("user", "owner")
    _check_path(reader, object_, user, (*path, "user") if "user" in raw else path, user=True)
    if "sum" in raw:
        summed = reader.field((*path, "sum"), object_)
        if summed is not None and summed.type in _NO_NUMBERS:
            reader.report((*path, "sum"), f"'{summed.name}' is no number")
    where = reader.condition((*path, "where"), object_) if "where" in raw else ALWAYS
    return None if day is None else Measure(object_.name, where, day, user, raw.get("sum"))


def _accelerator(reader: Reader, raw: Mapping[str, Any] | None, path: Path) -> Accelerator | None:
    if raw is None:
        return None
    if raw["target"] not in reader.documents("target"):
        known = ", ".join(reader.documents("target"))
        reader.report((*path, "target"), f"there is no target '{raw['target']}'", known and f"one of {known}")
    return Accelerator(raw["target"], _steps(reader, raw["steps"], "factor", (*path, "steps")))


def _grading(reader: Reader) -> Grading | None:
    raw = reader.data.get("grading")
    if raw is None:
        return None
    measure = _measure(reader, raw["measure"], ("grading", "measure"))
    steps = _steps(reader, raw["levels"], "rate", ("grading", "levels"))
    if measure is None:
        return None
    return Grading(measure, raw.get("per", "month"), tuple(each["name"] for each in raw["levels"]), steps)
