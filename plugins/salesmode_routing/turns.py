"""Whose turn it is: four ways to choose one of several contenders, and what has to be remembered for the next
time. Equal contenders at an equal table give an equal choice; ties are broken by the users' ids.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

UNIT = 10**15
"""One record, as credits are counted: whole numbers, so that nothing is lost between two requests."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who fits. `weight` is the share among all (0: none); `capacity`: the most records at a time
    (None: any number); `score`: points, where candidates are weighed.
    """

    user: str
    weight: int = 1
    capacity: int | None = None
    score: Decimal = Decimal(0)


@dataclass
class Table:
    """What one rule remembers of each user, while records are given away one by one: the number of the last
    turn (none yet: 0), by how much less than the due share was given (`credits`, in `UNIT`s), and how many
    records there were (`loads`); `given`: what was given away since, by this rule and those beside it.
    """

    turns: dict[str, int] = field(default_factory=dict)
    credits: dict[str, int] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    _turn: int | None = None

    def load(self, user: str) -> int:
        return self.loads.get(user, 0) + self.given[user]

    def full(self, contender: Contender) -> bool:
        return contender.capacity is not None and self.load(contender.user) >= contender.capacity

    def book(self, chosen: str) -> None:
        """Turns are counted on over all requests."""
        if self._turn is None:
            self._turn = max(self.turns.values(), default=0)
        self._turn += 1
        self.turns[chosen] = self._turn
        self.given[chosen] += 1


Choose = Callable[[Sequence[Contender], Table], Contender]


def round_robin(contenders: Sequence[Contender], table: Table) -> Contender:
    """Who has waited longest for a turn; a newcomer is first once, and never has to catch up."""
    return min(contenders, key=lambda each: _waiting(each, table))


def least_load(contenders: Sequence[Contender], table: Table) -> Contender:
    """Who has the fewest records; of several, who has waited longest."""
    return min(contenders, key=lambda each: (table.load(each.user), *_waiting(each, table)))


def best_score(contenders: Sequence[Contender], table: Table) -> Contender:
    """Who has the most points; of several, who has waited longest."""
    return min(contenders, key=lambda each: (-each.score, *_waiting(each, table)))


def weighted(contenders: Sequence[Contender], table: Table) -> Contender:
    """Who is due next, so that after any number of records nobody is a whole record away from the exact share
    (Tijdeman's rule for chairmen: of those who may be chosen, the one whose deadline comes first).
    """
    total = sum(each.weight for each in contenders)
    slack = UNIT // (2 * len(contenders) - 2) if len(contenders) > 1 else 0
    chosen, best = contenders[0], (2, 0.0)
    for each in contenders:
        due = table.credits.get(each.user, 0) + UNIT * each.weight // total
        table.credits[each.user] = due
        rank = (0, (UNIT - slack - due) / each.weight) if due >= slack else (1, -due)
        if rank < best:
            chosen, best = each, rank
    table.credits[chosen.user] -= UNIT
    return chosen


def _waiting(contender: Contender, table: Table) -> tuple[int, str]:
    return (table.turns.get(contender.user, 0), contender.user)


STRATEGIES: Mapping[str, Choose] = {
    "round_robin": round_robin,
    "weighted": weighted,
    "least_load": least_load,
    "score": best_score,
}


def give(strategy: str, contenders: Sequence[Contender], table: Table) -> Contender | None:
    """One record to one of those who have room, remembered in the table; None where nobody has."""
    able = [each for each in contenders if not table.full(each)]
    if strategy == "weighted":
        able = [each for each in able if each.weight]
    if not able:
        return None
    chosen = STRATEGIES[strategy](able, table)
    table.book(chosen.user)
    return chosen
