"""Who a command acts for: the system, or a user with that user's rights."""

from dataclasses import dataclass

from salesmode.access.compose import policy_of
from salesmode.access.policy import Policy
from salesmode.cli.faults import Fault, usage
from salesmode.cli.project import environment_of
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.diagnostics import Refusal, did_you_mean
from salesmode.server.callers import Callers
from salesmode.server.tokens import Identity
from salesmode.tables import Tables

_SYSTEM = ("system",)


@dataclass(frozen=True, slots=True)
class Actor:
    """`policy`: what may be read; `environment`: `$user` and the clock."""

    policy: Policy
    environment: Environment


async def actor(database: Database, tables: Tables, name: str | None) -> Actor:
    """The user of that name, or the system; a Fault where there is no such active user."""
    if name is None:
        return Actor(policy_of(tables.model, _SYSTEM), environment_of(tables.model))
    try:
        caller = await Callers(tables, database).caller(Identity(name), tables.model.app.locales[0])
    except Refusal as refusal:
        raise Fault(f"there is no active user '{name}'") from refusal
    return Actor(caller.policy, caller.environment)


def object_of(policy: Policy, name: str) -> str:
    """The object of that name or plural, if the actor may know it; else wrong usage."""
    if name in policy.objects:
        return name
    plurals = {each.object.plural: each.object.name for each in policy.objects.values()}
    if name in plurals:
        return plurals[name]
    known = list(policy.objects)
    raise usage(
        f"there is no object '{name}'", hint=did_you_mean(name, known) or f"there are {', '.join(known)}"
    )
