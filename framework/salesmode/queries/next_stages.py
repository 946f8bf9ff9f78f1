"""`nextStages` as SQL: for each other stage of a record's pipeline whether it may move there now, and what
stands in its way: the problems that moving it there without an input would be refused with (RULING 37).

Every condition is asked once, in a row of truths beside the record; the answer is put together by a CASE over
the pipeline and the place where the record stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Boolean, ColumnElement, Text, and_, case, func, literal_column, not_, select

from salesmode.access.policy import ObjectPolicy
from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions
from salesmode.conditions.scope import Source
from salesmode.database.statement import slot_from
from salesmode.diagnostics.messages import Text as Words
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS, Pipeline, Stage
from salesmode.pipelines.after import MOVED, after
from salesmode.pipelines.ahead import Hindrance, Way, shown, ways
from salesmode.pipelines.barrier import Barrier
from salesmode.pipelines.places import place_field, places
from salesmode.queries import nodes
from salesmode.queries.json_text import joined, object_of

_NONE = text_literal("[]")
_TRUTHS = "sm_truths"


def looked_at(object_: Object, scope: PolicyScope) -> frozenset[str]:
    """The fields of a record that its next stages depend on."""
    granted = scope.policy.objects[object_.name]
    found = {PIPELINE, STAGE, STATUS, "version"} & object_.fields.keys()
    found |= mentions(shown(granted))
    for pipeline in scope.model.pipelines_of(object_.name):
        for place in places(pipeline):
            for way in ways(pipeline, place, scope.model, scope.policy):
                found |= frozenset[str]().union(*(mentions(each.barrier.free) for each in way.hindrances))
    return frozenset(found)


def next_stages_json(item: nodes.NextStages, source: Source, scope: PolicyScope) -> ColumnElement[str]:
    """A list of objects; empty where the reader may not know where the record stands."""
    ahead = _Ahead(item, source, scope)
    text = ahead.text()
    if not ahead.truths.columns:
        return text
    truths = select(*ahead.truths.columns).correlate(source.table).subquery(_TRUTHS)
    return select(text).select_from(truths).correlate(source.table).scalar_subquery()


@dataclass
class _Truths:
    """What was asked of the record, each thing once."""

    source: Source
    scope: PolicyScope
    columns: list[ColumnElement[Any]] = field(default_factory=list)
    asked: dict[tuple[Condition, str, str | None], ColumnElement[bool]] = field(default_factory=dict)

    def of(self, condition: Condition, pipeline: Pipeline, target: Stage | None) -> ColumnElement[bool]:
        """Whether it holds of the row as a move to `target` would leave it; None: of the row as it is."""
        looked = with_sources(mentions(condition), self.source.object)
        moved = None if target is None or MOVED.isdisjoint(looked) else target
        key = (condition, pipeline.name, None if moved is None else moved.name)
        if key not in self.asked:
            label = f"holds_{len(self.columns)}"
            self.columns.append(self._holds(condition, pipeline, moved).label(label))
            self.asked[key] = literal_column(f"{_TRUTHS}.{label}", Boolean())
        return self.asked[key]

    def _holds(self, condition: Condition, pipeline: Pipeline, moved: Stage | None) -> ColumnElement[bool]:
        """Asked only where the record is in that pipeline."""
        system, source = self.scope.system, self.source
        there = source if moved is None else after(source, pipeline, moved, system.dialect)
        here = compile_condition(Compare(PIPELINE, "eq", Literal(pipeline.name)), source, system)
        return case((here, as_boolean(compile_condition(condition, there, system))))


@dataclass(frozen=True)
class _Ahead:
    item: nodes.NextStages
    source: Source
    scope: PolicyScope

    @cached_property
    def truths(self) -> _Truths:
        return _Truths(self.source, self.scope)

    @property
    def granted(self) -> ObjectPolicy:
        return self.scope.policy.objects[self.source.object.name]

    def text(self) -> ColumnElement[str]:
        """The JSON text of the list."""
        found = [(text_literal(each.name), self._of(each)) for each in self._pipelines()]
        text = case(*found, value=self._column(PIPELINE), else_=_NONE)
        where = shown(self.granted)
        if where == ALWAYS:
            return text
        return case((compile_condition(where, self.source, self.scope.system), text), else_=_NONE)

    def _pipelines(self) -> tuple[Pipeline, ...]:
        return self.scope.model.pipelines_of(self.source.object.name)

    def _column(self, name: str) -> ColumnElement[Any]:
        return self.source.table.c[self.source.object.fields[name].column]

    def _of(self, pipeline: Pipeline) -> ColumnElement[str]:
        found = [(text_literal(each.name), self._from(pipeline, each)) for each in places(pipeline)]
        return case(*found, value=self._column(place_field(pipeline)), else_=_NONE)

    def _from(self, pipeline: Pipeline, place: Stage) -> ColumnElement[str]:
        pieces: list[str | ColumnElement[str]] = ["["]
        for at, way in enumerate(ways(pipeline, place, self.scope.model, self.scope.policy)):
            entries = [(each.key, self._part(each, pipeline, way)) for each in self.item.items]
            pieces += ["," if at else "", object_of(entries)]
        return joined([*pieces, "]"])

    def _part(
        self, item: nodes.TypeName | nodes.NextFact | nodes.Blockers, pipeline: Pipeline, way: Way
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.NextFact(_, "name"):
                return f'"{way.target.name}"'
            case nodes.NextFact(_, "label"):
                return _spoken(way.target.label)
            case nodes.NextFact():
                return self._allowed(pipeline, way)
            case nodes.Blockers():
                return self._blocked_by(item, pipeline, way)

    def _allowed(self, pipeline: Pipeline, way: Way) -> str | ColumnElement[str]:
        if any(each.barrier.free == NEVER for each in way.hindrances):
            return "false"
        free = [self._free(each, pipeline, way) for each in way.hindrances]
        return case((and_(*free), text_literal("true")), else_=text_literal("false")) if free else "true"

    def _blocked_by(self, item: nodes.Blockers, pipeline: Pipeline, way: Way) -> str | ColumnElement[str]:
        entries = [self._blocker(item, each, pipeline, way) for each in way.hindrances]
        if not entries:
            return "[]"
        return joined(["[", func.substr(joined(entries), 2, type_=Text()), "]"])

    def _blocker(
        self, item: nodes.Blockers, hindrance: Hindrance, pipeline: Pipeline, way: Way
    ) -> str | ColumnElement[str]:
        """With a comma before it; nothing where the way is free."""
        barrier = hindrance.barrier
        entry = joined([",", object_of([(each.key, _fact(each, barrier)) for each in item.items])])
        if barrier.free == NEVER:
            return entry
        return case((not_(self._free(hindrance, pipeline, way)), entry), else_=text_literal(""))

    def _free(self, hindrance: Hindrance, pipeline: Pipeline, way: Way) -> ColumnElement[bool]:
        target = None if hindrance.of_right else way.target
        return self.truths.of(hindrance.barrier.free, pipeline, target)


def _fact(item: nodes.TypeName | nodes.BlockerFact, barrier: Barrier) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.BlockerFact(_, "message"):
            return _spoken(barrier.message)
        case nodes.BlockerFact(_, name):
            known: Mapping[str, Any] = {"path": _path(barrier), "code": barrier.code, "name": barrier.name}
            return orjson.dumps(known[name]).decode()


def _path(barrier: Barrier) -> tuple[str, ...]:
    """From the arguments of the mutation, as its problems have it."""
    if not barrier.of_record:
        return ("to",)
    return ("input",) if barrier.field is None else ("input", camel(barrier.field))


def _spoken(words: Words) -> ColumnElement[str]:
    """A JSON string in the caller's language, which is no part of a plan."""
    return slot_from(
        lambda environment: orjson.dumps(words.text(environment.locale)).decode(), Text(), lambda text: text
    )
