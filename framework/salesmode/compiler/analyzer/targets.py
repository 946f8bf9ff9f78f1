"""Documents of kind `target`, and the rule that a quota is one of a target that there is."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import (
    UNFIT,
    check_name,
    field_at,
    object_asked,
    roles_offered,
    where_of,
)
from salesmode.compiler.analyzer.validations import Objects
from salesmode.fieldtypes.measures import measures_of
from salesmode.model.app import App
from salesmode.model.condition import ALWAYS, Compare, Literal
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Object, Validation
from salesmode.model.target import PERIODS, QUOTA, Target

_DATED = ("date", "datetime")
_OWNER = "owner"
_UNKNOWN = Label({"en": "There is no such target.", "zh": "没有这个目标项。"})


def with_quotas(objects: Objects, reporters: Mapping[str, Reporter]) -> dict[str, Object]:
    """The objects, with the rule that a quota names one of these targets."""
    quota = objects[QUOTA]
    must = Compare("target", "in", Literal(tuple(reporters)))
    rule = Validation("known_target", ALWAYS, must, _UNKNOWN, quota.span)
    return {**objects, QUOTA: replace(quota, validations=(*quota.validations, rule))}


def targets_of(
    reporters: Mapping[str, Reporter], objects: Objects, roles: Iterable[str], app: App
) -> dict[str, Target]:
    """The targets by name; one of no known object, or that measures nothing, is reported and left out."""
    known = tuple(roles)
    found = (_target(say, objects, known, app) for say in reporters.values())
    return {each.name: each for each in found if each is not None}


def _target(say: Reporter, objects: Objects, roles: Iterable[str], app: App) -> Target | None:
    raw, name = say.document.data, say.document.name
    check_name(say)
    object_ = object_asked(say, objects)
    for key, example in (("measure", "{sum: FIELD}"), ("date", "FIELD")):
        if key not in raw:
            message = f"the target '{name}' does not say its {key}"
            say.missing(message, key, hint=f"add `{key}: {example}`")
    if object_ is None or "measure" not in raw or "date" not in raw:
        return None
    return Target(
        name=name,
        object=object_.name,
        label=label_of(raw.get("label"), app.locales, name),
        span=say.document.value_place(("name",)),
        field=_measured(say, object_, objects),
        where=where_of(raw, (), object_, objects, say),
        date=_dated(say, object_, objects),
        user=_user(say, object_, objects),
        period=raw.get("period", PERIODS[0]),
        roles=roles_offered(say, roles),
    )


def _own(key: str, say: Reporter, object_: Object, objects: Objects, *below: str) -> Field | None:
    raw = say.document.data[key]
    return field_at((raw[below[0]] if below else raw,), (key, *below), object_, objects, say)


def _measured(say: Reporter, object_: Object, objects: Objects) -> str | None:
    name = say.document.data["measure"].get("sum")
    if name is None:
        return None
    field = _own("measure", say, object_, objects, "sum")
    if field is not None and "sum" not in measures_of(field):
        say.error_at_value(UNFIT, f"'{name}' ({field.type}) has no sum", "measure", "sum")
    return str(name)


def _dated(say: Reporter, object_: Object, objects: Objects) -> str:
    field = _own("date", say, object_, objects)
    if field is not None and field.type not in _DATED:
        say.error_at_value(UNFIT, f"'{field.name}' ({field.type}) is no date and no datetime", "date")
    return str(say.document.data["date"])


def _user(say: Reporter, object_: Object, objects: Objects) -> str:
    if "user" not in say.document.data:
        if _OWNER not in object_.fields:
            message = (
                f"records of '{object_.name}' have no owner, and the target does not say for whom they count"
            )
            say.missing(message, "user", hint="add `user: FIELD`, which refers to a user")
        return _OWNER
    field = _own("user", say, object_, objects)
    if field is not None and (field.to != "user" or field.type not in ("user", "reference")):
        say.error_at_value(UNFIT, f"'{field.name}' ({field.type}) does not refer to a user", "user")
    return str(say.document.data["user"])
