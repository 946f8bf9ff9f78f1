"""What a stage makes of the records that enter it (D1): `creates`."""

from collections.abc import Iterator, Mapping
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.validations import condition_of
from salesmode.conditions.values import parse_value
from salesmode.model.condition import ALWAYS, Condition, Value
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import Creation, Pipeline

WRONG = "SM605"

Path = tuple[str | int, ...]


def check_applying(pipelines: Mapping[str, Pipeline], reporters: Mapping[str, Reporter]) -> None:
    """What is set belongs to the pipeline of the new record, which is known once all pipelines are."""
    for pipeline in pipelines.values():
        say = reporters[pipeline.name]
        for stage_at, stage in enumerate(say.document.data.get("stages", ())):
            creates = stage.get("creates", ()) if isinstance(stage, Mapping) else ()
            for at, each in enumerate(creates):
                target = pipelines.get(each.get("pipeline", ""))
                for name in each.get("set", {}):
                    if target is not None and target.fields is not None and name not in target.fields:
                        message = f"the pipeline '{target.name}' does not have the field '{name}'"
                        say.error(WRONG, message, "stages", stage_at, "creates", at, "set", name)


class Creations:
    """Reads those of the stages of one pipeline of `object_`."""

    def __init__(
        self,
        object_: Object,
        objects: Mapping[str, Object],
        pipelines: Mapping[str, Pipeline],
        say: Reporter,
    ) -> None:
        self._object = object_
        self._objects = objects
        self._pipelines = pipelines
        self._say = say

    def read(self, raw: Any, path: Path) -> Iterator[Creation]:
        """One for each entry that says into which reference its record goes."""
        for at, each in enumerate(raw):
            found = self._creation(each, (*path, at))
            if found is not None:
                yield found

    def _creation(self, raw: Mapping[str, Any], path: Path) -> Creation | None:
        into = self._into(raw, path)
        if into is None:
            return None
        made = self._objects[str(into.to)]
        pipeline = self._pipeline(raw.get("pipeline"), made, path)
        when: Condition = ALWAYS
        if "when" in raw:
            when = condition_of(raw["when"], (*path, "when"), self._object, self._objects, self._say)
        return Creation(
            name=raw["name"],
            object=made.name,
            into=into.name,
            presets=tuple(self._presets(raw.get("set", {}), made, (*path, "set"))),
            span=self._say.document.value_place(path),
            pipeline=None if pipeline is None else pipeline.name,
            when=when,
        )

    def _into(self, raw: Mapping[str, Any], path: Path) -> Field | None:
        fields = self._object.fields
        references = {name: each for name, each in fields.items() if each.type == "reference"}
        name = raw.get("into")
        if name is None:
            message = "it does not say which reference gets the new record"
            self._say.error(WRONG, message, *path, hint=f"add `into:` with one of {', '.join(references)}")
        elif name not in fields:
            self._say.unknown("SM302", "field", name, references, *path, "into")
        elif name not in references:
            self._say.error_at_value(WRONG, f"'{name}' refers to no record of one object", *path, "into")
        else:
            return references[name]
        return None

    def _pipeline(self, name: str | None, made: Object, path: Path) -> Pipeline | None:
        known = {each.name: each for each in self._pipelines.values() if each.object == made.name}
        if name is not None and name not in known:
            self._say.unknown("SM607", "pipeline", name, known, *path, "pipeline")
            return None
        if name is None and len(known) > 1:
            message = f"'{made.name}' has several pipelines, and none is named"
            self._say.error(WRONG, message, *path, hint=f"add `pipeline:` with one of {', '.join(known)}")
            return None
        return known[name] if name is not None else next(iter(known.values()), None)

    def _presets(self, raw: Mapping[str, Any], made: Object, path: Path) -> Iterator[tuple[str, Value]]:
        for name, value in raw.items():
            field = made.fields.get(name)
            if field is None:
                self._say.unknown("SM302", "field", name, made.fields, *path, name)
            elif field.kept or field.system or field.computed:
                self._say.error(WRONG, f"the engine gives '{name}' its value", *path, name)
            else:
                report = self._say.below(*path, name)
                found = parse_value(
                    value, field, object=made, objects=self._objects, report=report, row=self._object
                )
                if found is not None:
                    yield name, found
