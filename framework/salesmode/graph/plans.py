"""What a request will do: frozen parts, one for each field of the operation, to be run again and again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesmode.database.statement import Statement
from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.answers import Answer
from salesmode.graph.limits import DEFAULT, Limits
from salesmode.graph.meta import Meta
from salesmode.graph.trees import Place
from salesmode.graph.watch import Watch
from salesmode.hooks.api import ApiField, RecordField
from salesmode.model.condition import Condition
from salesmode.model.field import Field
from salesmode.plugins import Added
from salesmode.queries.pick import Pick


@dataclass(frozen=True, slots=True)
class Data:
    """A field of Query that is one statement. `missing`: what it means that there is no text; None where the
    field may be null.
    """

    key: str
    statement: Statement
    missing: Refusal | None


@dataclass(frozen=True, slots=True)
class Constant:
    """`__typename`, or what is known already."""

    key: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """`metadata` or introspection."""

    key: str
    meta: Meta


@dataclass(frozen=True, slots=True)
class Returned:
    """One field of a payload: `name` says which (`id`, `count`, `record`, `nodes`); the last two are read
    back.
    """

    key: str
    name: str
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A field of Mutation. `arguments` are trees by argument name, `input` is as the document gives it, with
    its type.

    `where` chooses the rows of a bulk update, with the caller's rights; `by` names the key of an upsert, and
    `fields` what is unmasked.
    """

    key: str
    kind: str
    object: str
    arguments: Mapping[str, Any]
    input: Any
    input_type: Any
    returned: Sequence[Returned | Constant]
    limits: Limits = DEFAULT
    where: Condition | None = None
    by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """`transferOwnership`."""

    key: str
    arguments: Mapping[str, Any]
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Explain:
    """`explainAccess` or `explainStage`: `name` says which."""

    key: str
    name: str
    arguments: Mapping[str, Any]
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A root field of a plugin. `changes`: it is one of Mutation."""

    key: str
    added: Added[ApiField]
    arguments: Mapping[str, Any]
    answer: Answer
    changes: bool


@dataclass(frozen=True, slots=True)
class Filler:
    """Who fills in the holes of one number: what is told of a row, and how it is answered."""

    added: Added[RecordField]
    told: tuple[Field, ...]
    answer: Answer


Part = Data | Constant | Told | Write | Transfer | Explain | Watch | Asked


@dataclass(frozen=True, slots=True)
class Plan:
    """All parts in the order of the answer, and where their values are found in the variables. `fillers`: of
    the holes in the answers, by their numbers.
    """

    parts: tuple[Part, ...]
    places: tuple[Place, ...]
    fillers: tuple[Filler, ...] = ()

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        statements = [each for part in (*self.parts, *self.fillers) for each in _statements(part)]
        text = sum(len(each.sql) + 500 * len(each.slots) for each in statements)
        return 4_000 + 2 * text + 1_000 * (len(self.places) + len(self.parts))


def _statements(part: Part | Filler) -> Sequence[Statement]:
    if isinstance(part, Asked | Filler):
        return [part.answer.statement] if part.answer.statement else ()
    if isinstance(part, Data):
        return (part.statement,)
    if isinstance(part, Watch):
        return part.statements
    if not isinstance(part, Write):
        return ()
    return [each.statement for each in part.returned if isinstance(each, Returned) and each.statement]
