"""Fields by themselves: everything but conditions and values, which need to know the other objects first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from salesmode.compiler.analyzer.labels import label_of, optional_label
from salesmode.compiler.analyzer.limits import check_limits
from salesmode.compiler.analyzer.options import Sets, options_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.diagnostics import Span
from salesmode.fieldtypes import engine_type
from salesmode.fieldtypes.masks import known_masks
from salesmode.model.app import App
from salesmode.model.computed import Constant, Formula, Rollup
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.model.field import Field, Mask
from salesmode.model.label import Label

POINTING = ("reference", "user")
COMPUTED = ("formula", "rollup")
_EXACT = ("decimal", "money", "percent")
_SCALES = {"decimal": 4, "percent": 2}
_COPIED = ("unique", "index", "searchable", "readonly", "history", "max_length", "pattern", "tree", "format")
_SYSTEM_LABELS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "id": ("id", {"en": "ID", "zh": "编号"}),
    "created_at": ("datetime", {"en": "Created at", "zh": "创建时间"}),
    "created_by": ("user", {"en": "Created by", "zh": "创建人"}),
    "updated_at": ("datetime", {"en": "Updated at", "zh": "更新时间"}),
    "updated_by": ("user", {"en": "Updated by", "zh": "更新人"}),
    "version": ("integer", {"en": "Version", "zh": "版本"}),
}


@dataclass(frozen=True, slots=True)
class FieldMaker:
    """Makes fields of one app."""

    app: App
    sets: Sets

    def system(self, span: Span) -> dict[str, Field]:
        """What every record has (DESIGN §4)."""
        return {
            name: self._system(name, type_, texts, span) for name, (type_, texts) in _SYSTEM_LABELS.items()
        }

    def _system(self, name: str, type_: str, texts: Mapping[str, str], span: Span) -> Field:
        pointing = type_ == "user"
        return Field(
            name,
            type_,
            f"{name}_id" if pointing else name,
            label_of(dict(texts), self.app.locales, name),
            span,
            system=True,
            required=NEVER if pointing else ALWAYS,
            to="user" if pointing else None,
        )

    def owner(self, span: Span) -> Field:
        """The field that `owned: true` adds; it may be empty (RULING 22)."""
        label = label_of({"en": "Owner", "zh": "负责人"}, self.app.locales, "owner")
        return Field("owner", "user", "owner_id", label, span, index=True, to="user")

    def link(self, target: str, label: Label, span: Span) -> Field:
        """The reference that `activities: true` adds to activity and task (RULING 5)."""
        return Field(target, "reference", f"{target}_id", label, span, index=True, to=target)

    def result(self, name: str, type_: str, span: Span) -> Field:
        """What holds the result of an expression that is no field."""
        return Field(
            name, type_, name, label_of(None, self.app.locales, name), span, scale=self._scale(type_, {})
        )

    def declared(self, name: str, raw: Mapping[str, Any], say: Reporter) -> Field:
        """A field as written."""
        path = ("fields", name)
        type_ = raw.get("type")
        if type_ is None:
            hint = "add `type: text`, or another type"
            say.missing(f"the field '{name}' has no type", "type", *path, hint=hint)
            type_ = "text"
        if type_ in COMPUTED:
            return self._computed(name, raw, say, path)
        check_limits(raw, say, path)
        options, renamed = self._options(raw, type_, say, path)
        return Field(
            name=name,
            type=type_,
            column=f"{name}_id" if type_ in POINTING else name,
            label=label_of(raw.get("label"), self.app.locales, name),
            span=say.span(*path),
            help=optional_label(raw.get("help"), self.app.locales),
            required=ALWAYS if raw.get("required") is True else NEVER,
            mask=_mask(raw.get("mask"), say, path),
            min=_decimal(raw.get("min")),
            max=_decimal(raw.get("max")),
            scale=self._scale(type_, raw),
            options=options,
            open_options=raw.get("open", False),
            to="user" if type_ == "user" else self._target(type_, raw, say, path),
            on_delete=raw.get("on_delete", "restrict" if raw.get("required") is True else "set_null"),
            renamed_from=raw.get("renamed_from"),
            renamed_options=renamed,
            **self._copied(type_, raw),
        )

    def _computed(self, name: str, raw: Mapping[str, Any], say: Reporter, path: tuple[str, str]) -> Field:
        """A field that nobody writes: of a formula with the type of its result, of a rollup still without
        one.
        """
        rolled = raw["type"] == "rollup"
        for key in () if rolled else ("result", "expression"):
            if key not in raw:
                hint = {"result": "add `result: TYPE`", "expression": 'add `expression: "…"`'}[key]
                say.missing(f"the formula '{name}' has no '{key}'", key, *path, hint=hint)
        type_ = "integer" if rolled else raw.get("result", "text")
        if "scale" in raw and type_ not in _EXACT:
            say.error_at_value(
                "SM308", f"a result of the type '{type_}' has no decimal places", *path, "scale"
            )
        nothing = Formula(Constant(None, "null"))
        return Field(
            name=name,
            type=type_,
            column=name,
            label=label_of(raw.get("label"), self.app.locales, name),
            span=say.span(*path),
            help=optional_label(raw.get("help"), self.app.locales),
            mask=_mask(raw.get("mask"), say, path),
            scale=self._scale(type_, raw) if type_ in _EXACT else 0,
            readonly=True,
            history=False,
            index=raw.get("index", False),
            renamed_from=raw.get("renamed_from"),
            computed=Rollup("", "count", stored=raw.get("stored", False)) if rolled else nothing,
        )

    def _copied(self, type_: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What the Model keeps as written; a phone number without a prefix is one of the app's country."""
        copied = {key: raw[key] for key in _COPIED if key in raw}
        return {"format": self.app.country, **copied} if engine_type(type_) == "phone" else copied

    def _options(
        self, raw: Mapping[str, Any], type_: str, say: Reporter, path: Sequence[str | int]
    ) -> tuple[Any, Mapping[str, str]]:
        if type_ not in ("choice", "multi_choice"):
            return (), {}
        if "options" not in raw and not raw.get("open"):
            say.missing(f"'{path[-1]}' has no options", "options", *path, hint="add `options: [a, b]`")
        return options_of(raw.get("options", []), say, (*path, "options"), self.sets, self.app.locales)

    def _scale(self, type_: str, raw: Mapping[str, Any]) -> int:
        kind = engine_type(type_)
        if kind == "money":
            return int(raw.get("scale", get_currency_precision(self.app.currency)))
        return int(raw.get("scale", _SCALES.get(kind, 0)))

    def _target(
        self, type_: str, raw: Mapping[str, Any], say: Reporter, path: Sequence[str | int]
    ) -> str | None:
        if type_ not in ("reference", "multi_reference"):
            return None
        if "to" not in raw:
            message = f"'{path[-1]}' does not say what it refers to"
            say.missing(message, "to", *path, hint="add `to: OBJECT`")
        return raw.get("to")


def mask_of(raw: Any) -> Mask:
    """`last4`, or `{partial: [3, 2]}`."""
    if isinstance(raw, dict):
        ((name, numbers),) = raw.items()
        return Mask(name, tuple(numbers) if isinstance(numbers, list) else (numbers,))
    return Mask() if raw is None else Mask(raw)


def _mask(raw: Any, say: Reporter, path: Sequence[str | int]) -> Mask:
    mask = mask_of(raw)
    check_mask(mask, say, (*path, "mask"))
    return mask


def check_mask(mask: Mask, say: Reporter, path: Sequence[str | int]) -> None:
    """A mask that exists, with as many numbers as it takes."""
    known = known_masks()
    if mask.name not in known:
        say.unknown("SM502", "mask", mask.name, known, *path)
        return
    least, most = known[mask.name]
    if not least <= len(mask.numbers) <= most:
        what = f"the mask '{mask.name}' takes {most} {'number' if most == 1 else 'numbers'}"
        hint = {"partial": "write {partial: [FIRST, LAST]}", "bucket": "write {bucket: STEP}"}.get(mask.name)
        say.error_at_value("SM502", what, *path, hint=hint)


def _decimal(raw: Any) -> Decimal | None:
    return None if raw is None or isinstance(raw, str) else Decimal(raw)
