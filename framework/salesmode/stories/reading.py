"""The lines of a story, or of a demo, with every name checked; all that is wrong is reported in one run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import Document, Path
from salesmode.conditions.parse import parse_condition
from salesmode.conditions.values import parse_value
from salesmode.diagnostics import Collector, did_you_mean
from salesmode.model.app import Model
from salesmode.model.object import Object
from salesmode.model.role import ADMIN
from salesmode.stories.conditions import JUNCTIONS
from salesmode.stories.story import ACTS, EXPECTATIONS, Line, Lines
from salesmode.stories.values import REFERENCES

WRONG_LINE, UNKNOWN_RECORD = "SM830", "SM832"

_SOMEBODY = "00000000-0000-7000-8000-000000000000"
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "find": ("id", "where"),
    **dict.fromkeys(("update", "delete", "restore"), ("id",)),
    "move": ("id", "to"),
    **dict.fromkeys(("tag", "untag", "promote"), ("id", "name")),
    **dict.fromkeys(("grant", "revoke"), ("id", "right")),
    "read": ("as", "id", "values"),
    "hidden": ("as",),
    "count": ("as", "is"),
}
_ASKED = ("as", "answer")
_NAMING = ("create", "find")
_OF_TAGS = ("tag", "untag", "promote")


class Reading:
    """Lines of one document, with the names that it has given to records so far.

    `loaded`: records that are there before, by object and name.
    """

    def __init__(
        self, document: Document, model: Model, collector: Collector, loaded: Iterable[tuple[str, str]]
    ) -> None:
        self._model = model
        self._say = Reporter(document, collector)
        self._names: dict[str, str] = {}
        self._loaded = set(loaded)

    def parts(self) -> tuple[Lines, Lines, Lines]:
        """What a story gives, does, and expects then."""
        data = self._say.document.data
        given, when = (self.lines(data.get(part, ()), ACTS, (part,)) for part in ("given", "when"))
        then = self.lines(data.get("then", ()), EXPECTATIONS, ("then",))
        if not then:
            hint = "add `then:` with what is read, counted, hidden or refused"
            self._say.error(WRONG_LINE, "the story does not say what must hold", "name", hint=hint)
        return given, when, then

    def lines(self, raw: Iterable[Mapping[str, Any]], kinds: tuple[str, ...], path: Path) -> Lines:
        """The lines that stand at `path`, of these kinds; what is wrong with one is reported."""
        found = (self._line((*path, at), each, kinds) for at, each in enumerate(raw))
        return tuple(line for line in found if line is not None)

    def _line(self, path: Path, raw: Mapping[str, Any], kinds: tuple[str, ...]) -> Line | None:
        named = [kind for kind in kinds if kind in raw]
        if len(named) != 1:
            message = f"it is {' and '.join(named)} at once" if named else "it says nothing to do or to see"
            self._say.error(WRONG_LINE, message, *path, hint=f"one of {', '.join(kinds)}")
            return None
        line = Line(named[0], raw, self._say.span(*path))
        needed = _ASKED if path[0] == "then" and line.kind == "graphql" else _NEEDS.get(line.kind, ())
        for key in needed:
            if key not in raw:
                self._say.missing(f"'{line.kind}' needs '{key}'", key, *path, hint=f"add `{key}: …`")
        self._check(line, path)
        return line

    def _check(self, line: Line, path: Path) -> None:
        if line.kind == "hidden":
            self._hidden(line, path)
        if line.kind in ("graphql", "clock", "refused", "hidden"):
            return
        object_ = self._model.objects.get(line.about)
        if object_ is None:
            self._say.unknown("SM303", "object", line.about, self._model.objects, *path, line.kind)
            return
        if line.kind not in _NAMING and "id" in line.data:
            self._known(line.data["id"], object_.name, (*path, "id"))
        if "where" in line.data:
            report = self._say.below(*path, "where")
            where = self._with_ids(line.data["where"], object_)
            parse_condition(where, object=object_, objects=self._model.objects, report=report)
        if line.kind in ("create", "update", "move", "read"):
            self._values(line.data.get("values", {}), object_, (*path, "values"))
        if line.kind in _OF_TAGS and "name" in line.data:
            self._tag(line, object_, path)
        self._name(line, object_)

    def _tag(self, line: Line, object_: Object, path: Path) -> None:
        """The tag that is set, removed or becomes a record, with what is said of it."""
        tags = {each.name: each for each in self._model.tags_of(object_.name)}
        tag = tags.get(line.data["name"])
        if tag is None:
            self._say.unknown("SM612", "tag", line.data["name"], tags, *path, "name")
            return
        states = {each.name: each for each in tag.states}
        if "state" in line.data and line.data["state"] not in states:
            self._say.unknown("SM606", "state", line.data["state"], states, *path, "state")
        values, place = line.data.get("values", {}), (*path, "values")
        if line.kind == "tag":
            own = replace(object_, name=tag.name, fields=dict(tag.fields or {}), inverses={})
            self._values(values, own, place)
        elif line.kind == "promote" and tag.promote_to is not None:
            pipeline = self._model.pipelines[tag.promote_to.pipeline]
            self._values(values, self._model.objects[pipeline.object], place)
        elif line.kind == "promote":
            message = f"the tag '{tag.name}' becomes no record"
            self._say.error_at_value("SM612", message, *path, "name", hint="add `promote_to: {…}` to it")

    def _name(self, line: Line, object_: Object) -> None:
        """What the line calls a new record; a user goes by their name too."""
        if line.kind in _NAMING and "id" in line.data:
            self._names[line.data["id"]] = object_.name
        if line.kind == "create":
            called = line.data.get("values", {}).get("name")
            if called is not None:
                self._loaded.add((object_.name, str(called)))
        elif "new" in line.data:
            tag = self._model.tags.get(str(line.data.get("name")))
            if tag is not None and tag.promote_to is not None:
                self._names[line.data["new"]] = self._model.pipelines[tag.promote_to.pipeline].object

    def _values(self, raw: Mapping[str, Any], object_: Object, path: Path) -> None:
        for name, value in raw.items():
            place = (*path, name)
            if name in object_.inverses and isinstance(value, dict):
                target = self._model.objects[object_.inverses[name].object]
                for at, each in enumerate(value.get("create", ())):
                    self._values(each, target, (*place, "create", at))
            elif name in object_.fields:
                self._value(name, value, object_, place)
            elif name != "tags":
                self._say.unknown("SM302", "field", name, object_.fields, *place)

    def _value(self, name: str, value: Any, object_: Object, place: Path) -> None:
        field = object_.fields[name]
        if field.type in REFERENCES and field.to is not None:
            if isinstance(value, dict):
                self._values(value, self._model.objects[field.to], place)
                return
            for each in value if isinstance(value, list) else [value]:
                if each is not None:
                    self._known(str(each), field.to, place)
            return
        if (object_.name, name) == ("user", "roles"):
            self._roles(value, place)
        report = self._say.below(*place)
        parse_value(value, field, object=object_, objects=self._model.objects, report=report)

    def _roles(self, given: Any, place: Path) -> None:
        known = {**self._model.roles, ADMIN: None}
        for at, role in enumerate(given if isinstance(given, list) else ()):
            if role not in known:
                self._say.unknown("SM304", "role", str(role), known, *place, at)

    def _known(self, name: str, object_name: str, place: Path) -> None:
        if self._names.get(name) == object_name or (object_name, name) in self._loaded:
            return
        candidates = [each for each, of in self._names.items() if of == object_name]
        candidates += [each for of, each in self._loaded if of == object_name]
        message = f"no {object_name} is called '{name}' here"
        hint = did_you_mean(name, candidates) or "name it by `id:` where it is created"
        self._say.error_at_value(UNKNOWN_RECORD, message, *place, hint=hint)

    def _with_ids(self, raw: Any, object_: Object) -> Any:
        """The condition with any id for the names of records, so that it can be read."""
        if not isinstance(raw, dict):
            return raw
        return {key: self._part(key, value, object_) for key, value in raw.items()}

    def _part(self, key: str, value: Any, object_: Object) -> Any:
        if key in JUNCTIONS:
            return [self._with_ids(each, object_) for each in value] if isinstance(value, list) else value
        if key == "not":
            return self._with_ids(value, object_)
        if key in object_.inverses:
            target = self._model.objects[object_.inverses[key].object]
            within = value.items() if isinstance(value, dict) else ()
            return {word: self._with_ids(each, target) for word, each in within} if within else value
        field = object_.fields.get(key)
        if field is None or not (field.to or field.type == "id"):
            return value
        return self._named(value, self._model.objects[field.to] if field.to else object_)

    def _named(self, value: Any, of: Object) -> Any:
        """What a reference to such records is compared with, or what is asked of the record that it names."""
        if isinstance(value, list):
            return [self._named(each, of) for each in value]
        if isinstance(value, dict):
            return {
                word: self._part(word, each, of)
                if word in of.fields or word in of.inverses
                else self._named(each, of)
                for word, each in value.items()
            }
        called = isinstance(value, str) and (
            value in self._names or any(value == each for _, each in self._loaded)
        )
        return _SOMEBODY if called else value

    def _hidden(self, line: Line, path: Path) -> None:
        object_name, _, field = line.data["hidden"].partition(".")
        object_ = self._model.objects.get(object_name)
        if object_ is None:
            self._say.unknown("SM303", "object", object_name, self._model.objects, *path, "hidden")
        elif field not in object_.fields and field not in object_.inverses:
            self._say.unknown("SM302", "field", field, object_.fields, *path, "hidden")
