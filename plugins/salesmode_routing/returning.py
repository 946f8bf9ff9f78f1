"""Records come back into a pool, and may go on at once: most of what one gives up another one signs (D10)."""

from collections.abc import Sequence

from salesmode.hookspecs import Desk, UnitOf
from salesmode_routing.assigning import route
from salesmode_routing.filing import file
from salesmode_routing.moves import Move


def bring_back(desk: Desk, object_: str, moves: Sequence[Move]) -> UnitOf[None]:
    """The records lie in their pools, or are somebody's whom a rule for that occasion has found: never the
    owner's from whom they come.
    """
    yield from file(desk, object_, moves)
    avoiding = {each.record: each.from_user for each in moves}
    yield from route(desk, object_, [*avoiding], "pool", avoiding)
