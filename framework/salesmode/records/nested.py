"""Inputs with nested creates become flat batches, one for each object, parents first."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salesmode.diagnostics import Message, Refusal
from salesmode.model.names import camel
from salesmode.records.filling import new_id
from salesmode.records.problems import Path
from salesmode.records.subject import Subject

Input = Mapping[str, object]
_Waiting = tuple[Subject, Input, Path, Mapping[str, str], Input]


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be created: its own fields as they were given, the field that ties it to its parent, and what
    the engine gives it.
    """

    id: str
    path: Path
    given: Input
    linked: Mapping[str, str]
    presets: Input = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """All rows to be created of one object."""

    subject: Subject
    drafts: list[Draft]


def batches(
    subject: Subject, inputs: Sequence[Input], paths: Sequence[Path], presets: Input
) -> tuple[Batch, ...]:
    """The first batch begins with a row per input, which gets the presets. A to-many without its
    `{create: […]}` is BAD_REQUEST.
    """
    found: dict[str, Batch] = {}
    waiting: deque[_Waiting] = deque(
        (subject, given, path, {}, presets) for given, path in zip(inputs, paths, strict=True)
    )
    while waiting:
        owner, given, path, linked, more = waiting.popleft()
        draft = Draft(new_id(), path, _own(owner, given), linked, more)
        found.setdefault(owner.object.name, Batch(owner, [])).drafts.append(draft)
        waiting.extend(_nested(owner, given, draft))
    return tuple(found.values())


def _own(subject: Subject, given: Input) -> Input:
    return {name: value for name, value in given.items() if name not in subject.object.inverses}


def _nested(subject: Subject, given: Input, parent: Draft) -> Iterator[_Waiting]:
    for name, inverse in subject.object.inverses.items():
        if name in given:
            child = subject.of(inverse.object)
            for number, each in enumerate(_created(given[name])):
                path = (*parent.path, camel(name), "create", number)
                yield child, each, path, {inverse.field: parent.id}, {}


def _created(given: object) -> Sequence[Input]:
    if (
        not isinstance(given, Mapping)
        or set(given) != {"create"}
        or not isinstance(given["create"], list | tuple)
    ):
        raise Refusal("BAD_REQUEST", Message("nested_create"))
    return given["create"]
