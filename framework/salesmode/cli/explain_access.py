"""`salesmode explain access USER OBJECT ID [FIELD]`: which rule decided, and what would change it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from salesmode.access.explain import (
    EMPTY,
    HIDDEN,
    MASKED,
    SEEN,
    Decision,
    Lack,
    Rule,
    Truths,
    decided_field,
    decided_record,
    holds,
    leaves,
    questions,
    rules_on,
)
from salesmode.access.scope import SystemScope
from salesmode.cli.acting import Actor, actor
from salesmode.cli.faults import Fault, usage
from salesmode.cli.project import filled
from salesmode.conditions.spell import spelled
from salesmode.database.unit import Step
from salesmode.diagnostics import did_you_mean
from salesmode.fieldtypes import Invalid
from salesmode.fieldtypes.identifier import checked_id
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.object import Object
from salesmode.queries.explain import ID, truths_of
from salesmode.tables import tables_of

_SAYS = {SEEN: "may see", MASKED: "sees masked", EMPTY: "sees as null", HIDDEN: "may not see"}


@dataclass(frozen=True, slots=True)
class Access:
    """What is asked about. `field` None: the record itself."""

    user: str
    object: str
    id: str
    field: str | None


def access_lines(model: Model, asked: Access, url: str) -> Iterator[str]:
    """The explanation, line by line; a Fault where there is no such user, object, record or field."""
    return asyncio.run(_explained(model, asked, url))


async def _explained(model: Model, asked: Access, url: str) -> Iterator[str]:
    object_ = model.objects[_known(model, asked.object)]
    if asked.field is not None and asked.field not in object_.fields:
        hint = did_you_mean(asked.field, object_.fields)
        raise usage(f"'{object_.name}' has no field '{asked.field}'", hint=hint)
    async with filled(url) as database:
        scope = SystemScope(tables_of(model, database.dialect))
        who = await actor(database, scope.tables, asked.user)
        row_rules = rules_on(model, who.policy.roles, object_, None)
        field_rules = rules_on(model, who.policy.roles, object_, asked.field) if asked.field else ()
        conditions = questions((*row_rules, *field_rules))
        statement = truths_of(conditions, object_.name, scope)
        environment = who.environment.with_variables({ID: _checked(asked.id)})
        rows = await database.fetch(Step(statement.sql, statement.bind(environment)))
    if not rows or not rows[0][0]:
        raise Fault(f"there is no living {object_.name} {asked.id}")
    truths = dict(zip(conditions, map(bool, rows[0][1:]), strict=True))
    return _told(model, asked, object_, who, truths, rules=(row_rules, field_rules))


def _known(model: Model, name: str) -> str:
    """The object of that name, whoever may know it; else wrong usage."""
    if name not in model.objects:
        raise usage(f"there is no object '{name}'", hint=did_you_mean(name, model.objects))
    return name


def _checked(id_: str) -> str:
    try:
        return checked_id(id_)
    except Invalid:
        raise usage(f"'{id_}' is not an id") from None


def _told(
    model: Model,
    asked: Access,
    object_: Object,
    who: Actor,
    truths: Truths,
    *,
    rules: tuple[tuple[Rule, ...], ...],
) -> Iterator[str]:
    row_rules, field_rules = rules
    roles = ", ".join(sorted(who.policy.roles)) or "none"
    yield f"{asked.user} has the roles: {roles}"
    decision = decided_record(row_rules, truths)
    yield from _decision(f"{object_.name} {asked.id}", decision, truths)
    yield from _elsewhere(model, object_, None, decision)
    if asked.field is None or decision.outcome == HIDDEN:
        return
    yield ""
    shown = decided_field(field_rules, truths)
    yield from _decision(f"{object_.name}.{asked.field} there", shown, truths)
    yield from _elsewhere(model, object_, asked.field, shown)
    granted = who.policy.objects[object_.name].fields
    if asked.field not in granted and object_.fields[asked.field].to is not None and field_rules:
        yield f"  but no role reads any {object_.fields[asked.field].to}, so the field is not there at all"


def _decision(what: str, decision: Decision, truths: Truths) -> Iterator[str]:
    yield f"{_SAYS[decision.outcome]} {what}"
    for rule in decision.by:
        yield from _rule(rule, truths)
    if not decision.by:
        yield "  no role grants it"
    if decision.nearest is not None:
        yield from _change(decision.nearest)


def _elsewhere(model: Model, object_: Object, field: str | None, decision: Decision) -> Iterator[str]:
    """Where none of the user's roles says anything: the roles that do."""
    for role in () if decision.by else model.roles:
        for rule in rules_on(model, [role], object_, field):
            if rule.role == role and not rule.denied:
                yield f"  role {role} does\n    {_place(rule)}"


def _rule(rule: Rule, truths: Truths) -> Iterator[str]:
    if rule.denied:
        yield f"  role {rule.role} denies it"
    elif rule.rows == ALWAYS and rule.clear == ALWAYS:
        yield f"  role {rule.role} grants it on {'every visible' if rule.add_on else 'every'} record"
    else:
        yield f"  role {rule.role} grants it"
        yield from _condition("on records where", rule.rows, truths)
        if rule.clear == NEVER:
            yield "    and shows it masked" if rule.masked else "    and never shows it"
        else:
            yield from _condition("and shows it where", rule.clear, truths)
        if rule.masked and rule.clear != NEVER:
            yield "    and masked elsewhere"
    yield f"    {_place(rule)}"


def _condition(words: str, condition: Condition, truths: Truths) -> Iterator[str]:
    if condition == ALWAYS:
        return
    yield f"    {words} {spelled(condition)}: {_word(holds(condition, truths))}"
    parts = list(dict.fromkeys(leaves(condition)))
    for part in parts if len(parts) > 1 else ():
        yield f"      {spelled(part)}: {_word(holds(part, truths))}"


def _change(lack: Lack) -> Iterator[str]:
    wanted = " and ".join(spelled(each) for each in lack.missing)
    yield f"  it would, if {wanted}"
    yield f"    role {lack.rule.role}, {_place(lack.rule)}"


def _place(rule: Rule) -> str:
    return "built in" if rule.span.file == "engine" else str(rule.span)


def _word(truth: bool) -> str:
    return "true" if truth else "false"
