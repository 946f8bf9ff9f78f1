"""Health and metrics say what waits for workers, and for how long."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from salesmode.jobs import Settings as WorkerSettings, Worker
from salesmode.server.application import application
from salesmode.server.settings import Settings
from tests.jobs.crm import Crm, crm
from tests.jobs.process import HOOK, REMIND

pytestmark = pytest.mark.anyio


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[Crm]:
    async with crm(database_url, REMIND, HOOK) as found:
        yield found


def client(found: Crm, *, metrics: bool = True) -> httpx.AsyncClient:
    tables, settings = found.api.tables, Settings(metrics=metrics)
    served = application(tables.model, found.api.database, secret="s" * 32, settings=settings)
    return httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://crm")


def worker(found: Crm, now: datetime) -> Worker:
    settings = WorkerSettings(variables={}, clock=lambda: now)
    return Worker(found.api.tables, found.api.database, settings)


async def test_health_says_whether_somebody_works(app: Crm) -> None:
    now = datetime.now(UTC)
    async with client(app) as ask:
        never = await ask.get("/health/work")
        assert (never.status_code, never.json()["status"]) == (503, "never begun")
        await worker(app, now).timetable.begin()
        working = await ask.get("/health/work")
        assert working.status_code == 200
        nothing = {"late_seconds": 0.0, "waiting": 0, "waiting_seconds": 0.0, "given_up": 0}
        assert working.json() == {"status": "working", **nothing}


async def test_what_nobody_does_is_told(app: Crm) -> None:
    now = datetime.now(UTC)
    await worker(app, now - timedelta(days=2)).timetable.begin()
    await app.new("customer", name="C")
    async with client(app) as ask:
        late = await ask.get("/health/work")
        assert (late.status_code, late.json()["status"]) == (503, "late")
        assert late.json()["waiting"] == 1
        assert late.json()["waiting_seconds"] > 0
        text = (await ask.get("/metrics")).text
    assert 'salesmode_outbox_waiting{listener="webhook erp"} 1.0' in text
    assert 'salesmode_outbox_given_up{listener="webhook erp"} 0.0' in text
    assert 'salesmode_work_late_seconds{work="job remind"}' in text
    assert "process_resident_memory_bytes" in text


async def test_metrics_are_served_where_one_wants_them(app: Crm) -> None:
    async with client(app, metrics=False) as ask:
        assert (await ask.get("/metrics")).status_code == 404
