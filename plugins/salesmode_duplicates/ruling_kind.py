"""A document of the kind `ruling_rule` becomes a RulingRule."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from salesmode.hookspecs import Path, Reader
from salesmode.model.condition import ALWAYS
from salesmode.model.object import Object
from salesmode_duplicates.rules import GROUNDS, Clause, RulingRule

KIND, ACTIVITY = "ruling_rule", "activity"
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_OF_ACTIVITIES = ("first_contact", "last_follow_up")


def build_ruling_rule(reader: Reader) -> RulingRule | None:
    """The rule of one document; None where its object is not there."""
    object_ = reader.object(("object",))
    if object_ is None:
        return None
    _report_another(reader, object_)
    if not object_.activities:
        reader.report(("object",), f"'{object_.name}' has no activities", "write `activities: true` there")
    clauses = tuple(_clauses(reader, object_))
    if sum(each.share for each in clauses) > 100:
        reader.report(("clauses",), "the shares are more than 100 in all")
    return RulingRule(
        name=reader.name,
        label=reader.label(("label",)),
        object=object_.name,
        clauses=clauses,
        roles=_roles(reader, "roles"),
        register=_roles(reader, "register") if "register" in reader.data else None,
        decided=_decided(reader, object_),
        set_owner=_set_owner(reader, object_),
    )


def _roles(reader: Reader, key: str) -> frozenset[str]:
    found = (reader.role((key, index)) for index in range(len(reader.data.get(key, ()))))
    return frozenset(each for each in found if each is not None)


def _report_another(reader: Reader, object_: Object) -> None:
    """Two rules would contradict each other; clauses have an order, and documents have none."""
    documents = reader.documents(KIND).items()
    others = [name for name, data in documents if data.get("object") == object_.name]
    if others and others[0] != reader.name:
        message = f"'{object_.name}' has a ruling rule already: '{others[0]}'"
        reader.report(("object",), message, "write all clauses in one rule")


def _clauses(reader: Reader, object_: Object) -> Iterator[Clause]:
    for index, item in enumerate(reader.data["clauses"]):
        raw: Mapping[str, Any] = {"name": item} if isinstance(item, str) else item
        path: Path = ("clauses", index)
        ground = raw.get("ground", raw["name"])
        if ground not in GROUNDS:
            reader.report(path, f"'{raw['name']}' does not say its `ground`", f"one of {', '.join(GROUNDS)}")
            continue
        _report_misplaced(reader, path, raw, ground)
        yield Clause(
            name=raw["name"],
            ground=ground,
            share=raw.get("share", 0),
            field=_registered(reader, path, object_) if "field" in raw else None,
            within=_span(raw["within"]) if "within" in raw else None,
            where=reader.condition((*path, "where"), reader.objects[ACTIVITY]) if "where" in raw else ALWAYS,
        )


def _report_misplaced(reader: Reader, path: Path, raw: Any, ground: str) -> None:
    """Keys that say nothing about this ground."""
    fits = {
        "field": ground == "registered",
        "within": ground == "first_contact",
        "where": ground in _OF_ACTIVITIES,
    }
    for key, fitting in fits.items():
        if key in raw and not fitting:
            reader.report((*path, key), f"`{key}` says nothing about the ground '{ground}'", "leave it out")


def _registered(reader: Reader, path: Path, object_: Object) -> str | None:
    field = reader.field((*path, "field"), object_)
    if field is not None and field.to != "user":
        reader.report((*path, "field"), f"'{field.name}' does not refer to a user")
    return None if field is None else field.name


def _decided(reader: Reader, object_: Object) -> str | None:
    field = reader.field(("decided",), object_) if "decided" in reader.data else None
    if field is not None and field.type not in ("date", "datetime"):
        reader.report(("decided",), f"'{field.name}' is no date")
    return None if field is None else field.name


def _set_owner(reader: Reader, object_: Object) -> bool:
    wanted = bool(reader.data.get("set_owner", False))
    if wanted and not object_.owned:
        reader.report(
            ("set_owner",), f"records of '{object_.name}' have no owner", "write `owned: true` there"
        )
    return wanted


def _span(raw: str) -> timedelta:
    """The schema has made sure of its form."""
    return timedelta(**{_UNITS[raw[-1]]: int(raw[:-1])})
