"""The rights to write, cell by cell (RULING 15): every written field needs one grant with row, field and
check.

Where a grant's conditions are about the old row (update) its truths come with the lock; where they are about
the new row (create, and `check` always) they come after the write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesmode.access.policy import WriteGrant
from salesmode.model.condition import NEVER, Value
from salesmode.records.atoms import FAILS, Atoms, Truths


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant with conditions as indexes: `where` and `fields` among the rights, `check` among the checks."""

    where: int
    check: int
    fields: Mapping[str, int]
    presets: Mapping[str, Value]

    def admits(self, supplied: Iterable[str]) -> bool:
        """Whether it leaves those fields to the caller: what it presets cannot be chosen."""
        return not any(name in self.presets for name in supplied)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is missing for one row: the row itself, some fields, or a new row that a grant lets through."""

    row: bool
    locked: tuple[str, ...]
    check: bool


def granted(
    grants: Iterable[WriteGrant], supplied: Iterable[str], *, rights: Atoms, checks: Atoms
) -> tuple[Granted, ...]:
    """The grants that may allow the write of some of the supplied fields."""
    names = tuple(supplied)
    return tuple(
        Granted(
            rights.index(each.where),
            checks.index(each.check),
            {name: rights.index(each.fields.get(name, NEVER)) for name in names},
            each.presets,
        )
        for each in grants
        if each.where != NEVER
    )


def chosen(
    grants: Sequence[Granted],
    supplied: frozenset[str],
    rights: Truths,
    *,
    needed: frozenset[str] = frozenset(),
) -> tuple[Granted, ...]:
    """The grants whose presets apply: first those that do the most for the write, until no other does more.

    They let the caller write supplied fields, and fill those that are `needed` beside.
    """
    candidates = [each for each in grants if rights[each.where] and each.admits(supplied)]
    candidates.sort(key=lambda each: -len(_done(each, supplied, needed, rights)))
    taken: list[Granted] = []
    remaining = {*supplied, *needed}
    for each in candidates:
        gained = remaining & _done(each, supplied, needed, rights)
        if (gained or not taken) and all(_agree(each.presets, other.presets) for other in taken):
            taken.append(each)
            remaining -= gained
    return tuple(taken)


def verdict(
    grants: Iterable[Granted], supplied: frozenset[str], *, rights: Truths, checks: Truths
) -> Verdict:
    """What the grants say of one row; those that do not apply to it were left out before."""
    held = [each for each in grants if rights[each.where] and each.admits(supplied)]
    locked = tuple(sorted(name for name in supplied if not any(rights[each.fields[name]] for each in held)))
    passing = [each for each in held if checks[each.check]]
    unchecked = any(
        not any(rights[each.fields[name]] for each in passing) for name in supplied if name not in locked
    )
    return Verdict(bool(held), locked, bool(passing) and not unchecked)


def _done(grant: Granted, supplied: frozenset[str], needed: frozenset[str], rights: Truths) -> set[str]:
    allowed = {name for name in supplied if rights[grant.fields.get(name, FAILS)]}
    return allowed | (needed & grant.presets.keys())


def _agree(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    return all(other.get(name, value) == value for name, value in one.items())
