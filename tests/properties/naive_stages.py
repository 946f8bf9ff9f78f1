"""A naive reading of the opportunities in `tests.records.deals`: plain Python over plain rows, written from
the rules for people and from nothing of the engine's.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Problem = tuple[tuple[Any, ...], str, str | None]

ORDER = {
    "deal": ("qualify", "check", "proposal", "negotiate", "won", "lost"),
    "express": ("offer", "contract", "delivery", "won", "dropped"),
    "renewal": ("open", "won", "lost"),
}
STARTS = {"deal": ("qualify",), "express": ("offer", "contract"), "renewal": ("open",)}
CLOSED = {"won": "won", "lost": "lost", "dropped": "lost"}
FIELDS = {
    "deal": {
        "amount",
        "budget",
        "customised",
        "decision_maker",
        "secret_plan",
        "review",
        "lost_reason",
        "discount",
    },
    "express": {"amount", "lost_reason"},
    "renewal": {"amount", "term"},
}
CAMEL = {"decision_maker": "decisionMaker", "secret_plan": "secretPlan", "lost_reason": "lostReason"}
HIDDEN = {"engineer": {"secret_plan"}, "manager": set[str]()}


def status(place: str) -> str:
    return CLOSED.get(place, "open")


def misplaced(row: Row, given: Row, path: tuple[Any, ...]) -> list[Problem]:
    """Fields that the row's pipeline does not have."""
    outside = [
        name for name, value in given.items() if value is not None and name not in FIELDS[row["pipeline"]]
    ]
    return [((*path, CAMEL.get(name, name)), "not_in_pipeline", None) for name in outside]


def locked(row: Row, given: Row, path: tuple[Any, ...]) -> list[Problem]:
    """The review of a deal freezes its price."""
    frozen = row["place"] == "check" and given.get("amount", row["amount"]) != row["amount"]
    return [((*path, "amount"), "locked", None)] if frozen else []


def broken(new: Row, path: tuple[Any, ...]) -> list[Problem]:
    dear = new["discount"] is not None and new["discount"] > 50
    return [(path, "modest_discount", None)] if dear else []


def blocked(
    new: Row, source: str | None, target: str, who: str, *, to: tuple[Any, ...], path: tuple[Any, ...]
) -> list[Problem]:
    """All that is in the way of the row, which holds what it would hold; each hidden field counts once."""
    order = [(to, code, None) for code in _order(new, source, target)]
    branch = [(to, "branch", None)] if target == "check" and not new["customised"] else []
    missing = dict.fromkeys(_missing(new, source, target))
    names = dict.fromkeys("" if name in HIDDEN[who] else name for name in missing)
    fields = [((*path, CAMEL.get(name, name)) if name else path, "required", None) for name in names]
    gates = [(path, "validation", name) for name in _failing(new, source, target)]
    return [*order, *branch, *fields, *gates]


def _order(new: Row, source: str | None, target: str) -> Iterator[str]:
    pipeline, places = new["pipeline"], ORDER[new["pipeline"]]
    if source is None:
        return
    at, there = places.index(source), places.index(target)
    if source == target:
        yield "next"
    elif source == "offer":
        if target not in ("contract", "won"):
            yield "next"
    elif source in CLOSED and target in CLOSED:
        yield "closed"
    elif source not in CLOSED and status(target) != "lost" and pipeline == "deal":
        between = [each for each in places[at + 1 : there] if each not in CLOSED and each != "negotiate"]
        yield from ("skip" for each in between if each != "check" or new["customised"])
        if there < at and source != "proposal":
            yield "back"


def reopens(pipeline: str, source: str | None, target: str) -> bool:
    """Whether a closed record is opened again, which deals leave to managers."""
    return pipeline == "deal" and source in CLOSED and target not in CLOSED


def _forward(new: Row, source: str | None, target: str) -> bool:
    if source is None or status(target) == "lost" or (source in CLOSED and target not in CLOSED):
        return False
    places = ORDER[new["pipeline"]]
    return target in CLOSED or places.index(target) > places.index(source)


def _missing(new: Row, source: str | None, target: str) -> Iterator[str]:
    asked: list[str] = []
    if _forward(new, source, target):
        if source == "qualify":
            asked += ["amount"] + (["budget"] if new["grade"] == "a" else [])
        if source == "check" and new["customised"]:
            asked += ["review"]
    if target == "proposal":
        asked += ["decision_maker", "secret_plan"]
    if new["pipeline"] == "deal" and target == "lost":
        asked += ["lost_reason"]
    if target == "contract":
        asked += ["amount"]
    yield from (name for name in asked if new[name] is None)


def _failing(new: Row, source: str | None, target: str) -> Iterator[str]:
    if source == "qualify" and _forward(new, source, target) and new["grade"] == "a" and not new["visited"]:
        yield "visited"
    if target == "check" and new["grade"] not in ("a", "b"):
        yield "graded"
    if new["pipeline"] == "deal" and target == "won" and not (new["amount"] or Decimal(0)) > 0:
        yield "paid"
