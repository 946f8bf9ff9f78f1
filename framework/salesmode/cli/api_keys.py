"""The keys of an app's API: made, shown and taken back in its database."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

import orjson
from rich.table import Table

from salesmode.cli.faults import Fault, usage
from salesmode.cli.project import filled
from salesmode.cli.terminal import console
from salesmode.database.driver import UnitOf
from salesmode.diagnostics import did_you_mean
from salesmode.model.app import Model
from salesmode.server.api_key_rows import ApiKey, ApiKeyRows
from salesmode.tables import tables_of

T = TypeVar("T")

_ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class AppKeys:
    """The keys in one database."""

    model: Model
    url: str

    def make(
        self, user: str, *, name: str | None, roles: Sequence[str] | None, expires_at: datetime | None
    ) -> str:
        """A new key; a Fault where there is no such user, wrong usage where there is no such role."""
        known = (_ADMIN, *self.model.roles)
        for role in roles or ():
            if role not in known:
                raise usage(f"there is no role '{role}'", hint=did_you_mean(role, known))
        key = self._run(lambda rows: rows.made(user, name=name, roles=roles, expires_at=expires_at))
        if key is None:
            raise Fault(f"there is no user '{user}'")
        return key

    def revoke(self, prefix: str) -> None:
        """Take a key back; a Fault where there is none that still holds."""
        if not self._run(lambda rows: rows.revoked(prefix)):
            raise Fault(f"there is no key '{prefix}' to take back", hint="salesmode token --list")

    def all(self) -> list[ApiKey]:
        """Every key that was made, the newest first."""
        return self._run(_listed)

    def _run(self, unit: Callable[[ApiKeyRows], UnitOf[T]]) -> T:
        async def run() -> T:
            async with filled(self.url) as database:
                rows = ApiKeyRows(tables_of(self.model, database.dialect))
                return await database.run(lambda: unit(rows))

        return asyncio.run(run())


def _listed(rows: ApiKeyRows) -> UnitOf[list[ApiKey]]:
    found = yield rows.listing()
    return [rows.key(each) for each in found]


def print_keys(keys: Iterable[ApiKey], *, as_json: bool) -> None:
    """What is known of keys, but for their hashes."""
    shown = [{name: value for name, value in asdict(each).items() if name != "hash"} for each in keys]
    if as_json:
        console.print(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("key", "user", "name", "roles", "made", "ends", "last used", "revoked", box=None)
    for each in shown:
        days = [each[name] for name in ("created_at", "expires_at", "last_used_at", "revoked_at")]
        named = [str(each["user"] or "(deleted)"), str(each["name"] or ""), ", ".join(each["roles"] or ())]
        table.add_row(str(each["prefix"]), *named, *(f"{day:%Y-%m-%d}" if day else "" for day in days))
    console.print(table)
