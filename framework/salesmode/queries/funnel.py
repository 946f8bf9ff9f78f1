"""A funnel as SQL (D14): how many records of a pipeline entered each stage, how many came further, and how
long they stayed.

It is about the records that entered a place of the pipeline within the period: those are `entered`, and where
they stand now is `open`, `won` or `lost`. Of those that entered a stage within the period, those `passed`
that have ever reached a later one that is not lost. Days are of stays that began in the period and have
ended. A stay is seen with its record, where that tells where it stands, so only records are asked for rights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    true,
)

from salesmode.access.scope import PolicyScope
from salesmode.database.statement import slot_from
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.sql import NULL_JSON, integer_literal, json_string, quoted, text_literal
from salesmode.model.label import Label
from salesmode.model.pipeline import LOST, OPEN, PIPELINE, STAGE_CHANGE, WON, Pipeline, Stage
from salesmode.pipelines.expected import Standing, told_of
from salesmode.queries import nodes
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.numbers import count_json, ratio_json
from salesmode.queries.periods import during, seconds_between
from salesmode.queries.stage_table import stage_table
from salesmode.queries.standing_rows import standing_rows, status_of

_DAY = 24 * 60 * 60
_DAYS = ("medianDays", "meanDays")
_ONE, _TWO, _ZERO = (integer_literal(each) for each in (1, 2, 0))


def funnel_select(funnel: nodes.Funnel, scope: PolicyScope) -> Select[Any]:
    """Selects the JSON object of a funnel."""
    found = _Funnel(funnel, scope)
    totals = found.totals
    return select(object_of([(each.key, found.item(each)) for each in funnel.items])).select_from(totals)


@dataclass(frozen=True)
class _Funnel:
    funnel: nodes.Funnel
    scope: PolicyScope

    @property
    def pipelines(self) -> Sequence[Pipeline]:
        return self.scope.model.pipelines_of(self.funnel.object.name)

    @cached_property
    def wanted(self) -> ColumnElement[Any]:
        """The pipeline that is asked for, which is a value of the request."""
        return slot_of(self.funnel.pipeline, self.funnel.object.fields[PIPELINE], self.scope.dialect)

    @cached_property
    def stages(self) -> CTE:
        """The stages of all pipelines, each with its place in its own."""
        return stage_table(self.pipelines)

    @cached_property
    def visits(self) -> CTE:
        """Every stay of the records, whether it began in the period, and how long it was."""
        source, dialect = self.scope.source(self.funnel.object.name), self.scope.dialect
        stay = self.scope.system.source(STAGE_CHANGE)
        of_record = stay.object.fields[self.funnel.object.name].column
        columns = stay.table.c
        began = and_(true(), *during(columns.entered_at, self.funnel.since, self.funnel.until, dialect))
        told = (
            source.table.c.id.label("id"),
            status_of(source, self.scope).label("status"),
            self._of_stage(columns, lambda at, _: at).label("place"),
            self._of_stage(columns, lambda _, stage: int(stage.closes != LOST)).label("onward"),
            case((began, _ONE), else_=_ZERO).label("began"),
            *self._lengths(columns.entered_at, columns.left_at),
        )
        joined = source.table.join(stay.table, columns[of_record] == source.table.c.id)
        rows = standing_rows(source, self.funnel.where, self.scope, columns=told, table=joined)
        return rows.where(columns.pipeline == self.wanted, self.scope.system.rows(stay)).cte("sm_visits")

    def _of_stage(self, stay: Any, told: Callable[[int, Stage], int]) -> ColumnElement[int]:
        """What is `told` of the place and the stage of a stay; null in a simple pipeline."""
        found = {
            text_literal(pipeline.name): case(
                {
                    text_literal(stage.name): integer_literal(told(at, stage))
                    for at, stage in enumerate(pipeline.stages)
                },
                value=stay.stage,
            )
            for pipeline in self.pipelines
            if pipeline.staged
        }
        return case(found, value=stay.pipeline) if found else cast(null(), Integer())

    def _lengths(self, entered: ColumnElement[Any], left: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """How long a stay was, where that is asked for: reading instants is what costs most."""
        if not self._timed:
            return []
        return [seconds_between(entered, left, self.scope.dialect).label("seconds")]

    @property
    def _timed(self) -> bool:
        listed = [
            each for item in self.funnel.items if isinstance(item, nodes.FunnelStages) for each in item.items
        ]
        return any(each.name in _DAYS for each in listed if isinstance(each, nodes.Fact))

    @property
    def _places(self) -> range:
        """The places that stages have, in whichever pipeline."""
        return range(max((len(each.stages) for each in self.pipelines), default=0))

    @cached_property
    def totals(self) -> FromClause:
        """One row: how many records there are, by where they stand now (`entered open won lost`), and of each
        place how many came there (`e0 …`) and further (`f0 …`).
        """
        record = self._records()
        began = record.c.began == _ONE
        counts = {
            "entered": began,
            **{name: and_(began, record.c.status == text_literal(name)) for name in (OPEN, WON, LOST)},
            **{f"e{at}": record.c[f"e{at}"] == _ONE for at in self._places},
            **{
                f"f{at}": and_(record.c[f"e{at}"] == _ONE, record.c.furthest > integer_literal(at))
                for at in self._places
            },
        }
        told = (func.count(case((each, _ONE))).label(name) for name, each in counts.items())
        return select(*told).select_from(record).subquery()

    def _records(self) -> FromClause:
        """One row for each record: where it came in the period, and how far at all."""
        visits = self.visits.c
        came = (
            func.max(case((visits.place == integer_literal(at), visits.began), else_=_ZERO)).label(f"e{at}")
            for at in self._places
        )
        furthest = func.max(case((visits.onward == _ONE, visits.place))).label("furthest")
        told = (func.max(visits.status).label("status"), func.max(visits.began).label("began"), furthest)
        return select(*told, *came).group_by(visits.id).subquery()

    def item(self, item: nodes.TypeName | nodes.Fact | nodes.FunnelStages) -> str | ColumnElement[str]:
        """One member of the funnel, on its totals."""
        totals = self.totals.c
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.FunnelStages(_, items):
                return self._stages(items).scalar_subquery()
            case nodes.Fact(_, "pipeline"):
                return quoted(cast(self.wanted, Text()))
            case nodes.Fact(_, "granularity"):
                return quoted(self._told(lambda pipeline: text_literal(pipeline.granularity)))
            case nodes.Fact(_, "label"):
                label = self._told(lambda pipeline: _spoken(pipeline.label))
                return json_string(label, self.scope.dialect)
            case nodes.Fact(_, "conversion"):
                return ratio_json(totals.won, totals.entered, 4, self.scope.dialect)
            case nodes.Fact(_, name):
                return count_json(totals[name])

    def _told(self, told: Any) -> ColumnElement[str]:
        found = [(self.wanted == text_literal(each.name), told(each)) for each in self.pipelines]
        return case(*found)

    def _stages(self, items: Sequence[nodes.TypeName | nodes.Fact]) -> Select[Any]:
        """All stages of the pipeline, in order, entered or not."""
        table: FromClause = self.stages
        stays = self._stays() if self._timed else self.stages
        if self._timed:
            table = table.outerjoin(stays, stays.c.place == self.stages.c.place)
        entry = object_of([(each.key, self._stage_fact(each, self.stages, stays)) for each in items])
        rows = select(entry.label("entry"), self.stages.c.place.label("place")).select_from(table)
        rows = rows.where(self.stages.c.pipeline == self.wanted).correlate(self.totals)
        return array_of(rows, "entry", ("place",), self.scope.dialect)

    def _at(self, stages: FromClause, what: str) -> ColumnElement[Any]:
        """The number of that kind at the place of each stage."""
        found = {integer_literal(at): self.totals.c[f"{what}{at}"] for at in self._places}
        return case(found, value=stages.c.place) if found else _ZERO

    def _stays(self) -> FromClause:
        """By stage: twice the median of the seconds that stays took, their sum and number."""
        visits = self.visits.c
        ended = and_(visits.began > _ZERO, visits.seconds.is_not(None))
        number = func.row_number().over(partition_by=visits.place, order_by=visits.seconds)
        ranked = select(visits.place, visits.seconds, number.label("number")).where(ended).subquery()
        size = func.count(literal_column("*")).label("size")
        sized = select(visits.place, size).where(ended).group_by(visits.place).subquery()
        middle = (
            case((ranked.c.number == at, ranked.c.seconds), else_=_ZERO)
            for at in ((sized.c.size + _ONE) // _TWO, sized.c.size // _TWO + _ONE)
        )
        lower, upper = (func.sum(each) for each in middle)
        return (
            select(
                ranked.c.place,
                cast(lower + upper, BigInteger()).label("middle"),
                cast(func.sum(ranked.c.seconds), BigInteger()).label("seconds"),
                func.count(literal_column("*")).label("number"),
            )
            .select_from(ranked.join(sized, sized.c.place == ranked.c.place))
            .group_by(ranked.c.place)
            .subquery()
        )

    def _stage_fact(
        self, item: nodes.TypeName | nodes.Fact, stages: FromClause, stays: FromClause
    ) -> str | ColumnElement[str]:
        dialect = self.scope.dialect
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.Fact(_, "stage"):
                return quoted(stages.c.stage)
            case nodes.Fact(_, "label"):
                return json_string(self._label(stages), dialect)
            case nodes.Fact(_, "entered"):
                return count_json(self._at(stages, "e"))
            case nodes.Fact(_, "passed"):
                return case((stages.c.closes == _ONE, NULL_JSON), else_=count_json(self._at(stages, "f")))
            case nodes.Fact(_, "conversion"):
                ratio = ratio_json(self._at(stages, "f"), self._at(stages, "e"), 4, dialect)
                return case((stages.c.closes == _ONE, NULL_JSON), else_=ratio)
            case nodes.Fact(_, "medianDays"):
                return ratio_json(stays.c.middle, integer_literal(2 * _DAY), 2, dialect)
            case nodes.Fact():
                return ratio_json(stays.c.seconds, stays.c.number * integer_literal(_DAY), 2, dialect)

    def _label(self, stages: FromClause) -> ColumnElement[str]:
        at = Standing(stages.c.pipeline, stages.c.stage, stages.c.stage)
        staged = [each for each in self.pipelines if each.staged]
        found = told_of(staged, at, lambda stage: _spoken(stage.label)) if staged else stages.c.stage
        return func.coalesce(found, stages.c.stage, type_=Text())


def _spoken(label: Label) -> ColumnElement[str]:
    """In the caller's language, which is no part of a plan."""
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)
