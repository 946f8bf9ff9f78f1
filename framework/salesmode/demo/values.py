"""From what a recipe draws to what a field stores: a value that a client's input could have given as well."""

from collections.abc import Callable
from datetime import datetime

from salesmode.conditions.values import moment_of
from salesmode.demo.world import World, in_language, said
from salesmode.diagnostics import say
from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.field import Field

Store = Callable[[object], object]

_MADE_HERE = frozenset({"reference", "user", "id", "datetime"})
_FEW = frozenset({"choice", "stage", "boolean", "integer", "percent"})


class WrongValue(Exception):
    """A recipe or a written row gave what the field refuses; `place` names it as in `Population.spans`."""

    def __init__(self, place: str, message: str) -> None:
        self.place = place
        super().__init__(message)


def store_of(field: Field, world: World) -> Store:
    """How a value of one field is taken: a text in the world's language, `$month_start - 1mo` and the like
    from its moment; equal texts of a unique field get a number behind them.
    """
    convert = _converter(field, world)
    taken = _remembered(convert) if field.type in _FEW else convert
    distinct = _Distinct() if field.unique and field.type == "text" else None

    def store(value: object) -> object:
        if field.type == "json":
            value = in_language(value, world.locales, world.locale)
        else:
            value = said(value, world.locale)
        if value is None:
            if not field.nullable:
                raise WrongValue(field.name, f"'{field.name}' is required, and its recipe gave nothing")
            return None
        found = taken(value)
        return found if distinct is None else distinct(found)

    return store


def _converter(field: Field, world: World) -> Store:
    if field.type in _MADE_HERE:
        return lambda value: _told(value, world) if field.type == "datetime" else value
    kind = field_type(field.type)

    def convert(value: object) -> object:
        try:
            found = kind.parse(field, _spelled(value, field, world))
            problem = next(iter(kind.check(field, found)), None)
        except Invalid as invalid:
            problem = invalid
        if problem is not None:
            said = say(problem.code, "en", **problem.values)
            raise WrongValue(field.name, f"'{field.name}' does not take {value!r}: {said}")
        return found

    return convert


def _spelled(value: object, field: Field, world: World) -> object:
    """Moments become days where days are kept; the keys of a choice's weights are texts for any field."""
    if field.type == "date":
        return _day(_told(value, world), world)
    if field.type == "integer" and isinstance(value, str):
        return int(value)
    return value


def _told(value: object, world: World) -> object:
    """What `$now - 2h` or `$today` means; a day that is no text is left as it is."""
    found = moment_of(value) if isinstance(value, str) else None
    return value if found is None else world.moment(found)


def _day(value: object, world: World) -> object:
    return value.astimezone(world.timezone).date() if isinstance(value, datetime) else value


def _remembered(convert: Store) -> Store:
    """The same for fields of few values: each is converted once."""
    known: dict[object, object] = {}

    def remembered(value: object) -> object:
        if value not in known:
            known[value] = convert(value)
        return known[value]

    return remembered


class _Distinct:
    """Makes texts differ: `li.wei`, `li.wei2`, `li.wei3`."""

    def __init__(self) -> None:
        self._times: dict[object, int] = {}

    def __call__(self, value: object) -> object:
        given = value
        while given in self._times:
            self._times[value] += 1
            given = f"{value}{self._times[value]}"
        self._times[given] = 1
        return given
