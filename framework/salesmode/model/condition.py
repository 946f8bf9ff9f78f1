"""The nodes of a condition: a typed, checked tree with names resolved; SQL is made of it in `conditions`.

Values are canonical Python: text `str`, integers `int`, exact numbers `Decimal`, `bool`, `date`, aware UTC
`datetime`, options `str`, ids and references lower-case hyphened UUID `str`, lists `tuple`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the metadata or in the text of a request."""

    value: object


@dataclass(frozen=True, slots=True)
class UserValue:
    """`$user.NAME`: `id team teams territories roles` or any field of the user's own record (RULING 47)."""

    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """`$now - 48h`, `$today + 30d`, `$quarter_start` …: `base` without the dollar, `amount` of `unit` (y q mo
    w d h).
    """

    base: str
    amount: int = 0
    unit: str = "d"


@dataclass(frozen=True, slots=True)
class RowValue:
    """`$row.FIELD`: another field of the row the whole condition is about (RULING 47)."""

    field: str


@dataclass(frozen=True, slots=True)
class RecordValue:
    """`$record.FIELD` in a plugin's document: a field of a second record (or `customer.grade`, one behind
    references), whose values are given when the condition is asked.
    """

    field: str


@dataclass(frozen=True, slots=True)
class Argument:
    """A value of the request, by its path in the request's variables."""

    path: tuple[str | int, ...]


Value = Literal | UserValue | Moment | RowValue | RecordValue | Argument


@dataclass(frozen=True, slots=True)
class Const:
    """Always or never."""

    holds: bool


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Condition"


@dataclass(frozen=True, slots=True)
class Compare:
    """One atom: `field op value` on the current row. `op` in GraphQL spelling (`notIn`, `isNull`, …).

    `between` has a `Literal` of two, or two `values`; `in`, `notIn`, `hasAny`, `hasAll` take one value that
    is a list.
    """

    field: str
    op: str
    value: Value
    upper: Value | None = None


@dataclass(frozen=True, slots=True)
class Through:
    """`where` about the row that a reference points to; without one, its fields count as null."""

    field: str
    where: "Condition"


@dataclass(frozen=True, slots=True)
class Over:
    """`some`, `none` or `every` of the rows of a to-many (`inverse` names it) satisfy `where`."""

    inverse: str
    quantifier: str
    where: "Condition"


Condition = Const | And | Or | Not | Compare | Through | Over

ALWAYS = Const(True)
NEVER = Const(False)


def both(*conditions: Condition) -> Condition:
    """All of them, simplified."""
    items: list[Condition] = []
    for condition in conditions:
        if condition == NEVER:
            return NEVER
        if condition != ALWAYS and condition not in items:
            items.extend(condition.items if isinstance(condition, And) else (condition,))
    return ALWAYS if not items else items[0] if len(items) == 1 else And(tuple(items))


def either(*conditions: Condition) -> Condition:
    """Any of them, simplified."""
    items: list[Condition] = []
    for condition in conditions:
        if condition == ALWAYS:
            return ALWAYS
        if condition != NEVER and condition not in items:
            items.extend(condition.items if isinstance(condition, Or) else (condition,))
    return NEVER if not items else items[0] if len(items) == 1 else Or(tuple(items))


def negated(condition: Condition) -> Condition:
    """The complement, simplified."""
    match condition:
        case Const(holds):
            return Const(not holds)
        case Not(item):
            return item
        case _:
            return Not(condition)


def record_values(condition: Condition) -> frozenset[str]:
    """The fields that `$record` names in it: what whoever asks it has to give."""
    match condition:
        case And(items) | Or(items):
            return frozenset[str]().union(*(record_values(each) for each in items))
        case Not(item) | Through(_, item) | Over(_, _, item):
            return record_values(item)
        case Compare(_, _, value, upper):
            return frozenset(each.field for each in (value, upper) if isinstance(each, RecordValue))
        case Const():
            return frozenset()
