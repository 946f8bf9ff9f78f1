"""Conditions and values of objects, now that every object is known by shape."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salesmode.compiler.analyzer.assignments import Assignments
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.validations import condition_of, validations_of
from salesmode.conditions.parse import parse_condition
from salesmode.conditions.values import parse_value, reason
from salesmode.fieldtypes import field_type
from salesmode.model.app import App
from salesmode.model.condition import Condition, Literal, Value
from salesmode.model.field import Field, Option
from salesmode.model.object import Object

Path = tuple[str | int, ...]


class Rules:
    """Reads the conditions and values of one object."""

    def __init__(self, app: App, objects: Mapping[str, Object], object_: Object, reporter: Reporter) -> None:
        self._app = app
        self._objects = objects
        self._object = object_
        self._say = reporter

    def filled(self) -> Object:
        """The object with all its rules."""
        raw = self._say.document.data
        described = raw.get("fields", {})
        fields = {
            name: self._field(field, described[name]) if name in described else field
            for name, field in self._object.fields.items()
        }
        self._check_groups()
        written = raw.get("validations", [])
        rules = validations_of(
            written, ("validations",), self._object, self._objects, say=self._say, app=self._app
        )
        return replace(self._object, fields=fields, validations=rules)

    def _field(self, field: Field, raw: Mapping[str, Any]) -> Field:
        path: Path = ("fields", field.name)
        required = raw.get("required")
        if isinstance(required, dict):
            field = replace(field, required=self._condition(required["when"], (*path, "required", "when")))
        if "when" in raw:
            field = replace(field, when=self._condition(raw["when"], (*path, "when")))
        if "where" in raw and field.to is not None:
            report = self._say.below(*path, "where")
            target = self._objects[field.to]
            where = parse_condition(
                raw["where"], object=target, objects=self._objects, report=report, row=self._object
            )
            field = replace(field, where=where)
        if "assign" in raw and field.to is not None:
            rules = Assignments(field, self._object, self._objects, self._say)
            field = replace(field, assignment=rules.read(raw))
        if "default" in raw:
            report = self._say.below(*path, "default")
            default = parse_value(
                raw["default"], field, object=self._object, objects=self._objects, report=report
            )
            self._check_default(default, field, (*path, "default"))
            field = replace(field, default=default)
        return replace(field, options=self._options(field, raw, path))

    def _check_default(self, default: Value | None, field: Field, path: Path) -> None:
        """A default is within the limits that its field sets to every value."""
        if isinstance(default, Literal):
            for invalid in field_type(field.type).check(field, default.value):
                what = f"the default of '{field.name}' is none of its values: {reason(invalid)}"
                self._say.error_at_value("SM704", what, *path)

    def _options(self, field: Field, raw: Mapping[str, Any], path: Path) -> tuple[Option, ...]:
        """Dependent options (RULING 45); those of a shared set cannot depend on a field of one object."""
        written = raw.get("options", [])
        if not isinstance(written, list) or not field.options or field.computed:
            return field.options
        return tuple(
            replace(option, when=self._condition(entry["when"], (*path, "options", at, "when")))
            if isinstance(entry, dict) and "when" in entry
            else option
            for at, (option, entry) in enumerate(zip(field.options, written, strict=True))
        )

    def _condition(self, raw: Any, path: Path) -> Condition:
        return condition_of(raw, path, self._object, self._objects, self._say)

    def _check_groups(self) -> None:
        for group, names in (self._object.groups or {}).items():
            for at, name in enumerate(names):
                if name not in self._object.fields:
                    self._say.unknown("SM302", "field", name, self._object.fields, "groups", group, at)
