"""What a merge writes into the survivor: of what its maker does not see as much as shows them nothing.

Otherwise merging would be a way to read: a value is hidden on one record and shown on another, and a merge
carries it over.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, Refusal, UnitOf
from salesmode.model.object import Object
from salesmode_duplicates.view import View

_NEVER_SHOWN = ("secret", "file")


def carry(desk: Desk, view: View, survivor: str, values: Mapping[str, Any]) -> UnitOf[Mapping[str, Any]]:
    """Write the values into the survivor; gives those that were. Of values that are masked or hidden all go,
    or one by one those that go, with which the survivor looks to the caller as it does without them: a masked
    one may be shown by a mask that was shown before. The survivor has a new version whatever was written:
    otherwise that would tell.
    """
    hidden = {name: values[name] for name in values if name in view.masked or name not in view.known}
    written = {name: value for name, value in values.items() if name not in hidden}
    if hidden:
        written = yield from _with_hidden(desk, view, survivor, written, hidden)
    yield from desk.update(view.object.name, {survivor: written}, touch=True)
    return written


def _with_hidden(
    desk: Desk, view: View, survivor: str, plain: dict[str, Any], hidden: Mapping[str, Any]
) -> UnitOf[dict[str, Any]]:
    look = yield from _look(desk, view.object, survivor, plain)
    if isinstance(look, Refusal):
        raise look
    written = plain
    for names in (tuple(hidden), *((name,) for name in hidden if len(hidden) > 1)):
        tried = {**written, **{name: hidden[name] for name in names}}
        other = yield from _look(desk, view.object, survivor, tried)
        if not isinstance(other, Refusal) and _alike(view, look, other):
            written = tried
            if len(names) == len(hidden):
                break
    return written


class _Looked(Refusal):
    """Takes back what was written to look at it."""

    def __init__(self, rows: Sequence[Record]) -> None:
        super().__init__("CONFLICT")
        self.rows = rows


def _look(
    desk: Desk, object_: Object, id_: str, values: Mapping[str, Any]
) -> UnitOf[Sequence[Record] | Refusal]:
    """What the caller would be shown of the record with these values (nothing: it is not theirs to see), or
    what refuses them. Nothing stays written.
    """
    names = [name for name, field in object_.fields.items() if field.type not in _NEVER_SHOWN]

    def written() -> UnitOf[Refusal]:
        yield from desk.update(object_.name, {id_: values}, touch=True)
        raise _Looked((yield from desk.as_caller().shown(object_.name, names, [id_])))

    refusal = yield from desk.attempt(written())
    return refusal.rows if isinstance(refusal, _Looked) else refusal


def _alike(view: View, before: Sequence[Record], after: Sequence[Record]) -> bool:
    if len(before) != len(after):
        return False
    return all(
        value == new[name] or (name in view.masked and _was_shown(view, name, new[name]))
        for old, new in zip(before, after, strict=True)
        for name, value in old.items()
    )


def _was_shown(view: View, name: str, value: Any) -> bool:
    return any(value is not None and each[name] == value for each in view.shown.values())
