"""Ids that are the same in every run: UUIDv7 from a moment and seeded chance."""

from datetime import datetime
from random import Random
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def uuid7(at: datetime, random: Random) -> str:
    """A UUIDv7 of the millisecond `at`, lower-case with hyphens."""
    milliseconds = int(at.timestamp() * 1000)
    chance = random.getrandbits(74)
    bits = milliseconds << 80 | _VERSION | (chance >> 62) << 64 | _VARIANT | chance & (1 << 62) - 1
    return str(UUID(int=bits))
