"""Models for tests, built without YAML: say what matters, the rest is filled in as the analyzer would."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from salesmode.diagnostics import Span
from salesmode.model.app import App, Model, UserData
from salesmode.model.condition import ALWAYS, Condition, Literal, Value
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object, Unique
from salesmode.model.role import Role

SPAN = Span("model.yaml", 1, 1)
_SCALES = {"money": 2, "decimal": 4, "percent": 2}
_SYSTEM = (
    ("id", "id", True),
    ("created_at", "datetime", True),
    ("created_by", "user", False),
    ("updated_at", "datetime", True),
    ("updated_by", "user", False),
    ("version", "integer", True),
)


def label(text: str) -> Label:
    return Label({"en": text})


def option(name: str, **keys: Any) -> Option:
    return Option(name, label(name), keys.pop("value", name), **keys)


def field(type_: str, *, options: Iterable[str | Option] = (), default: object = None, **keys: Any) -> Field:
    """A field still without a name; `object_` names it. `required=True` is short for ALWAYS."""
    required: Condition | bool | None = keys.pop("required", None)
    if required is not None:
        keys["required"] = ALWAYS if required is True else required
    for bound in ("min", "max"):
        if bound in keys:
            keys[bound] = Decimal(keys[bound])
    keys.setdefault("scale", _SCALES.get(type_, 0))
    if type_ == "user":
        keys.setdefault("to", "user")
    value: Value | None = default if default is None or isinstance(default, Value) else Literal(default)
    given = tuple(each if isinstance(each, Option) else option(each) for each in options)
    return Field("", type_, "", label(""), SPAN, options=given, default=value, **keys)


def reference(to: str, **keys: Any) -> Field:
    return field("reference", to=to, **keys)


def object_(name: str, fields: Mapping[str, Field] | None = None, **keys: Any) -> Object:
    """An object with the system fields first. `unique` and `indexes` take plain tuples of names too."""
    system = {each: field(type_, system=True, required=must or None) for each, type_, must in _SYSTEM}
    named = {each: _named(each, found) for each, found in {**system, **(fields or {})}.items()}
    keys["unique"] = tuple(
        each if isinstance(each, Unique) else Unique("_".join(each), tuple(each))
        for each in keys.get("unique", ())
    )
    plural = keys.pop("plural", f"{name}s")
    title = keys.pop("title", "{name}" if "name" in named else "{id}")
    inverses = keys.pop("inverses", {})
    return Object(name, plural, label(name), label(plural), SPAN, title, named, inverses, **keys)


def model(
    *objects: Object, roles: Iterable[Role] = (), user_data: Iterable[UserData] = (), **app: Any
) -> Model:
    """A model of these objects, and `user` where they have none."""
    found = {each.name: each for each in objects}
    if "user" not in found:
        found = {"user": object_("user", {"name": field("text", required=True, unique=True)}), **found}
    keys = {
        "name": "test",
        "version": "1",
        "locales": ("en",),
        "currency": "EUR",
        "timezone": "UTC",
        "country": "DE",
    }
    built = App(label=label("Test"), **(keys | app))
    by_role = {each.name: each for each in roles}
    made = Model(built, with_inverses(found), by_role, tuple(user_data), "")
    digest = sha256(repr((made.app, made.objects, made.roles, made.user_data)).encode()).hexdigest()
    return replace(made, version=digest[:16])


def with_inverses(objects: Mapping[str, Object]) -> dict[str, Object]:
    """A reference `customer` of `deal` gives `customer` an inverse `deals`, unless the name is taken."""
    found = {name: dict(each.inverses) for name, each in objects.items()}
    for each in objects.values():
        for its in each.fields.values():
            if (
                its.to in found
                and not its.system
                and each.plural not in {**found[its.to], **objects[its.to].fields}
            ):
                found[its.to][each.plural] = Inverse(each.plural, each.plural_label, each.name, its.name)
    return {name: replace(each, inverses=found[name]) for name, each in objects.items()}


def _named(name: str, found: Field) -> Field:
    column = f"{name}_id" if found.to is not None and found.type in {"reference", "user"} else name
    return replace(found, name=name, column=column, label=label(name))
