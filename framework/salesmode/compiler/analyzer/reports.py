"""Documents of kind `report`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from salesmode.compiler.analyzer.holding import held_against
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import (
    UNFIT,
    check_name,
    field_at,
    object_asked,
    roles_offered,
    where_of,
)
from salesmode.compiler.analyzer.validations import Objects
from salesmode.diagnostics import did_you_mean
from salesmode.fieldtypes.buckets import BUCKETS
from salesmode.fieldtypes.measures import measures_of
from salesmode.model.app import App
from salesmode.model.object import Object
from salesmode.model.report import Dimension, Period, Report, ReportMeasure, ReportOrder
from salesmode.model.target import Target

_COUNT, _DISTINCT = "count", "countDistinct"
_FUNCTIONS = {"count_distinct": _DISTINCT}
_DIRECTIONS = ("asc", "desc")


def reports_of(
    reporters: Mapping[str, Reporter],
    objects: Objects,
    roles: Iterable[str],
    app: App,
    *,
    targets: Mapping[str, Target],
) -> dict[str, Report]:
    """The reports by name; one of no known object is reported and left out."""
    known = tuple(roles)
    found = (_Reading(say, objects, targets).report(known, app) for say in reporters.values())
    return {each.name: each for each in found if each is not None}


class _Reading:
    """One document."""

    def __init__(self, say: Reporter, objects: Objects, targets: Mapping[str, Target]) -> None:
        self._say = say
        self._targets = targets
        self._raw = say.document.data
        self._objects = objects

    def report(self, roles: Iterable[str], app: App) -> Report | None:
        say, name = self._say, self._say.document.name
        check_name(say)
        if "measures" not in self._raw:
            say.missing(
                f"the report '{name}' measures nothing", "measures", hint="add `measures: [{count: true}]`"
            )
        object_ = object_asked(say, self._objects)
        if object_ is None:
            return None
        measures, dimensions = tuple(self._measures(object_)), tuple(self._dimensions(object_))
        found = Report(
            name=name,
            object=object_.name,
            label=label_of(self._raw.get("label"), app.locales, name),
            span=say.document.value_place(("name",)),
            where=where_of(self._raw, (), object_, self._objects, say),
            measures=measures,
            dimensions=dimensions,
            order=tuple(self._order()),
            limit=self._raw.get("limit"),
            roles=roles_offered(say, roles),
            period=self._period(object_),
        )
        if "target" in self._raw:
            found = held_against(found, self._targets, object_, say)
        self._check_columns(found.columns)
        return found

    def _period(self, object_: Object) -> Period | None:
        raw = self._raw.get("period")
        if raw is None:
            return None
        field = field_at((raw["field"],), ("period", "field"), object_, self._objects, self._say)
        if field is not None and raw["unit"] not in BUCKETS.get(field.type, ()):
            message = f"'{field.name}' ({field.type}) falls into no {raw['unit']}"
            self._say.error_at_value(UNFIT, message, "period", "field")
        return Period(raw["field"], raw["unit"])

    def _measures(self, object_: Object) -> Iterator[ReportMeasure]:
        for at, entry in enumerate(self._raw.get("measures", ())):
            ((key, name),) = entry.items()
            if key == _COUNT:
                yield ReportMeasure(_COUNT)
                continue
            place, function = ("measures", at, key), _FUNCTIONS.get(key, key)
            field = field_at((name,), place, object_, self._objects, self._say)
            if field is None:
                continue
            if function not in measures_of(field):
                self._say.error_at_value(UNFIT, f"'{name}' ({field.type}) has no {key}", *place)
            yield ReportMeasure(function, name)

    def _dimensions(self, object_: Object) -> Iterator[Dimension]:
        for at, entry in enumerate(self._raw.get("dimensions", ())):
            written, by = next(iter(entry.items())) if isinstance(entry, Mapping) else (entry, None)
            place = ("dimensions", at, written) if by else ("dimensions", at)
            steps = tuple(written.split("."))
            field = field_at(steps, place, object_, self._objects, self._say)
            if field is None:
                continue
            if _DISTINCT not in measures_of(field):
                self._say.error_at_value(
                    UNFIT, f"records are not grouped by '{written}' ({field.type})", *place
                )
            elif by is not None and by not in BUCKETS.get(field.type, ()):
                self._say.error_at_value(UNFIT, f"'{written}' ({field.type}) has no buckets {by}", *place)
            yield Dimension(steps[:-1], steps[-1], by)

    def _check_columns(self, names: Sequence[str]) -> None:
        for twice in dict.fromkeys(name for name in names if names.count(name) > 1):
            message = f"two columns of the report would both be '{twice}'"
            self._say.error_at_value(UNFIT, message, "dimensions")

    def _order(self) -> Iterator[ReportOrder]:
        columns = {name: (of, at) for of, at, name in self._columns()}
        for at, entry in enumerate(self._raw.get("order_by", ())):
            name, value, place = _last(entry, ("order_by", at))
            if name not in columns:
                hint = did_you_mean(name, columns) or f"columns: {', '.join(columns)}"
                message = f"'{name}' is no dimension and no measure of the report"
                self._say.error(UNFIT, message, *place, hint=hint)
            elif value not in _DIRECTIONS:
                self._say.error_at_value(UNFIT, f"the direction of '{name}' is `asc` or `desc`", *place)
            else:
                yield ReportOrder(*columns[name], value == "desc")

    def _columns(self) -> Iterator[tuple[str, int, str]]:
        """What rows may be ordered by, as the order spells it."""
        for at, entry in enumerate(self._raw.get("dimensions", ())):
            yield "dimension", at, next(iter(entry)) if isinstance(entry, Mapping) else entry
        for at, entry in enumerate(self._raw.get("measures", ())):
            ((key, name),) = entry.items()
            yield "measure", at, _COUNT if key == _COUNT else f"{key}: {name}"


def _last(entry: Mapping[str, Any], place: tuple[str | int, ...]) -> tuple[str, Any, tuple[str | int, ...]]:
    """The column that an entry of the order names, its direction, and where that stands."""
    ((name, value),) = entry.items()
    if isinstance(value, Mapping) and len(value) == 1:
        ((field, direction),) = value.items()
        return f"{name}: {field}", direction, (*place, name, field)
    return name, value, (*place, name)
