"""What a computed field is computed from: a formula over its record, a rollup over a to-many, a condition.

Names are resolved and types are known; SQL is made of it in `conditions`.
"""

from dataclasses import dataclass

from salesmode.model.condition import ALWAYS, Condition


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the expression: `Decimal str bool date`, or None for null."""

    value: object
    kind: str
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """A field of the record at the end of a path of references; `kind` is `record` for a reference itself."""

    path: tuple[str, ...]
    field: str
    kind: str
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A function, an operator, or what the analyzer adds: `round`, `day`. A number has `scale` places."""

    function: str
    arguments: tuple["Expression", ...]
    kind: str
    scale: int = 0


Expression = Constant | Read | Call
"""`kind`: `number text boolean date datetime`; `null` and `record` only where any kind will do."""


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of the type of its field."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Rollup:
    """One value of the rows of the to-many `over`, of those that satisfy `where`.

    `function`: `count sum avg min max first last`, of `field` at the end of a path of references (a count
    has none); `by`: what orders the rows for `first` and `last`. `under`: a reference of the object that
    makes a tree: the rows of all records below count too. `stored`: kept in a column.
    """

    over: str
    function: str
    path: tuple[str, ...] = ()
    field: str | None = None
    by: str | None = None
    under: str | None = None
    where: Condition = ALWAYS
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether a condition holds of the record, with the system's rights."""

    condition: Condition


Computed = Formula | Rollup | Holds


def reads_of(expression: Expression) -> tuple[Read, ...]:
    """Every field that the expression reads."""
    match expression:
        case Read():
            return (expression,)
        case Call(_, arguments):
            return tuple(read for each in arguments for read in reads_of(each))
        case Constant():
            return ()
