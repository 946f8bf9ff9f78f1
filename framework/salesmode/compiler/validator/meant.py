"""What was probably meant by a word of other systems, or by a form that only looks right."""

import re
from collections.abc import Collection, Iterator, Mapping

from salesmode.diagnostics import Span, did_you_mean

_ELSEWHERE: Mapping[str, str] = {
    # Types of fields.
    **dict.fromkeys(("string", "str", "varchar", "char"), "text"),
    **dict.fromkeys(("textarea", "markdown", "html", "memo"), "long_text"),
    **dict.fromkeys(("int", "int32", "smallint"), "integer"),
    **dict.fromkeys(("long", "int64", "bigint"), "big_integer"),
    **dict.fromkeys(("number", "numeric", "float", "double", "real"), "decimal"),
    **dict.fromkeys(("currency", "amount", "price"), "money"),
    **dict.fromkeys(("bool", "checkbox", "flag"), "boolean"),
    **dict.fromkeys(("timestamp", "time"), "datetime"),
    **dict.fromkeys(("enum", "select", "picklist", "dropdown", "radio"), "choice"),
    **dict.fromkeys(("multiselect", "multi_select", "multipicklist", "tags"), "multi_choice"),
    **dict.fromkeys(("lookup", "relation", "link", "foreign_key", "fk", "ref", "many2one"), "reference"),
    **dict.fromkeys(("many2many", "many_to_many"), "multi_reference"),
    **dict.fromkeys(("tel", "telephone", "mobile"), "phone"),
    **dict.fromkeys(("uri", "website"), "url"),
    **dict.fromkeys(("serial", "sequence", "autonumber"), "auto_number"),
    **dict.fromkeys(("computed", "calculated"), "formula"),
    # Keys.
    **dict.fromkeys(("choices", "values"), "options"),
    **dict.fromkeys(("object", "target", "references"), "to"),
    **dict.fromkeys(("mandatory", "nullable"), "required"),
    **dict.fromkeys(("length", "size"), "max_length"),
    **dict.fromkeys(("filter", "condition"), "where"),
    **dict.fromkeys(("permissions", "grants"), "objects"),
    **dict.fromkeys(("required", "validations"), "entry"),  # of a stage, which asks on the way in or out
    # Rights.
    **dict.fromkeys(("rw", "readwrite", "edit", "all"), "write"),
    **dict.fromkeys(("ro", "view", "readonly"), "read"),
    **dict.fromkeys(("hidden", "hide", "no"), "none"),
}
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分钟"), "m"),
    **dict.fromkeys(("h", "hour", "hours", "小时"), "h"),
    **dict.fromkeys(("d", "day", "days", "天", "日"), "d"),
    **dict.fromkeys(("w", "week", "weeks", "周"), "w"),
    **dict.fromkeys(("mo", "month", "months", "个月", "月"), "mo"),
    **dict.fromkeys(("y", "year", "years", "年"), "y"),
}
_SPAN = re.compile(r"([1-9][0-9]*)\s*(\D+)")
_GLUED = re.compile(r"([a-z_]+):(\S.*)")


def word_meant(given: str, known: Collection[str], places: Mapping[str, Span] | None = None) -> str | None:
    """The hint for a word that is none of the known ones: what it is called here, or is spelled like."""
    glued = glued_meant(given)
    if glued is not None:
        return glued
    here = _ELSEWHERE.get(given.lower())
    return f"did you mean '{here}'?" if here in known else did_you_mean(given, known, places)


def glued_meant(given: str) -> str | None:
    """The hint for `type:text`, which YAML takes for one text."""
    found = _GLUED.fullmatch(given)
    return f"put a space after the colon: {found[1]}: {found[2]}" if found else None


def spellings(given: str) -> Iterator[str]:
    """The same in other spellings, one of which may have the form that is expected."""
    yield from (given.replace("_", "-"), given.upper(), given.lower())
    span = _SPAN.fullmatch(given.strip().lower())
    if span and span[2] in _UNITS:
        yield span[1] + _UNITS[span[2]]
