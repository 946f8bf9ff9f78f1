"""What whoever asks may be told: which objects they know, and how many of some records they see."""

from collections.abc import Sequence

from salesmode.hookspecs import Desk, Refusal, UnitOf
from salesmode_routing.portions import portions


def known(desk: Desk, object_: str) -> UnitOf[bool]:
    """Whether the caller may read records of it; not where there is no such object."""
    if object_ not in desk.model.objects:
        return False
    try:
        yield from desk.as_caller().read(object_, (), ids=())
    except Refusal:
        return False
    return True


def seen(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[int]:
    """How many of these records the caller sees."""
    if not (yield from known(desk, object_)):
        return 0
    count = 0
    for some in portions(ids):
        count += len((yield from desk.as_caller().read(object_, (), ids=[*some])))
    return count
