"""Random models, near enough to each other that one is a plausible change of the other.

They are drawn as plain mappings, which are short to read when a test fails, and built from those.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from salesmode.model.app import Model
from salesmode.model.field import Field
from tests.support.models import field, model, object_

Drawn = Mapping[str, Any]

OBJECTS = ("a", "b", "c")
FIELDS = ("p", "q", "r", "order")
_TEXTS = ("text", "long_text")
_NUMBERS = ("integer", "big_integer", "decimal", "money", "percent")
_DEFAULTS: Mapping[str, Any] = {
    "text": "it's",
    "long_text": "100% :x",
    "integer": 7,
    "big_integer": 2**40,
    "decimal": Decimal("1.5"),
    "money": Decimal("2"),
    "percent": Decimal("3.25"),
    "boolean": True,
    "date": date(2026, 1, 31),
    "datetime": datetime(2026, 1, 31, 8, 30, tzinfo=UTC),
    "choice": "k",
    "multi_choice": ("k",),
    "json": {"a": [1, "ü"]},
}


@st.composite
def fields(draw: st.DrawFn, others: tuple[str, ...]) -> Drawn:
    """A field of any type; `k` is an option of every choice, so that it can be the default."""
    kind = draw(st.sampled_from((*_DEFAULTS, "reference", "reference")))
    keys: dict[str, Any] = {
        "required": draw(st.booleans()),
        "index": draw(st.booleans()),
        "unique": draw(st.sampled_from((False, False, True))),
        "renamed_from": draw(st.none() | st.sampled_from(FIELDS)),
    }
    if kind == "reference":
        keys["to"] = draw(st.sampled_from(others))
    elif draw(st.booleans()):
        keys["default"] = _DEFAULTS[kind]
    if kind in {"choice", "multi_choice"}:
        keys["options"] = "k" + "".join(sorted(draw(st.sets(st.sampled_from("lmn")))))
    if kind in _NUMBERS:
        keys["min"] = draw(st.sampled_from((None, 0, -10)))
    if kind == "decimal":
        keys["scale"] = draw(st.sampled_from((2, 4)))
    if kind in _TEXTS:
        keys["max_length"] = draw(st.sampled_from((None, 10)))
    return {
        "type_": kind,
        **{name: each for name, each in keys.items() if each is not None and each is not False},
    }


@st.composite
def objects(draw: st.DrawFn, name: str, others: tuple[str, ...]) -> Drawn:
    """An object with up to four fields, whose names are the same ones in every model."""
    names = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=4))
    pair = st.permutations(names).map(lambda each: tuple(each[:2]))
    pairs = st.lists(pair, max_size=1).map(tuple) if len(names) > 1 else st.just(())
    return {
        "plural": draw(st.sampled_from((f"{name}s", f"{name}_list"))),
        "fields": {each: draw(fields(others)) for each in names},
        "renamed_from": draw(st.none() | st.sampled_from(OBJECTS)),
        "unique": draw(pairs),
        "indexes": draw(pairs),
    }


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """One to three objects that may refer to each other in any way."""
    names = tuple(draw(st.lists(st.sampled_from(OBJECTS), unique=True, min_size=1)))
    return {each: draw(objects(each, names)) for each in names}


def built(found: Drawn) -> Model:
    """The model of what was drawn."""
    return model(
        *(
            object_(
                name,
                {each: field(**keys) for each, keys in rest["fields"].items()},
                **{key: value for key, value in rest.items() if key != "fields"},
            )
            for name, rest in found.items()
        )
    )


def rows(made: Model, object_name: str) -> list[dict[str, Any]]:
    """A row with every value, and one with those that it must have; references are to these rows."""
    own = [each for each in made.objects[object_name].fields.values() if not each.system]
    full = {each.name: 1 if each.to is not None else _DEFAULTS[each.type] for each in own}
    needed = {each.name: _other(full[each.name], each) for each in own if not each.nullable}
    return [full, needed]


def _other(value: Any, described: Field) -> Any:
    """Another value of the type, where there is one."""
    if described.to is not None:
        return 2
    if isinstance(value, bool):
        return False
    if isinstance(value, int | Decimal):
        return value + 1
    return value + "!" if described.type in _TEXTS else value
