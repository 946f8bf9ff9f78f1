"""Three ways: what an app was built on, what it would stand on now, and what it says itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from salesmode.compiler.ground import Ground, Key, Part, Parts
from salesmode.compiler.located import Path
from salesmode.diagnostics import Span

Recorded = Mapping[Key, Mapping[Path, str]]
"""What the layers below said when the app was last looked at."""

Kind = Literal["changed", "removed", "added", "hidden"]

_HIDING = ("$remove", "$replace")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one part below; a whole that came or went is told as one. `span`: where it is now."""

    key: Key
    path: Path
    before: str | None
    after: str | None
    span: Span | None

    @property
    def name(self) -> str:
        """`object customer.fields.grade.label`."""
        return f"{self.key[0]} {'.'.join((self.key[1], *map(str, self.path)))}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change below of what the app says too: `says` at `span`. `kind`: `changed` to something else than the
    app says; `removed` below; `added` below too, and otherwise; `hidden` by `$remove` or `$replace` of the
    app.
    """

    kind: Kind
    change: Change
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """`redundant`: what the app says and the layers below say now themselves. `kept`: how many parts the app
    overrides that did not change below.
    """

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    redundant: tuple[Span, ...]
    kept: int


def recorded(ground: Ground) -> Recorded:
    """What there is to remember of what an app stands on."""
    return {key: {path: each.text for path, each in parts.items()} for key, parts in ground.below.items()}


def compare(old: Recorded, ground: Ground) -> Comparison:
    """All that changed below, and what of it the app overrides."""
    changes = tuple(_changes(old, ground.below))
    conflicts = tuple(conflict for each in changes for conflict in _met(each, ground))
    return Comparison(changes, conflicts, tuple(_redundant(old, ground)), _kept(old, ground))


def _changes(old: Recorded, new: Parts) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        before, after = old.get(key, {}), new.get(key, {})
        told: set[Path] = set()
        for path in [*after, *(each for each in before if each not in after)]:
            was, now = before.get(path), after.get(path)
            if now is not None and was == now.text:
                continue
            other: Mapping[Path, object] = after if now is None else before
            whole = path if was is not None and now is not None else _whole(path, other)
            if whole not in told:
                told.add(whole)
                yield _change(key, path, whole, was, now)


def _change(key: Key, path: Path, whole: Path, was: str | None, now: Part | None) -> Change:
    single = whole == path
    return Change(
        key,
        whole,
        None if was is None else was if single else "",
        None if now is None else now.text if single else "",
        None if now is None else now.span,
    )


def _whole(path: Path, others: Mapping[Path, object]) -> Path:
    """The shortest beginning of the path under which there is nothing on the other side."""
    return next(
        path[:end] for end in range(len(path) + 1) if not any(each[:end] == path[:end] for each in others)
    )


def _met(change: Change, ground: Ground) -> Iterator[Conflict]:
    """What the app says at the part that changed, inside it or around it."""
    below = ground.below.get(change.key, {})
    for path, part in ground.own.get(change.key, {}).items():
        now = below.get(path)
        if path and path[-1] in _HIDING:
            if _within(change.path, path[:-1]) or _within(path[:-1], change.path):
                kind: Kind = "removed" if change.after is None else "hidden"
                yield Conflict(kind, change, str(path[-1]), part.span)
        elif not _within(path, change.path):
            continue
        elif change.after is None:
            yield Conflict("removed", change, part.text, part.span)
        elif now is not None and part.text != now.text:
            inside = replace(change, path=path, after=now.text, span=now.span)
            yield Conflict("added" if change.before is None else "changed", inside, part.text, part.span)


def _within(path: Path, whole: Path) -> bool:
    return path[: len(whole)] == whole


def _redundant(old: Recorded, ground: Ground) -> Iterator[Span]:
    """What became so: what was so before is not news."""
    for key, parts in ground.own.items():
        for path, part in parts.items():
            now = ground.below.get(key, {}).get(path)
            if now is not None and part.text == now.text != old.get(key, {}).get(path):
                yield part.span


def _kept(old: Recorded, ground: Ground) -> int:
    return sum(
        old.get(key, {}).get(path) == now.text != part.text
        for key, parts in ground.own.items()
        for path, part in parts.items()
        if (now := ground.below.get(key, {}).get(path)) is not None
    )
