"""Texts for people, in several languages."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A text per locale (BCP 47 tag → text). The first entry is the app's first locale when it has one
    (RULING 44).
    """

    texts: Mapping[str, str]

    def text(self, locale: str) -> str:
        """The text in `locale`, else in its language, else the first one."""
        for tag in (locale, locale.split("-")[0]):
            if tag in self.texts:
                return self.texts[tag]
        return next(iter(self.texts.values()))
