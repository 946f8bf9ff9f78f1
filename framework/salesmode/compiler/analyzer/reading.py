"""Reads the parts of one document for the plugin whose kind it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.compiler.analyzer.computed import formula_at
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import Path, part
from salesmode.conditions.parse import parse_condition
from salesmode.conditions.values import parse_value
from salesmode.diagnostics import Collector
from salesmode.model.app import App
from salesmode.model.computed import Formula
from salesmode.model.condition import ALWAYS, Condition, Value
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.role import ADMIN

REFUSED = "SM913"
UNKNOWN = "SM914"


@dataclass(frozen=True, slots=True)
class Names:
    """All that the app has names for. `documents`: their data by kind and name."""

    app: App
    objects: Mapping[str, Object]
    roles: Mapping[str, Reporter]
    documents: Mapping[str, Mapping[str, Mapping[str, Any]]]
    maker: FieldMaker


class DocumentReader:
    """The Reader of the hooks. `failed`: whether anything was reported."""

    def __init__(self, say: Reporter, names: Names) -> None:
        self._say = Reporter(say.document, _Counting(say.collector))
        self._names = names

    @property
    def failed(self) -> bool:
        return self._say.collector.failed

    @property
    def name(self) -> str:
        return self._say.document.name

    @property
    def data(self) -> Mapping[str, Any]:
        return self._say.document.data

    @property
    def objects(self) -> Mapping[str, Object]:
        return self._names.objects

    def documents(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        return self._names.documents.get(kind, {})

    def object(self, path: Path) -> Object | None:
        name = self._at(path)
        if name is not None and name not in self.objects:
            self._say.unknown("SM303", "object", name, self.objects, *path)
        return self.objects.get(name)

    def field(self, path: Path, object: Object) -> Field | None:
        name = self._at(path)
        if name is not None and name not in object.fields:
            self._say.unknown("SM302", "field", name, object.fields, *path)
        return object.fields.get(name)

    def role(self, path: Path) -> str | None:
        known = (*self._names.roles, ADMIN)
        return self._one_of(known, "SM304", "role", path)

    def document(self, path: Path, kind: str) -> str | None:
        return self._one_of(tuple(self.documents(kind)), UNKNOWN, kind.replace("_", " "), path)

    def condition(self, path: Path, object: Object, *, record: Object | None = None) -> Condition:
        if not self._has(path):
            return ALWAYS
        report = self._say.below(*path)
        objects = self._names.objects
        return parse_condition(self._at(path), object=object, objects=objects, report=report, record=record)

    def formula(self, path: Path, object: Object, result: str) -> Formula | None:
        if not self._has(path):
            return None
        wanted = self._names.maker.result(str(path[-1]), result, self._say.span(*path))
        return formula_at(path, wanted, object, self.objects, self._say)

    def values(self, path: Path, object: Object) -> Mapping[str, Value]:
        raw = self._at(path) or {}
        found = ((name, self._value((*path, name), object, each)) for name, each in raw.items())
        return {name: value for name, value in found if value is not None}

    def label(self, path: Path) -> Label:
        return label_of(self._at(path), self._names.app.locales, self.name)

    def report(self, path: Path, message: str, hint: str | None = None) -> None:
        self._say.error_at_value(REFUSED, message, *path, hint=hint)

    def _value(self, path: Path, object: Object, raw: Any) -> Value | None:
        field = object.fields.get(str(path[-1]))
        if field is None:
            self._say.unknown("SM302", "field", str(path[-1]), object.fields, *path)
            return None
        if field.system or field.kept or field.computed:
            self._say.error(REFUSED, f"the engine gives '{field.name}' its value", *path)
            return None
        report = self._say.below(*path)
        return parse_value(raw, field, object=object, objects=self.objects, report=report)

    def _one_of(self, known: tuple[str, ...], code: str, what: str, path: Path) -> str | None:
        name = self._at(path)
        if name is None:
            return None
        if name in known:
            return str(name)
        self._say.unknown(code, what, name, known, *path)
        return None

    def _has(self, path: Path) -> bool:
        return self._at(path) is not None

    def _at(self, path: Path) -> Any:
        """What stands there; None where there is nothing."""
        try:
            return part(self.data, path)
        except (KeyError, IndexError):
            return None


class _Counting(Collector):
    """Hands on what is reported, and knows whether anything was."""

    def __init__(self, to: Collector) -> None:
        super().__init__()
        self._to = to

    def add(self, diagnostic: Any) -> None:
        super().add(diagnostic)
        self._to.add(diagnostic)
