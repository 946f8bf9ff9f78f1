"""Why somebody may see a record, or a field of it: the rules that speak of it, as questions to the database.

Pure: it says what to ask, and what the answers mean. `queries.explain` asks, `telling` puts it in words.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from salesmode.access.compose import grants_on
from salesmode.diagnostics import Span
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, And, Condition, Const, Or
from salesmode.model.object import Object
from salesmode.model.role import ObjectGrant

Truths = Mapping[Condition, bool]
"""What holds of the row, by condition and by each leaf of it."""

SEEN, MASKED, EMPTY, HIDDEN = "seen", "masked", "empty", "hidden"
"""Outcomes: of a record the first and the last, of a field all of them (`empty`: it reads as null)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one role says: on which rows, and for a field where it is clear there, or masked elsewhere.

    An `add_on` speaks of whatever rows the other roles show. `denied`: the field is taken from every holder.
    """

    role: str
    span: Span
    rows: Condition
    clear: Condition = ALWAYS
    masked: bool = False
    add_on: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """What would have to hold for a rule to grant it: the fewest leaves that do not."""

    rule: Rule
    missing: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the rules that brought it about, and the nearest change that would grant it, if any."""

    outcome: str
    by: tuple[Rule, ...]
    nearest: Lack | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a user sees a record or not, and a field of it.

    `shown` is None where no field was asked about, or the record is hidden. `elsewhere`: what other roles say
    where none of the user's says anything. `unmask`: the rights by which a masked value may be asked for.
    `unreachable`: the object that the field leads to, where no role of the user reads any of it.
    """

    user: str
    roles: tuple[str, ...]
    object: Object
    id: str
    field: str | None
    truths: Truths
    record: Decision
    shown: Decision | None
    elsewhere: tuple[Rule, ...] = ()
    unmask: tuple[Rule, ...] = ()
    unreachable: str | None = None


def unmasking_rules(model: Model, roles: Iterable[str], object_: Object, field: str) -> tuple[Rule, ...]:
    """By which rights the field may be unmasked, and on which rows."""
    rights = [(role, grant.unmask) for role, grant in grants_on(model, roles, object_) if grant.unmask]
    return tuple(Rule(role, each.span, each.where) for role, each in rights if field in each.fields)


def others(model: Model, object_: Object, field: str | None, decision: Decision) -> tuple[Rule, ...]:
    """Where none of the user's roles says anything: what the roles that do say."""
    return tuple(
        rule
        for role in (() if decision.by else model.roles)
        for rule in rules_on(model, [role], object_, field)
        if rule.role == role and not rule.denied
    )


def rules_on(model: Model, roles: Iterable[str], object_: Object, field: str | None) -> tuple[Rule, ...]:
    """What the roles say of the object's records, or of one field of them."""
    return tuple(
        rule
        for role, grant in grants_on(model, roles, object_)
        if (rule := _rule(role, grant, object_, field)) is not None
    )


def _rule(role: str, grant: ObjectGrant, object_: Object, field: str | None) -> Rule | None:
    rows = ALWAYS if grant.add_on else grant.read.where if grant.read else NEVER
    if field is None:
        return Rule(role, grant.read.span, rows) if grant.read and not grant.add_on else None
    if field in grant.denied:
        return Rule(role, grant.span, rows, NEVER, denied=True, add_on=grant.add_on)
    if object_.fields[field].system:
        return Rule(role, grant.span, rows)
    cell = grant.fields.get(field)
    if cell is None or rows == NEVER:
        return None
    return Rule(role, cell.span, rows, cell.clear, cell.masked, grant.add_on)


def questions(rules: Iterable[Rule]) -> tuple[Condition, ...]:
    """Every condition of the rules and every leaf of it, each once."""
    found: dict[Condition, None] = {}
    for rule in rules:
        for condition in (rule.rows, rule.clear):
            found |= dict.fromkeys((condition, *leaves(condition)))
    return tuple(each for each in found if not isinstance(each, Const))


def leaves(condition: Condition) -> Iterator[Condition]:
    """What `and` and `or` join."""
    if isinstance(condition, And | Or):
        for item in condition.items:
            yield from leaves(item)
    else:
        yield condition


def holds(condition: Condition, truths: Truths) -> bool:
    """The database's answer; what is always or never so is not asked."""
    return condition.holds if isinstance(condition, Const) else truths[condition]


def decided_record(rules: Iterable[Rule], truths: Truths) -> Decision:
    """Whether the record is seen: some role reads it."""
    found = tuple(rules)
    by = tuple(each for each in found if holds(each.rows, truths))
    return Decision(SEEN, by, None) if by else Decision(HIDDEN, found, _nearest(found, truths))


def decided_field(rules: Iterable[Rule], truths: Truths) -> Decision:
    """What a visible record shows of the field: one single role has to grant both (RULING 15)."""
    found = tuple(rules)
    denying = tuple(each for each in found if each.denied)
    if denying:
        return Decision(EMPTY, denying, None)
    here = [each for each in found if holds(each.rows, truths)]
    clear = tuple(each for each in here if holds(each.clear, truths))
    if clear:
        return Decision(SEEN, clear, None)
    masking = tuple(each for each in here if each.masked)
    nearest = _nearest(found, truths)
    return Decision(MASKED, masking, nearest) if masking else Decision(EMPTY, found, nearest)


def _nearest(rules: Iterable[Rule], truths: Truths) -> Lack | None:
    lacks = [
        Lack(rule, missing)
        for rule in rules
        if (missing := lacking(And((rule.rows, rule.clear)), truths)) is not None
    ]
    return min(lacks, key=lambda each: len(each.missing), default=None)


def lacking(condition: Condition, truths: Truths) -> tuple[Condition, ...] | None:
    """The fewest leaves whose holding would make it hold; None where nothing would."""
    match condition:
        case And(items):
            parts = [lacking(item, truths) for item in items]
            found: dict[Condition, None] = {}
            for part in parts:
                if part is None:
                    return None
                found |= dict.fromkeys(part)
            return tuple(found)
        case Or(items):
            ways = [way for item in items if (way := lacking(item, truths)) is not None]
            return min(ways, key=len, default=None)
        case Const(always):
            return () if always else None
        case _:
            return () if truths[condition] else (condition,)
