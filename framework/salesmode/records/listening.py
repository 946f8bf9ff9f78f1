"""Who wants to hear of committed writes: plugins with `after_commit`, and the app's webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import field_type
from salesmode.model.webhook import Webhook
from salesmode.plugins import plugins_of
from salesmode.queries.json_text import RowText, object_of
from salesmode.records.checks import THESE
from salesmode.tables import Tables

PLUGIN, WEBHOOK = "plugin", "webhook"


@dataclass(frozen=True, slots=True)
class Listener:
    """`name` is what the outbox calls it. A plugin hears of everything, a webhook of what it says."""

    name: str
    webhook: Webhook | None = None


@lru_cache(maxsize=8)
def listeners_of(tables: Tables) -> tuple[Listener, ...]:
    """All listeners of an app, in the order in which they are told."""
    plugins = (each.plugin for each in plugins_of(tables.model.app.plugins).calls("after_commit"))
    return (
        *(Listener(f"{PLUGIN} {name}") for name in dict.fromkeys(plugins)),
        *(Listener(f"{WEBHOOK} {name}", each) for name, each in tables.model.webhooks.items()),
    )


@lru_cache(maxsize=64)
def told_of(tables: Tables, name: str) -> Statement:
    """Of the rows `$ids` that the webhook tells of: the id, and its fields as a JSON object. Deleted ones
    too, as they were.
    """
    webhook = tables.model.webhooks[name]
    system = SystemScope(tables)
    source = system.source(webhook.object)
    entries = [(path, _json(tuple(path.split(".")), source, system)) for path in webhook.fields]
    rows = select(source.table.c.id, object_of(entries)).where(
        compile_condition(THESE, source, system), compile_condition(webhook.where, source, system)
    )
    return render(rows, tables.dialect)


def _json(path: Sequence[str], source: Source, system: SystemScope) -> ColumnElement[str]:
    """The JSON text of what stands at the end of a path of references."""
    name, *behind = path
    found, field = system.readable(source, name).value, source.object.fields[name]
    if not behind:
        return field_type(field.type).json(field, found, system.dialect)
    target = system.source(str(field.to))
    row = select(_json(behind, target, system)).where(target.table.c.id == found, system.rows(target))
    return RowText(row.correlate_except(target.table).scalar_subquery())
