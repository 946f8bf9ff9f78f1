"""Masks of plugins (RULING 17)."""

from dataclasses import dataclass

from salesmode.fieldtypes.masks import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskType:
    """`mask: NAME`, or `mask: {NAME: [1, 2]}` with as many numbers as `least` to `most`. For texts.

    `show` makes the text that is shown, as SQL: `show(text, numbers, dialect)`; of null it is null.
    """

    name: str
    show: Show
    least: int = 0
    most: int = 0
