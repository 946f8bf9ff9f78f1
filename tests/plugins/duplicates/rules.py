"""Rules written by hand, for what needs no app."""

from collections.abc import Iterable

from salesmode.model.label import Label
from salesmode_duplicates.rules import TELLING, Comparison, Likeness, MatchRule


def compare(name: str, likeness: Likeness, points: int, against: int = 0, fields: str = "") -> Comparison:
    names = tuple(fields.split()) or (name,)
    return Comparison(name=name, fields=names, likeness=likeness, points=points, against=against)


def rule(*comparisons: Comparison, blocks: Iterable[tuple[str, ...]] = ()) -> MatchRule:
    alone = tuple((each.name,) for each in comparisons if each.likeness in TELLING)
    return MatchRule(
        name="same",
        label=Label({"en": "Same"}),
        object="household",
        compare=comparisons,
        blocks=tuple(blocks) or alone,
        likely=60,
        certain=90,
        region="CN",
    )
