"""What a pipeline adds to its object: fields that the engine keeps, and a record of every stay in a stage.

The stays of all objects are in one table, `sm_stage_change`, with a typed reference for each of them, as
grants have them: so conditions, filters, deletion and foreign keys treat a stay like any other record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from salesmode.compiler.analyzer.applying import with_pipelines
from salesmode.compiler.analyzer.attached import ENGINE, attached_to, record_link
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.pipelines import renamed_stages
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.computed import Holds
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    Compare,
    Condition,
    Literal,
    Moment,
    both,
    either,
)
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object
from salesmode.model.pipeline import (
    CLOSED_AT,
    DIRECTIONS,
    KEPT_FIELDS,
    PIPELINE,
    STAGE,
    STAGE_CHANGE,
    STAGE_CHANGE_TABLE,
    STAGE_CHANGES,
    STAGE_HISTORY,
    STAGE_SINCE,
    STALE,
    STATUS,
    STATUSES,
    Pipeline,
)

_RESERVED = (*KEPT_FIELDS, STAGE_HISTORY, "next_stages")
_OF_CHANGES = ("pipeline", "stage", "from_stage", "status", "direction", "by", "comment")
_LABELS: Mapping[str, Mapping[str, str]] = {
    PIPELINE: {"en": "Pipeline", "zh": "销售流程"},
    STAGE: {"en": "Stage", "zh": "阶段"},
    STATUS: {"en": "Status", "zh": "状态"},
    STALE: {"en": "Stale", "zh": "停滞"},
    STAGE_SINCE: {"en": "In stage since", "zh": "进入阶段时间"},
    CLOSED_AT: {"en": "Closed at", "zh": "关闭时间"},
    STAGE_CHANGE: {"en": "Stage change", "zh": "阶段变更"},
    STAGE_CHANGES: {"en": "Stage history", "zh": "阶段历史"},
    "from_stage": {"en": "From stage", "zh": "原阶段"},
    "direction": {"en": "Direction", "zh": "方向"},
    "entered_at": {"en": "Entered at", "zh": "进入时间"},
    "left_at": {"en": "Left at", "zh": "离开时间"},
    "by": {"en": "By", "zh": "操作人"},
    "comment": {"en": "Comment", "zh": "说明"},
    "open": {"en": "Open", "zh": "进行中"},
    "won": {"en": "Won", "zh": "赢单"},
    "lost": {"en": "Lost", "zh": "输单"},
    "start": {"en": "Start", "zh": "开始"},
    "forward": {"en": "Forward", "zh": "推进"},
    "back": {"en": "Back", "zh": "退回"},
    "close": {"en": "Closing", "zh": "关闭"},
    "reopen": {"en": "Reopening", "zh": "重新打开"},
}


def stale(pipelines: Iterable[Pipeline]) -> Condition:
    """Which records lie in their stage for longer than it says."""
    return either(
        *(
            both(
                Compare(PIPELINE, "eq", Literal(pipeline.name)),
                Compare(STAGE, "eq", Literal(stage.name)),
                Compare(STAGE_SINCE, "lt", Moment("now", -stage.stale_after.amount, stage.stale_after.unit)),
            )
            for pipeline in pipelines
            for stage in pipeline.stages
            if stage.stale_after is not None
        )
    )


class Staging:
    """Makes the fields of pipelines."""

    def __init__(
        self, pipelines: Mapping[str, Pipeline], reporters: Mapping[str, Reporter], maker: FieldMaker
    ) -> None:
        self._pipelines = pipelines
        self._reporters = reporters
        self._maker = maker

    def of(self, object_name: str) -> tuple[Pipeline, ...]:
        """The pipelines of an object, in order."""
        return tuple(each for each in self._pipelines.values() if each.object == object_name)

    def staged(self, objects: Mapping[str, Object], reporters: Mapping[str, Reporter]) -> dict[str, Object]:
        """The objects, those with pipelines with the fields that the engine keeps."""
        return {
            name: self._with_kept(each, found, reporters) if (found := self.of(name)) else each
            for name, each in objects.items()
        }

    def stage_change(self, objects: Mapping[str, Object]) -> Object:
        """The engine's object `stage_change`. It ends with its record."""
        own = {each.name: each for each in self._own_fields()}
        linked = [each for each in objects.values() if self.of(each.name) and each.name not in own]
        links = {each.name: self._record(each) for each in linked}
        fields = {**self._maker.system(ENGINE), **links, **own}
        label, plural_label = self._label(STAGE_CHANGE), self._label(STAGE_CHANGES)
        return Object(
            STAGE_CHANGE,
            STAGE_CHANGES,
            label,
            plural_label,
            ENGINE,
            "{status}",
            fields,
            {},
            indexes=tuple((name, "entered_at") for name in links),
            stored_as=STAGE_CHANGE_TABLE,
        )

    def with_history(self, objects: Mapping[str, Object], change: Object) -> dict[str, Object]:
        """The objects, and `stage_change` where some of them have pipelines; those have `stage_history`."""

        def inverse(object_: Object) -> Inverse:
            return Inverse(STAGE_HISTORY, change.plural_label, STAGE_CHANGE, object_.name)

        return attached_to(objects, change, lambda each: bool(self.of(each.name)), inverse)

    def placed(self, objects: Mapping[str, Object], pipelines: Mapping[str, Pipeline]) -> dict[str, Object]:
        """The objects, whose fields know in which of the finished pipelines they apply."""
        return {
            name: with_pipelines(each, tuple(pipelines[own.name] for own in self.of(name)))
            for name, each in objects.items()
        }

    def _with_kept(
        self, object_: Object, pipelines: Sequence[Pipeline], reporters: Mapping[str, Reporter]
    ) -> Object:
        say = reporters[object_.name]
        if object_.name in _OF_CHANGES:
            message = f"'{object_.name}' is a field of every stage change, so it cannot have a pipeline"
            say.error_at_value("SM306", message, "name")
        late = stale(pipelines)
        for name in (*_RESERVED, *((STALE,) if late != NEVER else ())):
            if name in object_.fields:
                message = f"'{name}' is a field that every object with a pipeline has"
                say.error("SM306", message, "fields", name, hint="choose another name")
            if name in object_.inverses:
                inverse = object_.inverses[name]
                message = f"'{name}' is a name that every object with a pipeline has"
                reporters[inverse.object].error("SM306", message, "fields", inverse.field, "inverse")
        kept = {each.name: each for each in self._kept(pipelines) if each.name not in object_.fields}
        indexes = (*object_.indexes, (PIPELINE, STAGE)) if STAGE in kept else object_.indexes
        return replace(object_, fields={**object_.fields, **kept}, indexes=indexes)

    def _kept(self, pipelines: Sequence[Pipeline]) -> Iterator[Field]:
        only = Literal(pipelines[0].name) if len(pipelines) == 1 else None
        options = tuple(map(_option_of, pipelines))
        yield replace(self._choice(PIPELINE, options), required=ALWAYS, default=only)
        if any(each.staged for each in pipelines):
            yield self._stage(STAGE, pipelines)
        yield replace(self._choice(STATUS, self._options(STATUSES)), required=ALWAYS, index=True)
        yield replace(self._time(STAGE_SINCE), required=ALWAYS)
        yield self._time(CLOSED_AT)
        late = stale(pipelines)
        if late != NEVER:
            yield replace(self._kept_field(STALE, "boolean"), computed=Holds(late))

    def _own_fields(self) -> Iterator[Field]:
        pipelines = tuple(self._pipelines.values())
        own = (
            replace(self._choice(PIPELINE, tuple(map(_option_of, pipelines))), required=ALWAYS),
            self._stage(STAGE, pipelines),
            self._stage("from_stage", pipelines),
            replace(self._choice(STATUS, self._options(STATUSES)), required=ALWAYS),
            replace(self._choice("direction", self._options(DIRECTIONS)), required=ALWAYS),
            replace(self._time("entered_at"), required=ALWAYS, index=True),
            self._time("left_at"),
            self._user("by"),
            self._kept_field("comment", "long_text"),
        )
        return (replace(each, kept=False, history=False) for each in own)

    def _choice(self, name: str, options: tuple[Option, ...]) -> Field:
        return replace(self._kept_field(name, "choice"), options=options, history=True)

    def _stage(self, name: str, pipelines: Sequence[Pipeline]) -> Field:
        renamed: dict[str, str] = {}
        for each in pipelines:
            stages = renamed_stages(self._reporters[each.name]).items()
            renamed |= {f"{each.name}.{old}": f"{each.name}.{new}" for old, new in stages}
        found = replace(self._kept_field(name, "stage"), history=True)
        return replace(found, options=_stages_of(pipelines), renamed_options=renamed)

    def _time(self, name: str) -> Field:
        return self._kept_field(name, "datetime")

    def _kept_field(self, name: str, type_: str) -> Field:
        label = self._label(name)
        return Field(name, type_, name, label, ENGINE, readonly=True, history=False, kept=True)

    def _record(self, object_: Object) -> Field:
        link = record_link(object_.name, object_.label, self._maker)
        return replace(link, readonly=True, history=False)

    def _user(self, name: str) -> Field:
        link = self._maker.link("user", self._label(name), ENGINE)
        return replace(link, name=name, column=f"{name}_id", readonly=True)

    def _options(self, names: Iterable[str]) -> tuple[Option, ...]:
        return tuple(Option(name, self._label(name), name) for name in names)

    def _label(self, name: str) -> Label:
        return label_of(_LABELS[name], self._maker.app.locales, name)


def _option_of(pipeline: Pipeline) -> Option:
    return Option(pipeline.name, pipeline.label, _first(pipeline.label))


def _stages_of(pipelines: Sequence[Pipeline]) -> tuple[Option, ...]:
    """The stages of all pipelines, each name once; what only a later one has stands where it has it."""
    found: list[Option] = []
    for pipeline in pipelines:
        place = 0
        for stage in pipeline.stages:
            names = [each.name for each in found]
            if stage.name not in names:
                found.insert(place, Option(stage.name, stage.label, _first(stage.label)))
                names.insert(place, stage.name)
            place = names.index(stage.name) + 1
    return tuple(found)


def _first(label: Label) -> str:
    return next(iter(label.texts.values()))
