"""Documents of kind `webhook`."""

from collections.abc import Iterator, Mapping
from typing import Any

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.saved import field_at
from salesmode.compiler.analyzer.validations import Objects, condition_of
from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import user_values
from salesmode.model.app import App
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.object import Object
from salesmode.model.webhook import OPERATIONS, FromEnvironment, Webhook

WRONG_WEBHOOK, UNENCRYPTED = "SM631", "SM632"
_NEEDED = {
    "url": ("where requests go", "add `url: https://…`"),
    "secret": ("what requests are signed with", "add `secret: {env: NAME}`"),
    "on": ("what it tells of", "add `on: {object: …}`"),
    "fields": ("what it tells of a record", "add `fields: […]`"),
}


def webhooks_of(reporters: Mapping[str, Reporter], objects: Objects, app: App) -> dict[str, Webhook]:
    """The webhooks by name; one that cannot be read is reported and left out."""
    found = (_webhook(say, objects, app) for say in reporters.values())
    return {each.name: each for each in found if each is not None}


def _webhook(say: Reporter, objects: Objects, app: App) -> Webhook | None:
    raw, name = say.document.data, say.document.name
    for key, (what, hint) in _NEEDED.items():
        if key not in raw:
            say.missing(f"the webhook '{name}' does not say {what}", key, hint=hint)
    object_ = _object(say, objects)
    if object_ is None or not _NEEDED.keys() <= raw.keys():
        return None
    if str(raw["url"]).startswith("http://"):
        what = "requests to this address are not encrypted"
        say.warning_at_value(UNENCRYPTED, what, "url", hint="https://…")
    fields = tuple(_fields(say, object_, objects))
    return Webhook(
        name=name,
        object=object_.name,
        label=label_of(raw.get("label"), app.locales, name),
        span=say.document.value_place(("name",)),
        url=FromEnvironment(raw["url"]["env"]) if isinstance(raw["url"], Mapping) else raw["url"],
        secret=FromEnvironment(raw["secret"]["env"]),
        fields=fields,
        watched=with_sources((each.split(".")[0] for each in fields), object_),
        where=_where(raw, object_, objects, say),
        operations=frozenset(raw["on"].get("operations", OPERATIONS)),
    )


def _object(say: Reporter, objects: Objects) -> Object | None:
    name = say.document.data.get("on", {}).get("object")
    if name is not None and name not in objects:
        say.unknown("SM303", "object", name, objects, "on", "object")
    return objects.get(name)


def _fields(say: Reporter, object_: Object, objects: Objects) -> Iterator[str]:
    for at, path in enumerate(say.document.data["fields"]):
        if field_at(path.split("."), ("fields", at), object_, objects, say) is not None:
            yield path


def _where(raw: Mapping[str, Any], object_: Object, objects: Objects, say: Reporter) -> Condition:
    if "where" not in raw["on"]:
        return ALWAYS
    found = condition_of(raw["on"]["where"], ("on", "where"), object_, objects, say)
    if user_values(found):
        what = "a webhook tells the same whoever wrote, so it cannot look at $user"
        say.error_at_value(WRONG_WEBHOOK, what, "on", "where")
    return found
