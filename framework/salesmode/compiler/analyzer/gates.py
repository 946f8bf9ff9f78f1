"""What a stage asks of the records that enter and leave it, and what it makes when they do."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from salesmode.compiler.analyzer.creations import Creations
from salesmode.compiler.analyzer.durations import duration_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.validations import condition_of, validations_of
from salesmode.compiler.located import part
from salesmode.model.app import App
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import Gate, Pipeline, Requirement, Stage, StageTask

Path = tuple[str | int, ...]
_TASK = "task"


class Gates:
    """Reads the stages of one pipeline of `object_`."""

    def __init__(
        self,
        object_: Object,
        objects: Mapping[str, Object],
        pipelines: Mapping[str, Pipeline],
        app: App,
        say: Reporter,
    ) -> None:
        self._object = object_
        self._objects = objects
        self._app = app
        self._say = say
        self._creations = Creations(object_, objects, pipelines, say)

    def filled(self, stage: Stage, path: Path) -> Stage:
        """The stage with what is said of it at `path`."""
        raw = self._raw(path)
        self._check_fields(raw.get("readonly", ()), (*path, "readonly"))
        when = raw.get("when")
        return replace(
            stage,
            when=ALWAYS if when is None else self._condition(when, (*path, "when")),
            entry=self._gate(raw.get("entry", {}), (*path, "entry")),
            exit=self._gate(raw.get("exit", {}), (*path, "exit")),
            tasks=tuple(self._tasks(raw.get("tasks", ()), (*path, "tasks"))),
            creates=tuple(self._creations.read(raw.get("creates", ()), (*path, "creates"))),
        )

    def _raw(self, path: Path) -> Mapping[str, Any]:
        entry = part(self._say.document.data, path)
        return entry if isinstance(entry, Mapping) else {}

    def _condition(self, raw: Any, path: Path) -> Condition:
        return condition_of(raw, path, self._object, self._objects, self._say)

    def _gate(self, raw: Mapping[str, Any], path: Path) -> Gate:
        required = enumerate(raw.get("required", ()))
        rules = raw.get("validations", ())
        return Gate(
            tuple(self._requirement(each, (*path, "required", at)) for at, each in required),
            validations_of(
                rules, (*path, "validations"), self._object, self._objects, say=self._say, app=self._app
            ),
        )

    def _requirement(self, raw: Any, path: Path) -> Requirement:
        span = self._say.document.value_place(path)
        if not isinstance(raw, Mapping):
            self._check_field(raw, path)
            return Requirement((raw,), ALWAYS, span)
        self._check_fields(raw["fields"], (*path, "fields"))
        when = self._condition(raw["when"], (*path, "when")) if "when" in raw else ALWAYS
        return Requirement(tuple(raw["fields"]), when, span)

    def _check_fields(self, names: Any, path: Path) -> None:
        for at, name in enumerate(names):
            self._check_field(name, (*path, at))

    def _check_field(self, name: str, path: Path) -> None:
        """What stages require or lock is a field that people fill."""
        field = self._object.fields.get(name)
        if field is None:
            self._say.unknown("SM302", "field", name, self._fillable(), *path)
        elif field.kept or field.system:
            self._say.error_at_value("SM605", f"'{name}' is written by the engine alone", *path)

    def _fillable(self) -> Mapping[str, Field]:
        fields = self._object.fields.items()
        return {name: each for name, each in fields if not (each.kept or each.system)}

    def _tasks(self, raw: Any, path: Path) -> Iterator[StageTask]:
        for at, each in enumerate(raw):
            self._check_assignee(each.get("assignee"), (*path, at, "assignee"))
            self._check_priority(each.get("priority"), (*path, at, "priority"))
            due = duration_of(each["due"]) if "due" in each else None
            yield StageTask(each["subject"], due, each.get("assignee"), each.get("priority"))

    def _check_assignee(self, name: str | None, path: Path) -> None:
        if name is None:
            return
        users = {each: field for each, field in self._object.fields.items() if field.to == "user"}
        if name not in self._object.fields:
            self._say.unknown("SM302", "field", name, users, *path)
        elif name not in users:
            message = f"'{name}' names no user who could do the task"
            self._say.error_at_value("SM605", message, *path, hint=f"one of {', '.join(users)}")

    def _check_priority(self, name: str | None, path: Path) -> None:
        field = self._objects[_TASK].fields.get("priority") if _TASK in self._objects else None
        options = [each.name for each in field.options] if field is not None else []
        if name is not None and name not in options:
            self._say.unknown("SM606", "option", name, options, *path)
