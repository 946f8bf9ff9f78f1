"""Holes in the texts of answers are filled in, after the statements: each field of a plugin is asked once,
about all records of the request, wherever they were selected.

Records in what it answers are read back by one statement; they may have holes in turn, which are filled in
the next round. A field that fails is null, with an error at the first place where it stands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.errors import NotWritable
from salesmode.fieldtypes import field_type
from salesmode.graph.answers import Nonsense, texts_of, written
from salesmode.graph.errors import told
from salesmode.graph.plans import Filler
from salesmode.hooks.api import RecordField
from salesmode.hooks.desk import Desk
from salesmode.plugins import Added, shown
from salesmode.queries.holes import CLOSE, OPEN
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import plugged

_OPEN, _CLOSE = OPEN.encode(), CLOSE.encode()


class _Hole(NamedTuple):
    """`row`: the JSON text of what is told of the row."""

    number: int
    row: bytes


Pieces = Sequence[bytes | _Hole]
Filled = Mapping[_Hole, bytes]


@dataclass(frozen=True)
class Filling:
    """Fills the holes of one request. `errors` tells what failed."""

    fillers: Sequence[Filler]
    environment: Environment
    scope: PolicyScope
    database: Database
    errors: list[dict[str, object]] = field(default_factory=list)
    _mark: str = field(default_factory=lambda: f"\x01{uuid4()}", init=False)

    async def filled(self, texts: Mapping[str, bytes]) -> dict[str, bytes]:
        """The texts of root fields by their keys, without holes."""
        texts, failures = dict(texts), list[Exception]()
        while open_ := {key: _cut(text) for key, text in texts.items() if _OPEN in text}:
            filled = await self._round([each for pieces in open_.values() for each in pieces], failures)
            for key, pieces in open_.items():
                texts[key] = b"".join(filled[each] if isinstance(each, _Hole) else each for each in pieces)
        for number, error in enumerate(failures):
            texts = {key: self._told(key, text, number, error) for key, text in texts.items()}
        return texts

    async def _round(self, pieces: Iterable[bytes | _Hole], failures: list[Exception]) -> Filled:
        holes = dict.fromkeys(each for each in pieces if isinstance(each, _Hole))
        filled: dict[_Hole, bytes] = {}
        for same in _by_field(holes, self.fillers):
            try:
                filled.update(await self._of_field(same))
            except Exception as error:
                filled.update(dict.fromkeys(same, self._failed(len(failures))))
                failures.append(error)
        return filled

    async def _of_field(self, holes: Sequence[_Hole]) -> Filled:
        """All holes of one field: asked together, and each of its selections read back."""
        filler = self.fillers[holes[0].number]
        rows = dict.fromkeys(each.row for each in holes)
        unit = partial(self._asked, filler.added, _records(filler, rows))
        answers = dict(zip(rows, await self.database.look(unit), strict=True))
        filled: dict[_Hole, bytes] = {}
        for number in dict.fromkeys(each.number for each in holes):
            of_number = [each for each in holes if each.number == number]
            filled.update(await self._written(self.fillers[number], of_number, answers))
        return filled

    def _asked(
        self, added: Added[RecordField], records: Sequence[Mapping[str, Any]]
    ) -> UnitOf[Sequence[Any]]:
        code, desk = self._plugged(added)
        try:
            values = yield from code.called(partial(added.given.resolve, desk, records))
        except NotWritable:
            raise code.nonsense("it writes, where it may only look") from None
        if not isinstance(values, Sequence) or len(values) != len(records):
            raise code.nonsense(f"{shown(values)} is not one value for each of {len(records)} records")
        return values

    def _plugged(self, added: Added[RecordField]) -> tuple[Code, Desk]:
        hook = f"{added.given.object}.{added.given.name}"
        return plugged(added.plugin, hook, self.scope, self.environment)

    async def _written(self, filler: Filler, holes: Sequence[_Hole], answers: Mapping[bytes, Any]) -> Filled:
        added, answer = filler.added, filler.answer
        try:
            checked = {each: answer.checked(answers[each.row]) for each in holes}
        except Nonsense as nonsense:
            code, _ = self._plugged(added)
            raise code.nonsense(str(nonsense)) from nonsense
        step = answer.reading(checked.values(), self.environment)
        texts = texts_of(await self.database.fetch(step)) if step else {}
        return {hole: written(value, texts) for hole, value in checked.items()}

    def _failed(self, number: int) -> bytes:
        """Stands where a value failed, until it is known where that is."""
        return orjson.dumps(f"{self._mark}{number}")

    def _told(self, key: str, text: bytes, number: int, error: Exception) -> bytes:
        """The text with null where that failed; the first place is told."""
        failed = self._failed(number)
        if failed not in text:
            return text
        path = _path_to(orjson.loads(failed), orjson.loads(text))
        self.errors.extend(told(error, self.environment.locale, (key, *path)))
        return text.replace(failed, b"null")


def _cut(text: bytes) -> Pieces:
    first, *others = text.split(_OPEN)
    pieces: list[bytes | _Hole] = [first]
    for each in others:
        inside, after = each.split(_CLOSE, 1)
        number, row = inside.split(b":", 1)
        pieces += (_Hole(int(number), row), after)
    return pieces


def _by_field(holes: Iterable[_Hole], fillers: Sequence[Filler]) -> Iterator[Sequence[_Hole]]:
    fields: dict[tuple[str, str], list[_Hole]] = {}
    for each in holes:
        given = fillers[each.number].added.given
        fields.setdefault((given.object, given.name), []).append(each)
    return iter(fields.values())


def _records(filler: Filler, rows: Iterable[bytes]) -> list[Mapping[str, Any]]:
    """What is told of the rows, as canonical values."""
    told = [(each.name, partial(field_type(each.type).parse, each)) for each in filler.told]
    return [
        {
            name: None if value is None else parse(value)
            for (name, parse), value in zip(told, row, strict=True)
        }
        for row in orjson.loads(b"[%s]" % b",".join(rows))
    ]


def _path_to(wanted: str, value: Any) -> tuple[str | int, ...]:
    """Where a text stands first."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting:
        path, found = waiting.pop()
        if found == wanted:
            return path
        inside: Iterable[tuple[str | int, Any]] = ()
        if isinstance(found, dict):
            inside = found.items()
        elif isinstance(found, list):
            inside = enumerate(found)
        waiting.extend(reversed([((*path, at), each) for at, each in inside]))
    return ()
