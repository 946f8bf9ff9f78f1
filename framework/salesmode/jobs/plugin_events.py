"""Telling plugins what was committed (`after_commit`).

What a plugin writes through its desk is committed together with the delivery, so that it is written once. A
coroutine function does I/O of its own, and may be called again.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from salesmode.access.scope import SystemScope
from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Refusal
from salesmode.fieldtypes import Invalid, field_type
from salesmode.hooks.events import Event
from salesmode.jobs.outbox import Outbox, Parcel
from salesmode.jobs.webhooks import Outcome
from salesmode.jobs.work import Clock
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.pipeline import STAGE, STATUS
from salesmode.plugins import plugins_of
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of
from salesmode.tables import Tables

_HOOK = "after_commit"


@dataclass(frozen=True, eq=False)
class Telling:
    """Calls one plugin after another with what it is yet to hear of."""

    tables: Tables
    database: Database
    clock: Clock

    async def deliver(self, plugin: str, parcels: Sequence[Parcel]) -> Outcome:
        """All at once; where that fails one by one, so that one event keeps no other from being heard."""
        error = await self._told(plugin, parcels)
        if error is None or len(parcels) == 1:
            return {each.id: error for each in parcels}
        return {each.id: await self._told(plugin, [each]) for each in parcels}

    async def _told(self, plugin: str, parcels: Sequence[Parcel]) -> str | None:
        app = self.tables.model.app
        try:
            waiting = await self.database.run(lambda: self._unit(plugin, parcels))
            for each in waiting:
                await asyncio.wait_for(each, app.plugin_timeout)
        except Refusal as refusal:
            return _why(refusal)
        except TimeoutError:
            return f"it took more than {app.plugin_timeout:g} seconds"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return None

    def _unit(self, plugin: str, parcels: Sequence[Parcel]) -> UnitOf[Sequence[Awaitable[object]]]:
        """What is left to be awaited; where there is nothing, the parcels are done with."""
        model, outbox = self.tables.model, Outbox(self.tables)
        there = yield from outbox.held(parcels)
        events = [event_of(model, each) for each in parcels if each.id in there]
        if not events:
            return ()
        zone = ZoneInfo(model.app.timezone)
        environment = Environment({}, {}, self.clock(), zone, model.app.fiscal_year_start)
        code = Code(plugin, _HOOK, model.app.plugin_timeout)
        desk, waiting = desk_of(SystemScope(self.tables), environment), []
        for name, call in plugins_of(model.app.plugins).calls(_HOOK):
            if name == plugin:
                found = yield from code.called(partial(call, events=events, desk=desk))
                waiting += [found] if inspect.isawaitable(found) else []
        if not waiting:
            yield from outbox.delivered(parcels)
        return waiting


def event_of(model: Model, parcel: Parcel) -> Event:
    """As the hook gets it."""
    payload = orjson.loads(parcel.payload)
    object_ = model.objects.get(parcel.object)
    fields = {} if object_ is None else object_.fields
    old, new = (_canonical(fields, payload[each]) for each in ("old", "new"))
    return Event(
        id=parcel.id,
        at=parcel.at,
        by=parcel.by_id,
        object=parcel.object,
        record=parcel.record_id,
        version=parcel.version,
        operation=parcel.operation,
        old=old,
        new=new,
        move=_move(old, new) if parcel.operation == "moved" else None,
    )


def _canonical(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values as fields know them; of a field that is no more, and of a tag, as they were kept."""
    return {name: _value(fields.get(name), value) for name, value in values.items()}


def _value(field: Field | None, value: Any) -> Any:
    if field is None or value is None:
        return value
    try:
        return field_type(field.type).parse(field, value)
    except Invalid:  # the field has another type by now
        return value


def _move(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str | None, str]:
    name = STAGE if STAGE in new else STATUS
    return old.get(name), new[name]


def _why(refusal: Refusal) -> str:
    problems = ", ".join(each.message.text("en") for each in refusal.problems)
    return f"{refusal}{f' ({problems})' if problems else ''}"
