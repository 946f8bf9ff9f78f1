"""Recipes that put text together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from string import ascii_uppercase, digits

from salesmode.demo.recipes.recipe import Need, Reads, Recipe
from salesmode.demo.world import Draw, Text, World, path_of, said

_PLACE = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")
_DRAWN = re.compile(r"[#&]")
_ALPHABETS = {"#": digits, "&": digits + "".join(each for each in ascii_uppercase if each not in "IOSVZ")}


@dataclass(frozen=True, slots=True)
class Template(Recipe):
    """A text with `{path}` in it, or one for each language; what is empty there is left out. `{n}` is the
    number of the row.
    """

    text: Text

    def needs(self) -> Iterator[Need]:
        for text in [self.text] if isinstance(self.text, str) else self.text.values():
            for name in _PLACE.findall(text):
                yield Reads(path_of(name))

    def bind(self, world: World, _random: Random, /) -> Draw:
        pieces = _PLACE.split(str(said(self.text, world.locale)))
        fixed = pieces[::2]
        follow = [world.follow(path_of(name)) for name in pieces[1::2]]

        def draw(row: dict[str, object]) -> object:
            spelled = [fixed[0]]
            for find, after in zip(follow, fixed[1:], strict=True):
                value = said(find(row), world.locale)
                spelled.append("" if value is None else str(value))
                spelled.append(after)
            return "".join(spelled)

        return draw


@dataclass(frozen=True, slots=True)
class Pattern(Recipe):
    """A text in which `#` becomes a digit and `&` a digit or a capital that cannot be mistaken for one."""

    text: str

    def needs(self) -> Iterator[Need]:
        yield from ()

    def bind(self, _world: World, random: Random, /) -> Draw:
        def drawn(match: re.Match[str]) -> str:
            alphabet = _ALPHABETS[match[0]]
            return alphabet[int(len(alphabet) * random.random())]

        return lambda _: _DRAWN.sub(drawn, self.text)
