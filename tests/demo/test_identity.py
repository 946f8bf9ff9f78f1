from datetime import UTC, datetime
from random import Random
from uuid import RFC_4122, UUID

from salesmode.demo.identity import uuid7

AT = datetime(2026, 6, 15, 4, 0, 0, 123000, tzinfo=UTC)


def test_ids_are_version_7_and_hold_the_moment() -> None:
    found = UUID(uuid7(AT, Random(1)))
    assert (found.version, found.variant) == (7, RFC_4122)
    assert found.int >> 80 == int(AT.timestamp() * 1000)


def test_the_same_chance_gives_the_same_ids_and_they_differ_among_themselves() -> None:
    first, second = Random(1), Random(1)
    ids = [uuid7(AT, first) for _ in range(1000)]
    assert ids == [uuid7(AT, second) for _ in range(1000)]
    assert len(set(ids)) == 1000
