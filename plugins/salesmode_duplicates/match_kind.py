"""A document of the kind `match_rule` becomes a MatchRule."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Path, Reader
from salesmode.model.object import Object
from salesmode_duplicates.rules import TELLING, Comparison, MatchRule, OnCreate

KIND = "match_rule"
_NUMBERS = ("integer", "big_integer", "decimal", "money", "percent")
_ORDERED = (*_NUMBERS, "date", "datetime")
_LISTS = ("multi_choice", "multi_reference")
_COMPARABLE = ("text", "long_text", "email", "phone", "url", "date", "datetime", "auto_number")
_DEFAULT = "default"


def build_match_rule(reader: Reader) -> MatchRule | None:
    """The rule of one document; None after something was reported that leaves nothing to compare."""
    object_ = reader.object(("object",))
    if object_ is None:
        return None
    compare = tuple(_comparisons(reader, object_))
    likely, certain = reader.data.get("likely", 60), reader.data.get("certain", 90)
    _report_numbers(reader, compare, likely, certain)
    on_likely, on_certain = _on_create(reader.data.get("on_create", "warn"))
    return MatchRule(
        name=reader.name,
        label=reader.label(("label",)),
        object=object_.name,
        compare=compare,
        blocks=_blocks(reader, compare),
        likely=likely,
        certain=certain,
        where=reader.condition(("where",), object_),
        on_likely=on_likely,
        on_certain=on_certain,
        link=_link(reader, object_),
        survivor=reader.data.get("survivor", "oldest"),
        keep=_keep(reader, object_),
        ask=reader.label(("ask",)) if "ask" in reader.data else None,
        ask_owner=_ask_owner(reader, object_),
    )


def _comparisons(reader: Reader, object_: Object) -> Iterator[Comparison]:
    for index, raw in enumerate(reader.data["compare"]):
        yield Comparison(
            name=raw["name"],
            fields=tuple(_fields(reader, ("compare", index), raw, object_)),
            likeness=raw["as"],
            points=raw["points"],
            against=raw.get("against", 0),
        )


def _fields(reader: Reader, path: Path, raw: Mapping[str, Any], object_: Object) -> Iterator[str]:
    """The names of fields that have a value to be read."""
    places: Sequence[Path] = [(*path, "name")]
    if "fields" in raw:
        places = [(*path, "fields", index) for index in range(len(raw["fields"]))]
    for place in places:
        field = reader.field(place, object_)
        if field is not None and (field.type not in _COMPARABLE or field.computed is not None):
            reader.report(place, f"'{field.name}' is a {field.type} that cannot be compared", _TEXTS)
        elif field is not None:
            yield field.name


def _blocks(reader: Reader, compare: Sequence[Comparison]) -> tuple[tuple[str, ...], ...]:
    names = [each.name for each in compare]
    raw = reader.data.get("blocks")
    if raw is None:
        found = tuple((each.name,) for each in compare if each.likeness in TELLING)
        if compare and not found:
            reader.report(("compare",), "nothing that is compared tells records apart by itself", _BLOCKS)
        return found
    for index, block in enumerate(raw):
        for name in [block] if isinstance(block, str) else block:
            if name not in names:
                reader.report(
                    ("blocks", index), f"'{name}' is not compared", f"compared are {', '.join(names)}"
                )
    return tuple((each,) if isinstance(each, str) else tuple(each) for each in raw)


def _report_numbers(reader: Reader, compare: Sequence[Comparison], likely: int, certain: int) -> None:
    if certain < likely:
        reader.report(("certain",), f"a certain score of {certain} is below the likely one of {likely}")
    reachable = sum(each.points for each in compare)
    if compare and reachable < likely:
        hint = f"the points of all comparisons are {reachable} in all"
        reader.report(("compare",), f"no two records can reach the likely score of {likely}", hint)


def _on_create(raw: str | Mapping[str, OnCreate]) -> tuple[OnCreate | None, OnCreate | None]:
    """For likely and for certain ones; one word is for certain ones, and likely ones are told then."""
    if isinstance(raw, Mapping):
        return raw.get("likely"), raw.get("certain", raw.get("likely"))
    return "warn", raw  # type: ignore[return-value]  # the schema allows no other word


def _link(reader: Reader, object_: Object) -> str | None:
    field = reader.field(("link",), object_) if "link" in reader.data else None
    if field is not None and (field.type != "reference" or field.to != object_.name):
        reader.report(("link",), f"'{field.name}' does not refer to a {object_.name}")
    return None if field is None else field.name


def _keep(reader: Reader, object_: Object) -> Mapping[str, Any]:
    raw: Mapping[str, Any] = reader.data.get("keep", {})
    for name, which in raw.items():
        field = object_.fields.get(name) if name != _DEFAULT else None
        if name == _DEFAULT:
            if which in ("highest", "lowest", "longest", "all"):
                reader.report(
                    ("keep", name), f"'{which}' does not fit every field", "write it for single fields"
                )
        elif field is None:
            reader.report(("keep", name), f"'{object_.name}' has no field '{name}'")
        elif not _fits(which, field.type):
            reader.report(("keep", name), f"'{which}' does not fit '{name}', which is a {field.type}")
    return raw


def _fits(which: str, type_: str) -> bool:
    match which:
        case "highest" | "lowest":
            return type_ in _ORDERED
        case "longest":
            return type_ in _COMPARABLE
        case "all":
            return type_ in _LISTS
        case _:
            return True


def _ask_owner(reader: Reader, object_: Object) -> bool:
    wanted = bool(reader.data.get("ask_owner", False))
    if wanted and not object_.owned:
        reader.report(
            ("ask_owner",), f"records of '{object_.name}' have no owner", "write `owned: true` there"
        )
    return wanted


_TEXTS = "texts, phones, e-mail addresses and dates can"
_BLOCKS = "say in `blocks` what makes two records worth comparing"
