"""Keys of the API as rows of `sm_api_key`: made, found, listed, taken back."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.condition import Argument
from salesmode.records.binding import one
from salesmode.tables import Tables
from salesmode.tables.engine import plain_field

START = "smk_"
NOTED_EVERY = timedelta(minutes=1)

_KINDS = {
    "prefix": "text",
    "hash": "text",
    "user_id": "id",
    "name": "text",
    "roles": "text",
    "created_at": "datetime",
    "expires_at": "datetime",
    "revoked_at": "datetime",
    "last_used_at": "datetime",
}
_PREFIX_BYTES = 5
_SECRET_BYTES = 32  # so many random bytes need no slow hash
_KEY = re.compile(rf"{START}[0-9a-f]{{{2 * _PREFIX_BYTES}}}_[\w-]+", re.ASCII)
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key, without what signs in. `user`: the login name, None where the user is deleted."""

    prefix: str
    hash: str
    name: str | None
    roles: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    user: str | None

    def good_at(self, now: datetime) -> bool:
        """Whether it signs in its user then."""
        ended = self.expires_at is not None and self.expires_at <= now
        return self.user is not None and self.revoked_at is None and not ended


def prefix_of(key: str) -> str | None:
    """The part of a key that names it; None for what was never a key."""
    return key[: key.index("_", len(START))] if _KEY.fullmatch(key) else None


def hash_of(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyRows:
    """The statements of one database."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._dialect = tables.dialect
        self._key = tables.api_key
        self._user = tables.table("user")

    def made(
        self, user: str, *, name: str | None, roles: Sequence[str] | None, expires_at: datetime | None
    ) -> UnitOf[str | None]:
        """A new key of the user with that login name, told this once; None where there is no such user."""
        found = yield self._step(self._user_statement, {"name": user})
        if not found:
            return None
        prefix = f"{START}{secrets.token_hex(_PREFIX_BYTES)}"
        key = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        row = dict.fromkeys(_KINDS) | {"prefix": prefix, "hash": hash_of(key), "user_id": found[0][0]}
        row |= {"name": name, "created_at": datetime.now(UTC), "expires_at": expires_at}
        row["roles"] = None if roles is None else orjson.dumps(list(roles)).decode()
        yield self._step(self._insertion, row)
        return key

    def revoked(self, prefix: str) -> UnitOf[bool]:
        """Take a key back; whether there was one that still held."""
        now = datetime.now(UTC)
        rows = yield self._step(self._revocation, {"prefix": prefix, "revoked_at": now})
        return bool(rows)

    def noted(self, prefix: str, now: datetime) -> UnitOf[None]:
        """That it was used, if that was not noted lately."""
        row = {"prefix": prefix, "last_used_at": now, "before": now - NOTED_EVERY}
        yield self._step(self._note, row)

    def finding(self, prefix: str) -> Step:
        """Asks for the key of that name."""
        return self._step(self._one, {"prefix": prefix})

    def listing(self) -> Step:
        """Asks for all keys, the newest first."""
        return self._step(self._all, {})

    def key(self, row: Sequence[Any]) -> ApiKey:
        """What `finding` and `listing` answer with, row by row."""
        values = dict(zip((*_KINDS, "user"), row, strict=True))
        del values["user_id"]
        for name, kind in _KINDS.items():
            if kind == "datetime" and values[name] is not None:
                values[name] = field_type(kind).decode(plain_field(kind), values[name], self._dialect)
        roles = values.pop("roles")
        return ApiKey(**values, roles=None if roles is None else tuple(orjson.loads(roles)))

    def _step(self, statement: Statement, row: Mapping[str, object]) -> Step:
        return one(statement, row, Environment({}, {}, datetime.now(UTC), _UTC))

    def _slot(self, name: str, column: str | None = None) -> sa.BindParameter[Any]:
        return slot_of(Argument((name,)), plain_field(_KINDS[column or name]), self._dialect)

    def _rendered(self, clause: Any) -> Statement:
        return render(clause, self._dialect)

    @property
    def _select(self) -> sa.Select[Any]:
        """Keys with the login names of their users; a user that is deleted has none."""
        key, user = self._key, self._user
        there = (user.c.id == key.c.user_id) & user.c.deleted_at.is_(None)
        columns = [key.c[each] for each in _KINDS]
        return sa.select(*columns, user.c.name.label("login")).select_from(
            key.join(user, there, isouter=True)
        )

    @cached_property
    def _one(self) -> Statement:
        return self._rendered(self._select.where(self._key.c.prefix == self._slot("prefix")))

    @cached_property
    def _all(self) -> Statement:
        return self._rendered(self._select.order_by(self._key.c.created_at.desc(), self._key.c.prefix))

    @cached_property
    def _user_statement(self) -> Statement:
        living = (self._user.c.name == self._slot("name"), self._user.c.deleted_at.is_(None))
        return self._rendered(sa.select(self._user.c.id).where(*living))

    @cached_property
    def _insertion(self) -> Statement:
        return self._rendered(sa.insert(self._key).values({each: self._slot(each) for each in _KINDS}))

    @cached_property
    def _revocation(self) -> Statement:
        living = (self._key.c.prefix == self._slot("prefix"), self._key.c.revoked_at.is_(None))
        update = sa.update(self._key).where(*living).values(revoked_at=self._slot("revoked_at"))
        return self._rendered(update.returning(self._key.c.prefix))

    @cached_property
    def _note(self) -> Statement:
        used = self._key.c.last_used_at
        due = used.is_(None) | (used <= self._slot("before", "last_used_at"))
        update = sa.update(self._key).where(self._key.c.prefix == self._slot("prefix"), due)
        return self._rendered(update.values(last_used_at=self._slot("last_used_at")))
