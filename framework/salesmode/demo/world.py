"""The rows made so far, and how a recipe finds its way among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from salesmode.database.environment import Environment, moment, utc
from salesmode.model.condition import Moment
from salesmode.model.label import Label

Text = str | Mapping[str, str]
Row = dict[str, object]
Draw = Callable[[Row], object]
Path = tuple[str, ...]


@dataclass(frozen=True)
class World:
    """What all recipes of one run share. A row holds fields and parts by name, `id` and its number `n`.

    `locale` is the language in which texts are said, one of the app's `locales`.
    """

    words: Mapping[str, Sequence[object]]
    now: datetime
    timezone: ZoneInfo
    locale: str
    locales: Sequence[str]
    rows: Mapping[str, list[Row]]
    by_id: dict[str, Row] = field(default_factory=dict)
    written: dict[tuple[str, object], object] = field(default_factory=dict)

    def add(self, object_name: str, row: Row, key: str | None) -> None:
        """A finished row, from now on there to be referred to by its id, and by its value of `key`."""
        self.rows[object_name].append(row)
        self.by_id[str(row["id"])] = row
        if key in row:
            self.written.setdefault((object_name, row[key]), row["id"])

    def moment(self, told: Moment) -> datetime:
        """What `$now - 2y` or `$month_start` is; a day is the instant at which it begins."""
        return utc(moment(told, Environment({}, {}, self.now, self.timezone)), self.timezone)

    def follow(self, path: Path) -> Draw:
        """Reads `path` from a row: through references to other rows, into words with several forms, and the
        `year` of a moment.
        """
        if len(path) == 1:
            (name,) = path
            return lambda row: row.get(name)
        return lambda row: self._walk(row, path)

    def _walk(self, row: Row, path: Path) -> object:
        value: object = row
        for step in path:
            if isinstance(value, str):
                value = self.by_id.get(value)
            elif isinstance(value, datetime):
                value = {"year": value.year}
            if not isinstance(value, dict):
                return None
            value = value.get(step)
        return value


def said(value: object, locale: str) -> object:
    """Where a text is wanted, a mapping of its forms is the form of that language, else the first one."""
    return Label(value).text(locale) if isinstance(value, dict) else value


def in_language(raw: Any, locales: Sequence[str], locale: str) -> Any:
    """The same with one text for every mapping of languages of the app to texts, however deep it stands."""
    if isinstance(raw, dict):
        if raw and raw.keys() <= {*locales}:
            return said(raw, locale)
        return {name: in_language(value, locales, locale) for name, value in raw.items()}
    return [in_language(each, locales, locale) for each in raw] if isinstance(raw, list) else raw


def path_of(text: str) -> Path:
    """`customer.owner` → ("customer", "owner")."""
    return tuple(text.split("."))
