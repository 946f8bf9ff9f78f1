"""What the two kinds of documents say: `match_rule` and `ruling_rule` as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.label import Label

Likeness = Literal[
    "phone", "email", "account", "registration", "company", "person", "address", "date", "text"
]
LIKENESSES: tuple[Likeness, ...] = (
    "phone",
    "email",
    "account",
    "registration",
    "company",
    "person",
    "address",
    "date",
    "text",
)
"""How values are compared."""

TELLING: tuple[Likeness, ...] = ("phone", "email", "account", "registration", "company", "address")
"""Whose values are rare enough to be looked up alone."""

OnCreate = Literal["block", "warn", "link"]
Keep = Literal["survivor", "filled", "oldest", "newest", "highest", "lowest", "longest", "all"]

Survivor = Literal["oldest", "newest", "fullest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One thing that two records are compared by: the best likeness of any of the `fields` of one with any of
    those of the other.

    `points`: what full agreement adds to the score; `against`: what a contradiction takes away. Where one of
    the records has no value it does neither.
    """

    name: str
    fields: tuple[str, ...]
    likeness: Likeness
    points: int
    against: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRule:
    """When two records of `object` are the same: a score of `likely` makes a pair to look at, one of
    `certain` a duplicate.

    `blocks`: names of comparisons whose values, equal together, make two records worth comparing. `region`:
    of telephone numbers without a country code. `link`: a field that gets the earlier record.
    """

    name: str
    label: Label
    object: str
    compare: tuple[Comparison, ...]
    blocks: tuple[tuple[str, ...], ...]
    likely: int
    certain: int
    region: str = ""
    where: Condition = ALWAYS
    on_likely: OnCreate | None = None
    on_certain: OnCreate | None = None
    link: str | None = None
    survivor: Survivor = "oldest"
    keep: Mapping[str, Keep] | None = None
    ask: Label | None = None
    ask_owner: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are compared, each once."""
        return tuple(dict.fromkeys(name for each in self.compare for name in each.fields))

    def on_create(self, certain: bool) -> OnCreate | None:
        """What happens to a new record that is like another one."""
        return self.on_certain if certain else self.on_likely

    def does(self, action: OnCreate) -> bool:
        """Whether it ever does that to a new record."""
        return action in (self.on_likely, self.on_certain)


Ground = Literal["manual", "registered", "first_contact", "last_follow_up"]
GROUNDS: tuple[Ground, ...] = ("manual", "registered", "first_contact", "last_follow_up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One ground on which a record is somebody's (D72).

    `manual`: who the latest manual claim names. `registered`: who stands in `field` of the record, or else in
    the earliest registration. `first_contact`: who had the first activity, if that is not longer ago than
    `within`. `last_follow_up`: who had the last one. Activities count `where` it says. `share`: per cent of
    the credit.
    """

    name: str
    ground: Ground
    share: int = 0
    field: str | None = None
    within: timedelta | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRule:
    """Whose a record of `object` is: the first clause that names somebody decides; credit goes by the
    clauses' shares, and what nobody gets is the owner's. `decided`: a date of the record at which the facts
    are looked at. `roles`: who may rule and may claim by hand. `register`: who else may claim for themselves
    as registered; None: whoever sees the record.
    """

    name: str
    label: Label
    object: str
    clauses: tuple[Clause, ...]
    roles: frozenset[str]
    register: frozenset[str] | None = None
    decided: str | None = None
    set_owner: bool = False
