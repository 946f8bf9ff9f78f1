"""What is compared, and defaults and presets: a literal or a variable, checked against its field."""

import re
from collections.abc import Mapping
from decimal import Decimal

from salesmode.conditions.families import ENGINE_VALUES, Family, family_of, family_of_user_value
from salesmode.conditions.site import Report, Site
from salesmode.diagnostics import did_you_mean, say
from salesmode.fieldtypes import Invalid, field_type
from salesmode.fieldtypes.text import checked_text
from salesmode.model.condition import Literal, Moment, RecordValue, RowValue, UserValue, Value
from salesmode.model.field import Field
from salesmode.model.object import Object

BAD_VALUE = "SM704"
UNKNOWN_VARIABLE = "SM705"
MOST_NAMED = 30
MISFIT = "SM706"

_MOMENT = re.compile(r"\$(\w+)(?:\s*([+-])\s*([0-9]{1,6})(mo|[yqwdh]))?")
_BASES = ("now", "today", "month_start", "quarter_start", "year_start")
_DATED = ("date", "datetime")
# Operators whose value is a piece of the text, not a value of the field's type.
_PIECES = ("lt", "lte", "gt", "gte", "between", "contains", "startsWith", "endsWith", "icontains")


def parse_value(
    raw: object,
    field: Field,
    *,
    object: Object,
    objects: Mapping[str, Object],
    report: Report,
    row: Object | None = None,
    record: Object | None = None,
) -> Value | None:
    """A default or a preset of `field`; None where something is wrong (reported) or `raw` is null.

    `row`: the object whose fields `$row` may name; without one there is no `$row`. `record`: the same of
    `$record`.
    """
    site = Site(object, row or object, objects, report, record=record)
    if raw is None:
        return None
    if row is None and isinstance(raw, str) and raw.startswith("$row."):
        site.wrong(UNKNOWN_VARIABLE, f"'{raw}' has no row to look at here")
        return None
    family = family_of(field, object)
    return variable(raw, field, family, site) if is_variable(raw) else literal(raw, field, "eq", site)


def is_variable(raw: object) -> bool:
    """`$…`; a text that begins with a dollar is written `$$…`."""
    return isinstance(raw, str) and raw.startswith("$") and not raw.startswith("$$")


def literal(raw: object, field: Field, op: str, site: Site) -> Literal | None:
    """A value as the field takes it."""
    try:
        return Literal(_canonical(raw, field, op))
    except Invalid as invalid:
        unknown = invalid.code == "unknown_option"
        given = _written(invalid.values["value"] if unknown else raw)
        why = f"option of '{field.name}'" if unknown else f"value of '{field.name}': {reason(invalid)}"
        site.wrong(BAD_VALUE, f"'{given}' is no {why}", _moment_meant(given) or _option(given, field))
        return None


def _written(raw: object) -> str:
    """As YAML has it."""
    if isinstance(raw, list):
        return f"[{', '.join(map(_written, raw))}]"
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def _moment_meant(given: str) -> str | None:
    """The hint for a moment that lacks its dollar."""
    return f"did you mean '${given}'?" if moment_of(f"${given}") else None


def reason(invalid: Invalid) -> str:
    """Why a value is none, as the end of a sentence."""
    text = say(invalid.code, "en", **invalid.values)
    return text[0].lower() + text[1:].removesuffix(".")


def _option(raw: object, field: Field) -> str | None:
    names = [option.name for option in field.options]
    return did_you_mean(raw, names) or (
        f"options: {', '.join(names)}" if 0 < len(names) <= MOST_NAMED else None
    )


def _canonical(raw: object, field: Field, op: str) -> object:
    type_ = field_type(field.type)
    if type_.scalar == "String" or (field.type == "choice" and field.open_options):
        text = checked_text(_text(raw))
        return text if op in _PIECES else type_.parse(field, text)
    if field.type == "datetime" and isinstance(raw, str) and len(raw) == len("2026-01-31"):
        return field_type("date").parse(field, raw)
    if type_.scalar == "enum":
        raw = [_text(each) for each in raw] if isinstance(raw, list) else _text(raw)
    return type_.parse(field, raw)


def _text(raw: object) -> object:
    """Text that YAML takes for a number is text here (RULING 1); a doubled dollar is one."""
    if isinstance(raw, Decimal):
        return format(raw, "f")
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    return raw[1:] if isinstance(raw, str) and raw.startswith("$$") else raw


def variable(raw: object, field: Field, wanted: Family, site: Site) -> Value | None:
    """`$user.NAME`, `$row.FIELD`, `$record.FIELD` or a moment that can stand where a value of `wanted` is
    expected.
    """
    assert isinstance(raw, str)
    kind, _, name = raw.partition(".")
    if kind == "$user":
        return _user_value(raw, name, field, wanted, site)
    if kind == "$row":
        return _row_value(raw, name, field, wanted, site)
    if kind == "$record":
        return _record_value(raw, name, field, wanted, site)
    return _moment(raw, wanted, site)


def _user_value(raw: str, name: str, field: Field, wanted: Family, site: Site) -> Value | None:
    user = site.objects["user"]
    found = family_of_user_value(name, user)
    if found is None:
        site.unknown(UNKNOWN_VARIABLE, "there is no", f"$user.{name}".removesuffix("."), _user_names(user))
        return None
    own = None if name in ENGINE_VALUES else user.fields[name]
    return UserValue(name) if _fits(raw, found, own, field, wanted, site) else None


def _user_names(user: Object) -> list[str]:
    return [f"$user.{name}" for name in (*ENGINE_VALUES, *user.fields)]


def _row_value(raw: str, name: str, field: Field, wanted: Family, site: Site) -> Value | None:
    found = site.row.fields.get(name)
    if found is None or not field_type(found.type).selectable:
        site.unknown(UNKNOWN_VARIABLE, "there is no", raw, (f"$row.{each}" for each in site.row.fields))
        return None
    if wanted.many:
        site.wrong(MISFIT, f"{raw} is no list that was given", "compare it with a value, not with a list")
        return None
    return RowValue(name) if _fits(raw, family_of(found, site.row), None, field, wanted, site) else None


def _record_value(raw: str, name: str, field: Field, wanted: Family, site: Site) -> Value | None:
    if site.record is None:
        site.wrong(UNKNOWN_VARIABLE, f"'{raw}': there is no second record here")
        return None
    object_, (*before, last) = site.record, name.split(".")
    for step in before:
        through = object_.fields.get(step)
        if through is None or through.type not in ("reference", "user"):
            site.unknown(UNKNOWN_VARIABLE, f"'{object_.name}' has no reference", step, object_.fields)
            return None
        object_ = site.objects[str(through.to)]
    found = object_.fields.get(last)
    if found is None or not field_type(found.type).selectable:
        site.unknown(UNKNOWN_VARIABLE, f"'{object_.name}' has no field", last, object_.fields)
        return None
    fits = _fits(raw, family_of(found, object_), found, field, wanted, site)
    return RecordValue(name) if fits else None


def _moment(raw: str, wanted: Family, site: Site) -> Value | None:
    found = moment_of(raw)
    if found is None:
        bases = [f"${base}" for base in _BASES]
        site.unknown(UNKNOWN_VARIABLE, "there is no variable", raw, ["$user.id", "$row.", *bases])
        return None
    if wanted.many or wanted.name not in _DATED:
        site.wrong(MISFIT, f"{raw} is a moment, and {wanted} is expected")
        return None
    return found


def moment_of(raw: str) -> Moment | None:
    """`$now`, `$today - 3d`, `$month_start + 1mo`; None where it is no moment."""
    match = _MOMENT.fullmatch(raw)
    if match is None or match[1] not in _BASES:
        return None
    amount = int(match[3] or 0)
    return Moment(match[1], -amount if match[2] == "-" else amount, match[4] or "d")


def _fits(raw: str, found: Family, own: Field | None, field: Field, wanted: Family, site: Site) -> bool:
    if found != wanted:
        hint = "a list is compared with 'in' or 'hasAny'" if found.many and not wanted.many else None
        site.wrong(MISFIT, f"{raw} is {found}, and {wanted} is expected", hint)
        return False
    if own is not None and wanted.name == "number" and own.scale != field.scale:
        site.wrong(MISFIT, f"{raw} has {own.scale} decimal places, and '{field.name}' has {field.scale}")
        return False
    return True
