"""Which fields say what the records of a pipeline are worth, when they are expected to close, and what they
are made of.
"""

from collections.abc import Iterable, Mapping

from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.object import Object
from salesmode.model.pipeline import Pipeline, Products

_AMOUNTS = ("money", "decimal")
_DATES = ("date",)
_KINDS: Mapping[str, tuple[str, ...]] = {
    "product": ("reference",),
    "amount": _AMOUNTS,
    "quantity": ("integer", "decimal"),
    "delivery": _DATES,
}


def amount_of(object_: Object, say: Reporter) -> str | None:
    """The field `amount` says, or that is called so."""
    return _said("amount", _AMOUNTS, object_, say)


def close_date_of(object_: Object, say: Reporter) -> str | None:
    """The field `close_date` says, or that is called so."""
    return _said("close_date", _DATES, object_, say)


def _said(key: str, types: tuple[str, ...], object_: Object, say: Reporter) -> str | None:
    name = say.document.data.get(key)
    if name is None:
        return key if key in object_.fields and object_.fields[key].type in types else None
    if name not in object_.fields:
        say.unknown("SM302", "field", name, object_.fields, key)
    elif object_.fields[name].type not in types:
        message = f"'{name}' is a {object_.fields[name].type}, which cannot be the {key} of a record"
        say.error_at_value("SM605", message, key, hint=f"name a field of the type {' or '.join(types)}")
    return str(name)


def products_of(object_: Object, objects: Mapping[str, Object], say: Reporter) -> Products | None:
    """What `products` says; None where it says nothing that there is."""
    raw = say.document.data.get("products")
    if raw is None:
        return None
    inverse = object_.inverses.get(raw["over"])
    if inverse is None:
        say.unknown("SM302", "relation", raw["over"], object_.inverses, "products", "over")
        return None
    line = objects[inverse.object]
    named = {key: _named(key, raw, line, say) for key in _KINDS}
    if named["product"] is None:
        return None
    return Products(line.name, inverse.field, **{key: name for key, name in named.items() if name})


def check_products(pipelines: Iterable[Pipeline], reporters: Mapping[str, Reporter]) -> None:
    """Pipelines of one object that say what their records are made of say the same."""
    known: dict[str, Pipeline] = {}
    for each in pipelines:
        first = known.setdefault(each.object, each) if each.products else each
        if each.products != first.products:
            message = f"the pipeline '{first.name}' says otherwise what its records are made of"
            reporters[each.name].error("SM605", message, "products", hint="say the same in both")


def _named(key: str, raw: Mapping[str, str], line: Object, say: Reporter) -> str | None:
    """The field of the line that is named; an amount that is called so need not be."""
    name = raw.get(key, key if key == "amount" and key in line.fields else None)
    if name is None:
        return None
    if name not in line.fields:
        say.unknown("SM302", "field", name, line.fields, "products", key)
        return None
    if line.fields[name].type not in _KINDS[key]:
        message = f"'{name}' is a {line.fields[name].type}, which cannot be the {key} of a line"
        hint = f"name a field of the type {' or '.join(_KINDS[key])}"
        say.error("SM605", message, "products", *([key] if key in raw else []), hint=hint)
        return None
    return name
