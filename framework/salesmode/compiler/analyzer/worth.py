"""Which fields say what the records of a pipeline are worth, and when they are expected to close."""

from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.object import Object

_AMOUNTS = ("money", "decimal")
_DATES = ("date",)


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
