"""How well duplicates are found: 100,000 generated customers of which one in eleven is there again (typos,
formats, pinyin, swapped names), compared under two rules. Precision, recall and time are printed.

Run it by `make bench-duplicates`.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from time import perf_counter

from benchmarks.duplicate_records import Values, generated
from salesmode.model.label import Label
from salesmode_duplicates.forms import prepared
from salesmode_duplicates.pairing import Pair, blocks_of, likely, worth_comparing
from salesmode_duplicates.rules import Comparison, Likeness, MatchRule


def _rule(object_: str, blocks: Sequence[Sequence[str]], compare: Iterable[Comparison]) -> MatchRule:
    return MatchRule(
        name=f"same_{object_}",
        label=Label({"en": object_}),
        object=object_,
        compare=tuple(compare),
        blocks=tuple(map(tuple, blocks)),
        likely=60,
        certain=90,
        region="CN",
    )


def _compare(name: str, fields: str, likeness: Likeness, points: int, against: int = 0) -> Comparison:
    return Comparison(
        name=name, fields=tuple(fields.split()), likeness=likeness, points=points, against=against
    )


RULES: Mapping[str, MatchRule] = {
    "companies": _rule(
        "company",
        [["name"], ["phone"], ["registration_number"], ["email"], ["address"]],
        [
            _compare("name", "name", "company", 60, 40),
            _compare("phone", "phone", "phone", 40),
            _compare("registration_number", "registration_number", "registration", 70, 30),
            _compare("email", "email", "email", 40),
            _compare("address", "address", "address", 40, 10),
        ],
    ),
    "households": _rule(
        "household",
        [["phone"], ["wechat"], ["address"], ["name"]],
        [
            _compare("name", "name", "person", 35, 30),
            _compare("phone", "phone second_phone", "phone", 50),
            _compare("wechat", "wechat", "account", 60),
            _compare("address", "address", "address", 50, 10),
        ],
    ),
}


def found(rule: MatchRule, records: Sequence[Values]) -> tuple[list[Pair], int]:
    """The likely pairs, and how many pairs were compared for them."""
    known = {str(each["id"]): prepared(rule, each) for each in records}
    compared = worth_comparing(blocks_of(rule, known.values()))
    return list(likely(rule, known, compared)), len(compared)


def quality(pairs: Iterable[Pair], same: frozenset[tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall of the pairs."""
    told = {(each.first, each.second) for each in pairs}
    right = len(told & same)
    return right / max(1, len(told)), right / max(1, len(same))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    made = generated(arguments.records, arguments.seed)
    for name, prefix in (("companies", "c"), ("households", "h")):
        records = made.companies if name == "companies" else made.households
        same = frozenset(each for each in made.same if each[0].startswith(prefix))
        begin = perf_counter()
        pairs, compared = found(RULES[name], records)
        seconds = perf_counter() - begin
        precision, recall = quality(pairs, same)
        print(f"{name:<11} {len(records):>8,} records  {len(same):>6,} duplicates", end="  ")
        print(f"{compared:>9,} pairs compared  {seconds:4.1f} s", end="  ")
        print(f"precision {precision:.3f}  recall {recall:.3f}")


if __name__ == "__main__":
    main()
