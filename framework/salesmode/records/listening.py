"""Who wants to hear of committed writes: plugins with `after_commit`, and the app's webhooks."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import field_type
from salesmode.model.webhook import Webhook
from salesmode.plugins import plugins_of
from salesmode.queries.json_text import object_of
from salesmode.records.checks import THESE
from salesmode.records.paths import value_at
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
    values = [(path, *value_at(path.split("."), source, system)) for path in webhook.fields]
    entries = [
        (path, field_type(field.type).json(field, value, tables.dialect)) for path, field, value in values
    ]
    rows = select(source.table.c.id, object_of(entries)).where(
        compile_condition(THESE, source, system), compile_condition(webhook.where, source, system)
    )
    return render(rows, tables.dialect)
