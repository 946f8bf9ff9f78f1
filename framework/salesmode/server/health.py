"""Whether the process lives, whether it can serve, and whether timed work is done."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse

from salesmode.database.unit import Step
from salesmode.server.work_state import WorkState

_LATE = 900  # seconds after which nobody seems to work


class Health:
    """`/health/live`, `/health/ready` and `/health/work`."""

    def __init__(self, work: WorkState) -> None:
        self._work = work

    async def live(self, _: Request) -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _: Request) -> JSONResponse:
        """The database answers; 503 where it does not."""
        try:
            await self._work.database.fetch(Step("SELECT 1", ()))
        except Exception:
            return JSONResponse({"status": "no database"}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def work(self, _: Request) -> JSONResponse:
        """How late timed work is, how many events wait and since when, and how many were given up; 503 where
        no worker ever began, or something waits so long that nobody seems to work.
        """
        try:
            seen = await self._work.look(datetime.now(UTC))
        except Exception:
            return JSONResponse({"status": "no database"}, status_code=503)
        late = max(seen.late.values(), default=0.0)
        waits = max((each.waits for each in seen.outbox), default=0.0)
        status = "late" if max(late, waits) > _LATE else "working" if seen.begun else "never begun"
        found = {
            "status": status,
            "late_seconds": late,
            "waiting": sum(each.waiting for each in seen.outbox),
            "waiting_seconds": waits,
            "given_up": sum(each.dead for each in seen.outbox),
        }
        return JSONResponse(found, status_code=200 if status == "working" else 503)
