"""Whether the process lives, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from salesmode.database.driver import Database
from salesmode.database.unit import Step


class Health:
    """`/health/live` and `/health/ready`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def live(self, _: Request) -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _: Request) -> JSONResponse:
        """The database answers; 503 where it does not."""
        try:
            await self._database.fetch(Step("SELECT 1", ()))
        except Exception:
            return JSONResponse({"status": "no database"}, status_code=503)
        return JSONResponse({"status": "ready"})
