"""Where each part of the metadata comes from: `explain customer.grade`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from salesmode.compiler.layering import Layered, Overridden
from salesmode.compiler.located import Document, Path, text_of
from salesmode.diagnostics import Span, did_you_mean

_FIRST = ("object", "role", "option_set")
_CONTAINERS = ("fields", "objects", "groups", "options", "stages", "validations")


class UnknownPath(LookupError):
    """There is nothing of that name; `hint` names what may have been meant."""

    def __init__(self, message: str, hint: str | None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Origin:
    """One part: `path` and `value` as text, where it stands, in which layer, and what it overrode."""

    path: str
    value: str
    span: Span
    layer: str
    overrode: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.value}", f"    {self.span} ({self.layer})"]
        return "\n".join([*lines, *(f"    overrides {each}" for each in self.overrode)])


@dataclass(frozen=True, slots=True)
class Named:
    """What a path leads to: its value, its path in the document, and the same path with items by name."""

    document: Document
    value: Any
    path: Path
    said: Path

    @property
    def span(self) -> Span:
        return self.document.place(self.path)


def named(documents: Iterable[Document], path: str) -> Named:
    """What `path` names (`customer`, `customer.grade`, `role.sales.customer`).

    A document is named alone or after its kind; `fields` and the like may be left out. Raises UnknownPath.
    """
    document, steps = _document(documents, path.split("."))
    return _descend(document, steps)


def explain(layered: Layered, path: str) -> tuple[Origin, ...]:
    """Every part of what `path` names, in order. Raises UnknownPath."""
    found = named(layered.documents, path)
    document, said = found.document, found.said
    parts = _parts(found.value, found.path, said)
    lost = layered.overridden.get((document.kind, document.name), {})
    origins = [_origin(layered, document, part, lost.get(part[2], ())) for part in parts]
    known = {part[2] for part in parts}
    gone = (entry for entry in lost.items() if entry[0][: len(said)] == said and entry[0] not in known)
    return (*origins, *(_removed(layered, document, each, values) for each, values in gone))


def _document(documents: Iterable[Document], names: list[str]) -> tuple[Document, list[str]]:
    by_kind = {(each.kind, each.name): each for each in documents}
    if len(names) > 1 and (names[0], names[1]) in by_kind:
        return by_kind[names[0], names[1]], names[2:]
    found = [each for each in by_kind.values() if each.name == names[0]]
    if not found:
        hint = did_you_mean(names[0], (each.name for each in by_kind.values()))
        raise UnknownPath(f"nothing is named '{names[0]}'", hint)
    return min(
        found, key=lambda each: _FIRST.index(each.kind) if each.kind in _FIRST else len(_FIRST)
    ), names[1:]


def _descend(document: Document, names: list[str]) -> Named:
    value: Any = document.data
    counted: Path = ()
    said: Path = ()
    for depth, name in enumerate(names):
        inner = {tuple(each): part for part, *each in _inside(value, whole=depth == 0)}
        found = next((steps for steps in inner if str(steps[1][-1]) == name), None)
        if found is None:
            hint = did_you_mean(name, (str(steps[1][-1]) for steps in inner))
            raise UnknownPath(f"'{'.'.join((document.name, *map(str, said)))}' has no '{name}'", hint)
        value, counted, said = inner[found], (*counted, *found[0]), (*said, *found[1])
    return Named(document, value, counted, said)


def _inside(value: Any, *, whole: bool) -> Iterator[tuple[Any, Path, Path]]:
    """What one name can mean inside a value: a key, an item, or a key of what may be left out.

    In a whole document what may be left out comes first: `customer.name` is a field.
    """
    left_out = [*_left_out(value)]
    yield from (*left_out, *_entries(value)) if whole else (*_entries(value), *left_out)


def _left_out(value: Any) -> Iterator[tuple[Any, Path, Path]]:
    for container in _CONTAINERS if isinstance(value, dict) else ():
        for inner, counted, said in _entries(value.get(container)):
            yield inner, (container, *counted), (container, *said)


def _entries(value: Any) -> Iterator[tuple[Any, Path, Path]]:
    if isinstance(value, dict):
        yield from ((inner, (key,), (key,)) for key, inner in value.items())
    if isinstance(value, list):
        for index, item in enumerate(value):
            name = item.get("name", item.get("subject", index)) if isinstance(item, dict) else item
            yield item, (index,), (name if isinstance(name, str) else index,)


def _parts(value: Any, counted: Path, said: Path) -> list[tuple[Any, Path, Path]]:
    """Down to single values; a list without names is one value, and so is an empty mapping."""
    named = isinstance(value, list) and any(isinstance(each, dict) and "name" in each for each in value)
    if not value or not (isinstance(value, dict) or named):
        return [(value, counted, said)]
    return [
        part
        for inner, step, name in _entries(value)
        for part in _parts(inner, (*counted, *step), (*said, *name))
    ]


def _origin(
    layered: Layered, document: Document, part: tuple[Any, Path, Path], lost: tuple[Overridden, ...]
) -> Origin:
    value, counted, said = part
    span = document.place(counted)
    overrode = tuple(_overridden(layered, each) for each in lost)
    return Origin(_spelled(document, said), shown(value), span, layered.layer(span), overrode)


def _removed(layered: Layered, document: Document, said: Path, lost: tuple[Overridden, ...]) -> Origin:
    span = lost[-1].span
    overrode = tuple(_overridden(layered, each) for each in lost)
    return Origin(_spelled(document, said), "(removed)", span, layered.layer(span), overrode)


def _overridden(layered: Layered, each: Overridden) -> str:
    return f"{shown(each.value)} of {each.span} ({layered.layer(each.span)})"


def _spelled(document: Document, said: Path) -> str:
    return ".".join((document.name, *map(str, said)))


def shown(value: Any) -> str:
    """A value on one line, as in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(shown(each) for each in value) + "]"
    if isinstance(value, str):
        return value if value and value.isprintable() else json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool) or value is None else text_of(value)
