"""What stands against a claim: who claims, how many a day and at a time, and who had the record before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from salesmode.hookspecs import Desk, Problem, UnitOf
from salesmode.model.condition import Compare, Literal, both
from salesmode_routing.moves import LEFT_AN_OWNER, MOVES
from salesmode_routing.pools import Pool, holders
from salesmode_routing.reading import OWNER
from salesmode_routing.texts import moment, problem


def against_claiming(desk: Desk, pool: Pool, record: str, user: str) -> UnitOf[list[Problem]]:
    """All of it at once. The user's row is locked, so that two claims of one user count each other."""
    found = [*against_role(desk, pool, pool.claim.roles)]
    found += yield from _per_day(desk, pool, user)
    found += yield from _held(desk, pool, user)
    found += yield from _cooling(desk, pool, record, user)
    return found


def against_role(desk: Desk, pool: Pool, roles: frozenset[str]) -> Iterator[Problem]:
    """None for the system, which has no roles to ask for."""
    if desk.caller.id is not None and not holders(desk.model, roles) & desk.caller.roles:
        yield problem("id", "role", pool=pool.label)


def _per_day(desk: Desk, pool: Pool, user: str) -> UnitOf[list[Problem]]:
    most = pool.claim.per_day
    if most is None:
        return []
    begin, end = day_of(desk.now, desk.model.app.timezone)
    where = {"action": "claim", "actor": user, "pool": pool.name, "at": {"gte": begin}}
    claimed = (yield from desk.count(MOVES, where=where)).get((), 0)
    free = moment(desk.model, end)
    return [problem("id", "per_day", most=most, free=free)] if claimed >= most else []


def day_of(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """The day of the app's time zone in which `now` lies: its beginning, and that of the next one."""
    today = now.astimezone(ZoneInfo(timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return today.astimezone(UTC), (today + timedelta(days=1)).astimezone(UTC)


def _held(desk: Desk, pool: Pool, user: str) -> UnitOf[list[Problem]]:
    most = pool.claim.hold
    if most is None:
        return []
    where = both(Compare(OWNER, "eq", Literal(user)), pool.claim.holding)
    rows = yield from desk.read(pool.object, (), where=where, first=most)
    return [problem("id", "hold", most=most, have=len(rows))] if len(rows) >= most else []


def _cooling(desk: Desk, pool: Pool, record: str, user: str) -> UnitOf[list[Problem]]:
    if pool.claim.cool_down is None:
        return []
    since = desk.now - pool.claim.cool_down
    where = {
        "object": pool.object,
        "record": record,
        "from_user": user,
        "action": {"in": LEFT_AN_OWNER},
        "at": {"gt": since},
    }
    left = yield from desk.read(MOVES, ("at",), where=where, order=("-at",), first=1)
    return [
        problem("id", "cool_down", free=moment(desk.model, each["at"] + pool.claim.cool_down))
        for each in left
    ]
