"""What plugins ask of records that enter and leave stages (`stage_guard`), read like gates in YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.parse import parse_condition
from salesmode.model.app import App
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.object import Object, Validation
from salesmode.model.pipeline import Gate, Pipeline, Stage
from salesmode.plugins import Failed, Implementation, Plugins, asked, shown

_WRONG = "SM912"
_NAME = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
_ANSWER = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["on", "name", "must"],
                "additionalProperties": False,
                "properties": {
                    "on": {"enum": ["entry", "exit"]},
                    "name": {"type": "string", "pattern": _NAME},
                    "when": {"type": "object"},
                    "must": {"type": "object"},
                    "message": {"type": ["string", "object"]},
                },
            },
        },
    }
)

Raw = Mapping[str, Any]


def guarded(
    pipelines: Mapping[str, Pipeline],
    reporters: Mapping[str, Reporter],
    *,
    objects: Mapping[str, Object],
    app: App,
    plugins: Plugins,
) -> dict[str, Pipeline]:
    """The pipelines with what plugins ask; what is wrong with that is told where the pipeline stands."""
    return {
        name: _Guards(each, objects, app, reporters[name]).asked(plugins.calls("stage_guard"))
        for name, each in pipelines.items()
    }


@dataclass(frozen=True, slots=True)
class _Guards:
    """Of one pipeline."""

    pipeline: Pipeline
    objects: Mapping[str, Object]
    app: App
    say: Reporter

    def asked(self, calls: Sequence[Implementation]) -> Pipeline:
        stages = {each.name: each for each in self.pipeline.stages}
        for plugin, call in calls:
            for stage, gates in self._answer(plugin, call).items():
                for raw in gates:
                    stages[stage] = self._with(stages[stage], raw, plugin)
        return replace(self.pipeline, stages=tuple(stages.values()))

    def _answer(self, plugin: str, call: Any) -> Mapping[str, Sequence[Raw]]:
        answer = asked(partial(call, pipeline=self.pipeline))
        if isinstance(answer, Failed):
            self._wrong(plugin, answer.why)
            return {}
        if not isinstance(answer, Mapping):
            self._wrong(plugin, f"gates by stage are expected, not {shown(answer)}")
            return {}
        wrong = best_match(_ANSWER.iter_errors(answer))
        strange = [] if wrong else [each for each in answer if each not in self._names]
        if wrong or strange:
            self._wrong(plugin, wrong.message if wrong else f"there is no stage '{strange[0]}'")
            return {}
        return dict(answer)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.pipeline.stages)

    def _with(self, stage: Stage, raw: Raw, plugin: str) -> Stage:
        rule = Validation(
            raw["name"],
            self._condition(raw.get("when"), plugin),
            self._condition(raw["must"], plugin),
            label_of(raw.get("message"), self.app.locales, raw["name"]),
            stage.span,
        )
        if raw["on"] == "entry":
            return replace(stage, entry=_adding(stage.entry, rule))
        return replace(stage, exit=_adding(stage.exit, rule))

    def _condition(self, raw: Any, plugin: str) -> Condition:
        if raw is None:
            return ALWAYS
        object_ = self.objects[self.pipeline.object]

        def report(path: tuple[str | int, ...], _: str, message: str, hint: str | None) -> None:
            where = ".".join(map(str, path))
            self._wrong(plugin, f"{message} (at {where})" if where else message, hint)

        return parse_condition(raw, object=object_, objects=self.objects, report=report)

    def _wrong(self, plugin: str, why: str, hint: str | None = None) -> None:
        message = f"the plugin '{plugin}' gave something wrong in `stage_guard` for this pipeline"
        self.say.error_at_value(_WRONG, message, "name", why=why, hint=hint)


def _adding(gate: Gate, rule: Validation) -> Gate:
    return replace(gate, guards=(*gate.guards, rule))
