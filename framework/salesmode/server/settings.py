"""What may be set about a server; the defaults are those that are documented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from salesmode.graph.limits import DEFAULT, Limits


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`max_body`: bytes of a request, or of a message. `limits`: of what one request may ask for.

    `batch`: requests in one body. `rate`, `burst`: operations of one user in one process, a second and at
    once; None for any number. `statement_timeout`: seconds that one statement may take.
    `key_set`: where the public keys of tokens are; `issuer`, `audience`: what tokens have to name.
    `heartbeat`: seconds after which a silent subscription is looked after. `slow`: seconds that a client may
    take to accept one answer. `init_within`: seconds until a WebSocket must be initialised. `operations`: at
    once on one WebSocket. `origins`: of pages on other sites that browsers let ask (CORS); `*` for all.
    `metrics`: whether `/metrics` is served, to everybody. `clock`: the moment that requests take as now.
    """

    max_body: int = 1024 * 1024
    limits: Limits = DEFAULT
    batch: int = 1
    rate: float | None = None
    burst: float | None = None
    statement_timeout: float = 5.0
    key_set: str | None = None
    issuer: str | None = None
    audience: str | None = None
    heartbeat: float = 12.0
    slow: float = 10.0
    init_within: float = 10.0
    operations: int = 100
    origins: tuple[str, ...] = ()
    metrics: bool = False
    clock: Callable[[], datetime] = _now


DEFAULTS = Settings()
