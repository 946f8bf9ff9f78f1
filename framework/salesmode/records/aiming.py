"""The records that somebody else's operation is about: they are there for the caller, who has the right to
them.
"""

from collections.abc import Sequence
from functools import lru_cache

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.diagnostics import Refusal
from salesmode.model.condition import ALWAYS, either
from salesmode.records.atoms import Atoms
from salesmode.records.checks import IDS
from salesmode.records.locking import Wanted, asked_ids, lock, lock_statement
from salesmode.records.subject import Subject, subject_of


def aim(
    scope: PolicyScope,
    object_name: str,
    ids: Sequence[str],
    environment: Environment,
    *,
    right: str | None,
    hold: bool,
) -> UnitOf[tuple[str, ...]]:
    """The ids as they are stored. NOT_FOUND for one that the caller does not see; FORBIDDEN where none of
    the roles gives the right (`update`, `delete`, `share`, `transfer`, `merge`) to one of them. `hold`: they
    stay as they are to the end.
    """
    wanted, statement, visible, allowed = _plan(subject_of(scope, object_name), right, hold)
    stored = asked_ids(ids)
    found = yield from lock(statement, wanted, environment.with_variables({IDS: stored}))
    if len(found) < len(stored) or not all(each.rights[visible] for each in found):
        raise Refusal("NOT_FOUND")
    if not all(each.rights[allowed] for each in found):
        raise Refusal("FORBIDDEN")
    return stored


@lru_cache(maxsize=512)
def _plan(subject: Subject, right: str | None, hold: bool) -> tuple[Wanted, Statement, int, int]:
    """What is read, and which of its truths say that the record is seen, and that the right is given."""
    assert subject.policy is not None, "the system sees everything"
    granted, atoms = subject.policy.objects[subject.object.name], Atoms()
    visible = atoms.index(granted.rows)
    where = ALWAYS if right is None else either(*(each.where for each in getattr(granted, right)))
    allowed = atoms.index(where)
    wanted = Wanted(subject, atoms, held=hold)
    return wanted, lock_statement(wanted), visible, allowed
