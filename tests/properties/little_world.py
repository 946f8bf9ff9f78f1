"""A model in which everything can leak, and rows for it: few values, so that ties and nulls are common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as attribute
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from salesmode.model.field import Field
from tests.support.models import field, model, object_, reference
from tests.support.rows import id_of

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Row]]

MODEL = model(
    object_("team", {"name": field("text"), "parent": reference("team", tree=True)}),
    object_("user", {"name": field("text", searchable=True), "team": reference("team")}),
    object_(
        "deal",
        {
            "name": field("text", searchable=True),
            "kind": field("choice", options=("y", "x")),
            "amount": field("money"),
            "day": field("date"),
            "owner": field("user"),
            "team": reference("team"),
            "parent": reference("deal", tree=True),
            "watchers": field("multi_reference", to="user"),
        },
        title="{name}/{owner}/{kind}/{amount}",
    ),
    object_(
        "part",
        {
            "label": field("text", searchable=True),
            "number": field("integer"),
            "deal": reference("deal"),
            "by": field("user"),
        },
        title="{label}",
    ),
)
SIZES = {"team": 3, "user": 3, "deal": 4, "part": 4}
KINDS = tuple(SIZES)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = ("a", "", "A", "ab", "b")
DOMAINS: Mapping[str, Sequence[Any]] = {
    "name": TEXTS,
    "label": TEXTS,
    "kind": ("x", "y"),
    "amount": tuple(Decimal(each) for each in ("1.00", "-1.00", "0.00", "2.50", "25.00")),
    "day": (date(2026, 1, 31), date(2026, 2, 1), date(2027, 2, 1)),
    "number": (1, -1, 0, 7),
}
REMEMBERED = ("name", "amount", "owner", "watchers")


def its(object_name: str, number: int) -> str:
    return id_of(KINDS.index(object_name) + 1, number)


ME = its("user", 1)


def ids(object_name: str) -> list[str]:
    return [its(object_name, number) for number in range(1, SIZES[object_name] + 1)]


# Users who are deleted: lists and who wrote a row may still name them.
GONE = tuple(its("user", number) for number in (SIZES["user"] + 1, SIZES["user"] + 2))


@dataclass(frozen=True)
class LittleWorld:
    """All rows by object and id, and what the history of deals remembers."""

    rows: Rows
    changes: tuple[Row, ...] = ()
    user: Mapping[str, Any] = attribute(default_factory=dict)

    def with_value(self, object_name: str, id: str, name: str, value: Any) -> "LittleWorld":
        return self.with_row(object_name, {**self.rows[object_name][id], name: value})

    def with_row(self, object_name: str, row: Row) -> "LittleWorld":
        rows = {**self.rows, object_name: {**self.rows[object_name], row["id"]: row}}
        return LittleWorld(rows, self.changes, self.user)

    def with_changes(self, changes: tuple[Row, ...]) -> "LittleWorld":
        return LittleWorld(self.rows, changes, self.user)


def written_fields(object_name: str) -> list[Field]:
    """What differs from row to row."""
    fields = MODEL.objects[object_name].fields.values()
    return [each for each in fields if not each.system or each.name == "created_by"]


def values(described: Field) -> st.SearchStrategy[Any]:
    """Any value of a field; null first."""
    if described.type == "multi_reference":
        listed = st.lists(st.sampled_from((*ids("user"), *GONE)), max_size=3, unique=True).map(tuple)
        return st.none() | listed
    domain = ids(described.to) if described.to else DOMAINS[described.name]
    if described.system:
        domain = (*domain, *GONE)
    return st.sampled_from((None, *domain))


@st.composite
def rows(draw: st.DrawFn, object_name: str, number: int) -> Row:
    found = {each.name: draw(values(each)) for each in written_fields(object_name)}
    return {**found, "id": its(object_name, number), "deleted_at": None}


@st.composite
def changes(draw: st.DrawFn, number: int) -> Row:
    """One remembered change of a deal."""
    described = MODEL.objects["deal"].fields[draw(st.sampled_from(REMEMBERED))]
    version = draw(st.integers(1, 3))
    return {
        "id": id_of(0xFF, number),
        "at": NOW + timedelta(hours=version),
        "by_id": draw(st.sampled_from((None, *ids("user")))),
        "operation": "updated",
        "object": "deal",
        "record_id": its("deal", draw(st.integers(1, 2))),
        "version": version,
        "field": described.name,
        "old": remembered(described, draw(values(described))),
        "new": remembered(described, draw(values(described))),
    }


def remembered(described: Field, value: Any) -> str | None:
    """The JSON text in the history."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return "[" + ",".join(f'"{each}"' for each in value) + "]"
    return f'"{value}"'


@st.composite
def little_worlds(draw: st.DrawFn) -> LittleWorld:
    found = {
        name: {its(name, number): draw(rows(name, number)) for number in range(1, size + 1)}
        for name, size in SIZES.items()
    }
    for id in GONE:
        found["user"][id] = {**dict.fromkeys(found["user"][ME]), "id": id, "deleted_at": NOW}
    history = tuple(draw(changes(number)) for number in range(draw(st.integers(0, 6))))
    me = {"id": ME, "team": found["user"][ME]["team"], "roles": (), "teams": ()}
    return LittleWorld(found, history, me)
