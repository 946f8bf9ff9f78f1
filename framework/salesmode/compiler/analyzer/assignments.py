"""`assign`: rules that choose what a reference refers to."""

from collections.abc import Iterator, Mapping
from typing import Any

from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions, user_values
from salesmode.conditions.parse import parse_condition
from salesmode.conditions.values import parse_value
from salesmode.model.assignment import ASSIGNED_BY, Assignment, AssignmentRule
from salesmode.model.condition import ALWAYS, Condition, RowValue, UserValue, Value
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Object

Raw = Mapping[str, Any]
Path = tuple[str | int, ...]

_EXCLUDED = {
    "required": "a required field cannot wait for rules, which may find nothing",
    "default": "a default would stand before any rule is asked",
    "unique": "rules choose one record for many",
}
_NO_USER = "a rule is about the record, whoever writes it, and has no $user"


def told_field(field: Field, raw: Raw, maker: FieldMaker, say: Reporter) -> dict[str, Field]:
    """The field beside a reference with rules, which says which rule chose."""
    if "assign" not in raw or field.type != "reference":
        return {}
    name = ASSIGNED_BY.format(field.name)
    if name in say.document.data["fields"]:
        say.error("SM306", f"'{name}' is the field that says which rule chose '{field.name}'", "fields", name)
        return {}
    label = label_of({"en": "Rule", "zh": "规则"}, maker.app.locales, name)
    texts = {locale: f"{text} · {label.text(locale)}" for locale, text in field.label.texts.items()}
    renamed = field.renamed_from and ASSIGNED_BY.format(field.renamed_from)
    told = Field(name, "text", name, Label(texts), field.span, readonly=True, renamed_from=renamed)
    return {name: told}


class Assignments:
    """Reads the rules of one field of `object_`."""

    def __init__(
        self, field: Field, object_: Object, objects: Mapping[str, Object], reporter: Reporter
    ) -> None:
        assert field.to is not None
        self._field = field
        self._object = object_
        self._target = objects[field.to]
        self._objects = objects
        self._say = reporter
        self._path: Path = ("fields", field.name, "assign")

    def read(self, described: Raw) -> Assignment | None:
        """The rules; None where nothing says how a record is found."""
        raw = described["assign"]
        self._check_keys(described)
        by = self._by(raw)
        rules = tuple(self._rules(raw, by)) if by else ()
        told = ASSIGNED_BY.format(self._field.name)
        return Assignment(by.name, told, rules) if by and told in self._object.fields else None

    def _check_keys(self, described: Raw) -> None:
        for key, why in _EXCLUDED.items():
            if described.get(key) is True or (key == "default" and key in described):
                self._wrong(f"'{self._field.name}' has rules: {why}", "fields", self._field.name, key)
        for at, unique in enumerate(self._object.unique):
            if self._field.name in unique.fields:
                self._wrong(f"'{self._field.name}' has rules: {_EXCLUDED['unique']}", "unique", at)

    def _wrong(self, message: str, *path: str | int) -> None:
        self._say.error_at_value("SM308", message, *path)

    def _by(self, raw: Raw) -> Field | None:
        if "by" not in raw:
            message = f"the rules of '{self._field.name}' do not say by which field they name a record"
            self._say.missing(message, "by", *self._path, hint="add `by: FIELD`, a unique one")
            return None
        found = self._target.fields.get(raw["by"])
        if found is None:
            self._say.unknown("SM302", "field", raw["by"], self._target.fields, *self._path, "by")
        elif not (found.unique or any(each.fields == (found.name,) for each in self._target.unique)):
            message = f"several records of '{self._target.name}' may have the same '{found.name}'"
            self._say.error_at_value("SM308", message, *self._path, "by", hint="name a unique field")
        return found

    def _rules(self, raw: Raw, by: Field) -> Iterator[AssignmentRule]:
        for at, rule in enumerate(raw.get("rules", ())):
            path = (*self._path, "rules", at)
            when, to = self._when(rule, path), self._to(rule, by, path)
            if to is not None:
                yield AssignmentRule(rule["name"], when, to)

    def _when(self, rule: Raw, path: Path) -> Condition:
        if "when" not in rule:
            return ALWAYS
        report = self._say.below(*path, "when")
        when = parse_condition(rule["when"], object=self._object, objects=self._objects, report=report)
        if user_values(when):
            self._say.error_at_value("SM705", _NO_USER, *path, "when")
        self._check_circle(mentions(when), *path, "when")
        return when

    def _to(self, rule: Raw, by: Field, path: Path) -> Value | None:
        if "to" not in rule:
            message = f"the rule '{rule['name']}' chooses nothing"
            self._say.missing(message, "to", *path, hint="add `to: …`")
            return None
        report = self._say.below(*path, "to")
        to = parse_value(
            rule["to"], by, object=self._target, objects=self._objects, report=report, row=self._object
        )
        if isinstance(to, UserValue):
            self._say.error_at_value("SM705", _NO_USER, *path, "to")
        if isinstance(to, RowValue):
            self._check_circle(frozenset({to.field}), *path, "to")
        return to

    def _check_circle(self, names: frozenset[str], *path: str | int) -> None:
        """What rules choose cannot be what they look at: the choice would change with itself."""
        looked_at = with_sources(names, self._object)
        for name in sorted(looked_at & {self._field.name, ASSIGNED_BY.format(self._field.name)}):
            self._wrong(f"a rule that chooses '{self._field.name}' looks at '{name}'", *path)
