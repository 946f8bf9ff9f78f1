"""Documents of kind `job`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from croniter import CroniterError, croniter

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import field_at
from salesmode.compiler.analyzer.validations import Objects, Path, condition_of
from salesmode.conditions.mentions import user_values
from salesmode.conditions.values import parse_value
from salesmode.fieldtypes import field_type
from salesmode.model.app import App
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    Compare,
    Condition,
    Literal,
    RecordValue,
    RowValue,
    UserValue,
    Value,
    both,
    either,
    negated,
)
from salesmode.model.engine import WRITTEN_BY_ENGINE
from salesmode.model.field import Field
from salesmode.model.job import Action, CreateFor, Job, Occasion, RemoveTag, SetTag, SetValues, TakeSnapshot
from salesmode.model.object import Object
from salesmode.model.pipeline import LOST, OPEN, PIPELINE, STAGE, STATUS, WON, Pipeline
from salesmode.model.tag import TAGS, Tag

WRONG_JOB = "SM630"
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_ONE_OF = "`set`, `move`, `tag`, `untag`, `create` or `snapshot`"


@dataclass(frozen=True)
class Around:
    """What a job may name."""

    objects: Objects
    pipelines: Mapping[str, Pipeline]
    tags: Mapping[str, Tag]
    app: App


def jobs_of(reporters: Mapping[str, Reporter], around: Around) -> dict[str, Job]:
    """The jobs by name; one that cannot be read is reported and left out."""
    found = (_Reading(say, around).job() for say in reporters.values())
    return {each.name: each for each in found if each is not None}


class _Reading:
    """One document."""

    def __init__(self, say: Reporter, around: Around) -> None:
        self._say = say
        self._raw = say.document.data
        self._name = say.document.name
        self._around = around
        self._objects = around.objects

    def job(self) -> Job | None:
        self._check_schedule()
        object_ = self._object()
        action = self._action(object_) if object_ is not None else None
        if object_ is None or action is None or "schedule" not in self._raw:
            return None
        return Job(
            name=self._name,
            object=object_.name,
            label=label_of(self._raw.get("label"), self._around.app.locales, self._name),
            span=self._say.document.value_place(("name",)),
            schedule=" ".join(self._raw["schedule"].split()),
            due=both(self._where(object_), self._undone(action, object_)),
            action=action,
            once=self._once(action, object_),
        )

    def _check_schedule(self) -> None:
        if "schedule" not in self._raw:
            self._missing("when", "schedule", 'add `schedule: "0 2 * * *"`')
        elif not _happens(self._raw["schedule"]):
            what = f"'{self._raw['schedule']}' is no time that ever comes"
            hint = "five fields of cron: minute, hour, day of the month, month, day of the week"
            self._say.error_at_value(WRONG_JOB, what, "schedule", hint=hint)

    def _object(self) -> Object | None:
        if "do" not in self._raw:
            self._missing("what is done", "do", f"add `do:` with {_ONE_OF}")
        if "object" not in self._raw.get("on", {}):
            self._missing("to which records", "on", "add `on: {object: …, where: {…}}`")
            return None
        name = self._raw["on"]["object"]
        if name not in self._objects:
            self._say.unknown("SM303", "object", name, self._objects, "on", "object")
            return None
        return self._objects[name]

    def _missing(self, what: str, key: str, hint: str) -> None:
        self._say.missing(f"the job '{self._name}' does not say {what}", key, hint=hint)

    def _where(self, object_: Object) -> Condition:
        if "where" not in self._raw["on"]:
            return ALWAYS
        path = ("on", "where")
        found = condition_of(self._raw["on"]["where"], path, object_, self._objects, self._say)
        if user_values(found):
            self._wrong("a job is nobody's, so it cannot look at $user", *path)
        return found

    def _wrong(self, what: str, *path: str | int, hint: str | None = None) -> None:
        self._say.error_at_value(WRONG_JOB, what, *path, hint=hint)

    def _action(self, object_: Object) -> Action | None:
        raw = self._raw.get("do", {})
        keys = [each for each in raw if each != "set" or "move" not in raw]
        if len(keys) != 1:
            if keys:
                self._say.error(WRONG_JOB, f"a job does one thing: {_ONE_OF}", "do")
            return None
        match keys[0]:
            case "set":
                return SetValues(dict(self._values(raw["set"], ("do", "set"), object_, object_)))
            case "move":
                values = dict(self._values(raw.get("set", {}), ("do", "set"), object_, object_))
                return SetValues(values, raw["move"]) if self._is_place(raw["move"], object_) else None
            case "tag" | "untag" as key:
                found = self._tag(raw[key], key, object_)
                if found is None:
                    return None
                return SetTag(found) if key == "tag" else RemoveTag(found)
            case "create":
                return self._creation(raw["create"], object_)
            case _:
                return self._snapshot(object_)

    def _values(
        self, raw: Mapping[str, Any], path: Path, target: Object, record: Object
    ) -> Iterator[tuple[str, Value]]:
        for name, value in raw.items():
            field, place = target.fields.get(name), (*path, name)
            if field is None:
                self._say.unknown("SM302", "field", name, target.fields, *place)
            elif field.system or field.computed or field.kept:
                self._say.error(WRONG_JOB, f"the engine gives '{name}' its value", *place)
            else:
                found = self._value(value, field, place, target, record)
                if found is not None:
                    yield name, found

    def _value(self, raw: Any, field: Field, place: Path, target: Object, record: Object) -> Value | None:
        if raw is None:
            if field.required == ALWAYS:
                self._wrong(f"'{field.name}' is required, so it cannot be emptied", *place)
            return Literal(None)
        report = self._say.below(*place)
        found = parse_value(raw, field, object=target, objects=self._objects, report=report, record=record)
        if isinstance(found, UserValue):
            self._wrong("a job is nobody's, so it cannot look at $user", *place)
        return found

    def _is_place(self, name: str, object_: Object) -> bool:
        staged, simple = self._ways(object_)
        known = [stage.name for each in staged for stage in each.stages]
        known += [OPEN, WON, LOST] if simple else []
        if not staged and not simple:
            self._wrong(f"no pipeline is of '{object_.name}', so it cannot move", "do", "move")
        elif name not in known:
            self._say.unknown("SM602", "stage", name, known, "do", "move")
        return name in known

    def _ways(self, object_: Object) -> tuple[list[Pipeline], list[Pipeline]]:
        own = [each for each in self._around.pipelines.values() if each.object == object_.name]
        staged = [each for each in own if each.granularity == "staged"]
        return staged, [each for each in own if each.granularity != "staged"]

    def _tag(self, name: str, key: str, object_: Object) -> str | None:
        own = {each.name: each for each in self._around.tags.values() if each.object == object_.name}
        if name not in own:
            self._say.unknown("SM612", "tag", name, own, "do", key)
            return None
        if own[name].auto is not None:
            self._wrong(f"the tag '{name}' is kept by its rule", "do", key)
        return name

    def _creation(self, raw: Mapping[str, Any], record: Object) -> CreateFor | None:
        path = ("do", "create")
        if raw["object"] not in self._objects:
            self._say.unknown("SM303", "object", raw["object"], self._objects, *path, "object")
            return None
        target = self._objects[raw["object"]]
        if target.name in WRITTEN_BY_ENGINE:
            self._wrong(f"{WRITTEN_BY_ENGINE[target.name]} written by the engine", *path, "object")
            return None
        self._check_filled(raw.get("values", {}), target)
        values = dict(self._values(raw.get("values", {}), (*path, "values"), target, record))
        return CreateFor(target.name, values)

    def _snapshot(self, object_: Object) -> TakeSnapshot | None:
        if not any(self._ways(object_)):
            self._wrong(f"no pipeline is of '{object_.name}', so it has no snapshots", "do", "snapshot")
            return None
        for path in (("on", "where"), ("once",)):
            if path[-1] in (self._raw["on"] if len(path) > 1 else self._raw):
                self._say.error(WRONG_JOB, "a snapshot is of all records, once a day", *path)
        return TakeSnapshot()

    def _check_filled(self, given: Mapping[str, Any], target: Object) -> None:
        for name, field in target.fields.items():
            filled = field.system or field.kept or field.computed or field.default is not None
            if field.required == ALWAYS and not filled and name not in given:
                what = f"'{name}' of '{target.name}' is required"
                self._say.error(WRONG_JOB, what, "do", "create", hint=f"add `values: {{{name}: …}}`")

    def _once(self, action: Action, object_: Object) -> Occasion | None:
        raw = self._raw.get("once")
        if raw is None:
            return Occasion() if isinstance(action, CreateFor) else None
        if "in" in raw:
            return Occasion(within=raw["in"])
        place = ("once", "per")
        field = field_at(raw["per"].split("."), place, object_, self._objects, self._say)
        if field is not None and (field_type(field.type).many or field.type == "json"):
            self._wrong(f"'{raw['per']}' ({field.type}) is no occasion", *place)
        return Occasion(field=raw["per"])

    def _undone(self, action: Action, object_: Object) -> Condition:
        """Which records do not have yet what the job gives them."""
        match action:
            case SetValues(values, None):
                return either(*(_lacks(object_.fields[name], value) for name, value in values.items()))
            case SetValues(_, str(to)):
                return self._elsewhere(to, object_)
            case SetTag(name):
                return negated(self._has(name, "tag", object_))
            case RemoveTag(name):
                return self._has(name, "untag", object_)
            case _:
                return ALWAYS

    def _elsewhere(self, to: str, object_: Object) -> Condition:
        staged, simple = self._ways(object_)
        with_it = tuple(each.name for each in staged if any(stage.name == to for stage in each.stages))
        simply = tuple(each.name for each in simple) if to in (OPEN, WON, LOST) else ()
        found = ((with_it, STAGE), (simply, STATUS))
        return either(*(_not_at(to, name, names) for names, name in found if names))

    def _has(self, tag: str, key: str, object_: Object) -> Condition:
        return condition_of({TAGS: {"has": tag}}, ("do", key), object_, self._objects, self._say)


def _not_at(to: str, field: str, pipelines: tuple[str, ...]) -> Condition:
    return both(Compare(PIPELINE, "in", Literal(pipelines)), Compare(field, "ne", Literal(to)))


def _lacks(field: Field, value: Value) -> Condition:
    """ALWAYS where it cannot be told beforehand; a write that changes nothing writes nothing."""
    if value == Literal(None):
        return Compare(field.name, "isNull", Literal(False))
    if "ne" not in field_type(field.type).operators:
        return ALWAYS
    if isinstance(value, RecordValue):
        return ALWAYS if "." in value.field else Compare(field.name, "ne", RowValue(value.field))
    return NEVER if isinstance(value, UserValue) else Compare(field.name, "ne", value)


def _happens(schedule: str) -> bool:
    try:
        croniter(schedule, _SOME_DAY).get_next()
    except (CroniterError, ValueError):
        return False
    return True
