"""Masks of plugins (RULING 17)."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement

from salesmode.database.statement import Dialect


class Show(Protocol):
    """Makes the text that is shown of a text, as SQL; null stays null."""

    def __call__(
        self, text: ColumnElement[str], numbers: tuple[int, ...], dialect: Dialect
    ) -> ColumnElement[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskType:
    """`mask: NAME`, or `mask: NAME(1, 2)` with as many numbers as `least` to `most`. For texts."""

    name: str
    show: Show
    least: int = 0
    most: int = 0
