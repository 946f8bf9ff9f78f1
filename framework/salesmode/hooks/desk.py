"""The Desk: everything that a plugin may do inside a unit of work.

Each method is a generator: `rows = yield from desk.read(…)`. It yields an errand, which the engine does, and
nothing else. So a hook does no I/O of its own, its reads and writes belong to the transaction that asked for
it, and both engines run it alike.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from salesmode.diagnostics import Refusal
from salesmode.model.app import Model
from salesmode.model.computed import Formula
from salesmode.model.condition import Condition, Value

T = TypeVar("T")

Record: TypeAlias = Mapping[str, Any]
"""Canonical values by field name (`customer.grade` for a path); `id` and `version` always."""

Where: TypeAlias = Condition | Mapping[str, Any]
"""A condition of a plugin's metadata, or one as in YAML with canonical values: `{"owner": {"isNull":
True}}`. In a mapping every value is what it is: a text that begins with a dollar is no variable.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Errand:
    """What a desk asks of the engine: `unit` is run for the plugin between two steps of its hook.

    A write that was refused has to be taken back: after it nothing but `taking_back` is done.
    """

    unit: Generator[Any, Any, Any]
    kind: Literal["reading", "writing", "taking_back"] = "reading"


UnitOf = Generator[Errand, Any, T]
"""What a hook is, if it is more than a function: it yields what a desk yields, and gives a T."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked. `id` None: the system (a job, a sweep, an import by the shell)."""

    id: str | None
    roles: frozenset[str]
    locale: str


class Desk(Protocol):
    """Reads and writes of one unit of work, with the rights of the system unless it is `as_caller()`.

    Writes go the engine's one way: rules, gates, history, tags and the other plugins' hooks included; what
    they refuse is raised as a Refusal, which refuses the whole request unless the write stands in `attempt`.
    Values are canonical. All rows of a call are handled by a bounded number of statements. A name that is not
    there is a ValueError: the plugin's own mistake.
    """

    @property
    def model(self) -> Model: ...

    @property
    def now(self) -> datetime:
        """The time of the request; all that is done in it bears the same."""

    @property
    def caller(self) -> Caller: ...

    def as_caller(self) -> "Desk":
        """The same unit of work with the caller's rights: unseen rows are not there, unseen fields are None.
        What the caller may not name in a condition or an order is BAD_REQUEST.
        """

    def resolve(
        self, object: str, values: Mapping[str, Value], *, record: Record | None = None
    ) -> Mapping[str, Any]:
        """What the values of a document (`Reader.values`) are now, and for that record; no errand."""

    def settings(self, plugin: str) -> Mapping[str, Any]:
        """What `kind: settings` says for the plugin, with secrets of the environment filled in."""

    def read(
        self,
        object: str,
        fields: Sequence[str],
        *,
        where: Where | None = None,
        ids: Sequence[str] | None = None,
        record: Record | None = None,
        order: Sequence[str] = (),
        first: int | None = None,
        lock: bool = False,
        deleted: bool = False,
    ) -> UnitOf[list[Record]]:
        """Living rows, by `order` (`-amount` falls) and id, nulls last. `fields` may be paths: `owner.team`.
        `ids`: only those, at most 10,000; `record`: the values of `$record.…`; `lock`: hold the rows to the
        end, locked in the order of their ids; one that another request changed meanwhile is asked again, so
        there may be fewer than `first`; `deleted`: those too that were deleted, with what they refer to, for
        the system only.
        """

    def shown(self, object: str, fields: Sequence[str], ids: Sequence[str]) -> UnitOf[list[Record]]:
        """Living rows by their ids, with what an answer has of each field: as JSON has it, masked where it is
        masked, None where it is hidden.
        """

    def count(
        self,
        object: str,
        *,
        where: Where | None = None,
        by: Sequence[str] = (),
        record: Record | None = None,
    ) -> UnitOf[dict[Any, int]]:
        """How many living rows, by the values of `by` (one: the value, several: a tuple, none: `()`)."""

    def sum(
        self,
        object: str,
        field: str,
        *,
        where: Where | None = None,
        by: Sequence[str] = (),
        record: Record | None = None,
    ) -> UnitOf[dict[Any, Any]]:
        """The sum of a numeric field, by the values of `by`; of nothing it is 0."""

    def matching(
        self, object: str, ids: Sequence[str], where: Where, *, record: Record | None = None
    ) -> UnitOf[frozenset[str]]:
        """Which of the rows satisfy the condition."""

    def evaluate(self, object: str, ids: Sequence[str], formula: Formula) -> UnitOf[dict[str, Any]]:
        """The value of a plugin's formula (`Reader.formula`) on each of the rows, by id; a number is a
        Decimal.
        """

    def create(self, object: str, rows: Sequence[Mapping[str, Any]]) -> UnitOf[tuple[str, ...]]:
        """Their ids, in that order."""

    def update(
        self, object: str, changes: Mapping[str, Mapping[str, Any]], *, touch: bool = False
    ) -> UnitOf[None]:
        """Each row its own values, by id; a row that is gone is NOT_FOUND. `touch`: it gets a new version,
        also where it has the values already.
        """

    def delete(self, object: str, ids: Sequence[str]) -> UnitOf[None]: ...

    def restore(self, object: str, ids: Sequence[str]) -> UnitOf[None]: ...

    def move(
        self,
        object: str,
        id: str,
        to: str,
        values: Mapping[str, Any] | None = None,
        *,
        comment: str | None = None,
    ) -> UnitOf[None]: ...

    def tag(
        self,
        object: str,
        id: str,
        tag: str,
        values: Mapping[str, Any] | None = None,
        *,
        state: str | None = None,
    ) -> UnitOf[None]:
        """In the first of its states unless one is said."""

    def untag(self, object: str, id: str, tag: str) -> UnitOf[None]: ...

    def grant(
        self,
        object: str,
        id: str,
        right: str,
        *,
        user: str | None = None,
        team: str | None = None,
        share: Decimal | None = None,
        until: date | None = None,
    ) -> UnitOf[None]:
        """`share` in per cent, for the right `credit`; `until`: the last day on which it counts."""

    def revoke(
        self, object: str, id: str, right: str, *, user: str | None = None, team: str | None = None
    ) -> UnitOf[None]: ...

    def absorb(self, object: str, parts: Sequence[str], into: str) -> UnitOf[None]:
        """The history of `into` tells that of these records too: what somebody may read of both."""

    def release(self, object: str, parts: Sequence[str], from_: str) -> UnitOf[None]:
        """It tells of them no more."""

    def attempt(self, work: UnitOf[T]) -> UnitOf[T | Refusal]:
        """Do all of the work or nothing of it: gives what refused it instead of raising that. What a
        constraint of the database refuses (two requests wrote the same at once) refuses the whole request.
        """

    def ask(self, hook: str, **arguments: Any) -> UnitOf[list[tuple[str, Any]]]:
        """Call a decision hook (`route`, `commission_lines`, `match_keys`, `adjudicate`) of every plugin: the
        plugin's name and its answer, in the hooks' order; plugins that answer None are left out.
        """
