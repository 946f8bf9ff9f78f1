"""What is told of one row by its own columns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeName:
    """`__typename`."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A field of the record itself."""

    key: str
    field: str


@dataclass(frozen=True, slots=True)
class StageFact:
    """`name`, `label`, `probability` or `forecast` of a stage."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage as an object."""

    key: str
    field: str
    items: tuple[TypeName | StageFact, ...]


@dataclass(frozen=True, slots=True)
class TagLabel:
    """`label` of a tag, in the caller's language."""

    key: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that is made of the row's own fields, those that it `needs`, after the statement."""

    key: str
    number: int
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockerFact:
    """`path`, `code`, `message` or `name` of what stands in the way."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Blockers:
    """`blockedBy`: all that stands in the way of a stage."""

    key: str
    items: tuple[TypeName | BlockerFact, ...]


@dataclass(frozen=True, slots=True)
class NextFact:
    """`name`, `label` or `allowed` of a stage that may be next."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class NextStages:
    """The other stages of a record's pipeline, and whether it may move there now."""

    key: str
    items: tuple[TypeName | NextFact | Blockers, ...]
