"""A small app with jobs and webhooks, and workers whose clock is moved by hand."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from salesmode.database.unit import Step
from salesmode.jobs import Settings, Worker
from tests.support.small_api import SmallApi, small_api

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

CUSTOMER = """
kind: object
name: customer
owned: true
activities: true
fields:
  name: {type: text, required: true}
  grade: {type: choice, options: [a, b, c]}
  score: {type: integer}
  next_follow_up: {type: datetime}
  parent: {type: reference, to: customer}
validations:
  - {name: no_c_with_score, when: {grade: c}, must: {score: {isNull: true}}, message: C has no score}
"""
DEAL = """
kind: object
name: deal
fields:
  name: {type: text, required: true}
  customer: {type: reference, to: customer}
  reason: {type: text}
---
kind: pipeline
name: selling
object: deal
granularity: staged
customer: customer
stages:
  - {name: talk}
  - {name: offer}
  - {name: won, closes: won}
  - {name: lost, closes: lost, entry: {required: [reason]}}
"""


@dataclass
class Crm:
    """The app, and its clock."""

    api: SmallApi
    now: datetime = NOON
    variables: dict[str, str] = field(default_factory=dict)

    def worker(self, within: float = 10.0) -> Worker:
        settings = Settings(
            private=True,
            variables=self.variables,
            clock=lambda: self.now,
            chance=lambda: 0.5,
            within=within,
        )
        return Worker(self.api.tables, self.api.database, settings)

    async def new(self, object_name: str, **values: object) -> str:
        return await self.api.new(object_name, **values)

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(each) for each in await self.api.database.fetch(Step(sql, ()))]

    async def days(self, number: int, *workers: Worker) -> list[int]:
        """What the workers did on each of so many days, looking every eight hours."""
        counts = []
        for _ in range(number):
            counts.append(0)
            for _ in range(3):
                self.now += timedelta(hours=8)
                counts[-1] += sum([await each.timetable.run() for each in workers])
        return counts


@asynccontextmanager
async def crm(
    url: str, *documents: str, variables: Mapping[str, str] | None = None, app: str = ""
) -> AsyncIterator[Crm]:
    """The app of these documents, with the clock at noon; `app`: more keys of its own."""
    async with small_api(url, CUSTOMER, DEAL, *documents, app=app) as api:
        yield Crm(api, variables=dict(variables or {}))
