"""What may be set about a server; the defaults are those that are documented."""

from dataclasses import dataclass

from salesmode.graph.limits import DEFAULT, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`max_body`: bytes of a request. `limits`: of what one request may ask for."""

    max_body: int = 1024 * 1024
    limits: Limits = DEFAULT


DEFAULTS = Settings()
