"""A funnel as SQL (D14): how many records of a pipeline entered each stage, how many came further, and how
long they stayed.

It is about the records that entered a place of the pipeline within the period: those are `entered`, and where
they stand now is `open`, `won` or `lost`. Of those that entered a stage within the period, those `passed`
that have ever reached a later one that is not lost. Days are of stays that began in the period and have
ended. A stay is seen with its record, where that tells where it stands, so only records are asked for rights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)

from salesmode.access.scope import PolicyScope
from salesmode.database.statement import slot_from
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.sql import NULL_JSON, integer_literal, json_string, quoted, text_literal
from salesmode.model.label import Label
from salesmode.model.pipeline import LOST, OPEN, PIPELINE, STAGE_CHANGE, WON, Pipeline
from salesmode.pipelines.expected import Standing, told_of
from salesmode.queries import nodes
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.numbers import count_json, ratio_json
from salesmode.queries.periods import during, seconds_between
from salesmode.queries.stage_table import stage_table
from salesmode.queries.standing_rows import standing_rows, status_of

_DAY = 24 * 60 * 60
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
            self.stages.c.place,
            self.stages.c.onward,
            case((began, _ONE), else_=_ZERO).label("began"),
            seconds_between(columns.entered_at, columns.left_at, dialect).label("seconds"),
        )
        within = and_(self.stages.c.pipeline == columns.pipeline, self.stages.c.stage == columns.stage)
        joined = source.table.join(stay.table, columns[of_record] == source.table.c.id)
        joined = joined.outerjoin(self.stages, within)
        rows = standing_rows(source, self.funnel.where, self.scope, columns=told, table=joined)
        return rows.where(columns.pipeline == self.wanted, self.scope.system.rows(stay)).cte("visits")

    @cached_property
    def totals(self) -> FromClause:
        """One row: how many records there are, by where they stand now."""
        visits = self.visits.c
        records = select(visits.id, visits.status).where(visits.began == _ONE).distinct().subquery()
        counts = {
            name: func.count(case((records.c.status == text_literal(name), _ONE)))
            for name in (OPEN, WON, LOST)
        }
        told = [each.label(name) for name, each in counts.items()]
        return select(func.count(literal_column("*")).label("entered"), *told).select_from(records).subquery()

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
        stages, came = self.stages, self._came()
        joined: FromClause = stages.outerjoin(came, came.c.place == stages.c.place)
        stays = self._stays()
        timed = any(item.name in ("medianDays", "meanDays") for item in items if isinstance(item, nodes.Fact))
        if timed:
            joined = joined.outerjoin(stays, stays.c.place == stages.c.place)
        entry = object_of([(each.key, self._stage_fact(each, stages, came, stays)) for each in items])
        rows = select(entry.label("entry"), stages.c.place.label("place")).select_from(joined)
        rows = rows.where(stages.c.pipeline == self.wanted)
        return array_of(rows, "entry", ("place",), self.scope.dialect)

    def _came(self) -> FromClause:
        """By stage: how many records entered it, and how many of these came further."""
        visits, stays = self.visits.c, (self.visits.c.id, self.visits.c.place)
        furthest = func.max(func.max(case((visits.onward == _ONE, visits.place))))
        reached = furthest.over(partition_by=visits.id).label("furthest")
        records = select(*stays, func.max(visits.began).label("began"), reached).group_by(*stays).subquery()
        onward = and_(records.c.began == _ONE, records.c.furthest > records.c.place)
        return (
            select(
                records.c.place,
                func.sum(records.c.began).label("entered"),
                func.count(case((onward, _ONE))).label("passed"),
            )
            .group_by(records.c.place)
            .subquery()
        )

    def _stays(self) -> FromClause:
        """By stage: twice the median of the seconds that stays took, their sum and number."""
        visits = self.visits.c
        number = func.row_number().over(partition_by=visits.place, order_by=visits.seconds)
        size = func.count(literal_column("*")).over(partition_by=visits.place)
        ended = visits.seconds.is_not(None)
        columns = (visits.place, visits.seconds, number.label("number"), size.label("size"))
        ranked = select(*columns).where(visits.began == _ONE, ended).subquery()
        middle = (
            case((ranked.c.number == at, ranked.c.seconds), else_=_ZERO)
            for at in ((ranked.c.size + _ONE) // _TWO, ranked.c.size // _TWO + _ONE)
        )
        lower, upper = (func.sum(each) for each in middle)
        return (
            select(
                ranked.c.place,
                cast(lower + upper, BigInteger()).label("middle"),
                cast(func.sum(ranked.c.seconds), BigInteger()).label("seconds"),
                func.count(literal_column("*")).label("number"),
            )
            .group_by(ranked.c.place)
            .subquery()
        )

    def _stage_fact(
        self, item: nodes.TypeName | nodes.Fact, stages: FromClause, came: FromClause, stays: FromClause
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
                return count_json(came.c.entered)
            case nodes.Fact(_, "passed"):
                return case((stages.c.closes == _ONE, NULL_JSON), else_=count_json(came.c.passed))
            case nodes.Fact(_, "conversion"):
                ratio = ratio_json(came.c.passed, came.c.entered, 4, dialect)
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
