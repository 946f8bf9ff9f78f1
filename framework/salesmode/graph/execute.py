"""A plan and the values of one request become the bytes of the answer.

Data fields are one statement each; their JSON text goes out as the database made it. Mutations run in order,
each in its own transaction with what is read back; the first that is refused ends the request.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.graph.errors import told
from salesmode.graph.mutate import mutation
from salesmode.graph.plans import Constant, Data, Plan, Told, Write


@dataclass(frozen=True, slots=True)
class Request:
    """What one request brings beside its text. `environment` has the plan's bound values as its variables."""

    variables: Mapping[str, Any]
    environment: Environment
    locale: str


async def execute(plan: Plan, request: Request, scope: PolicyScope, database: Database) -> bytes:
    """The whole answer; an error of a field is in it, with its path."""
    if len(plan.parts) == 1 or scope.dialect == "sqlite" or isinstance(plan.parts[0], Write):
        return await _in_order(plan, request, scope, database)
    texts = await asyncio.gather(
        *(_part(part, request, scope, database) for part in plan.parts), return_exceptions=True
    )
    return _answer(plan, texts, request.locale)


async def _in_order(plan: Plan, request: Request, scope: PolicyScope, database: Database) -> bytes:
    texts: list[bytes | BaseException] = []
    for part in plan.parts:
        try:
            texts.append(await _part(part, request, scope, database))
        except Exception as error:
            texts.append(error)
            if isinstance(part, Write):
                break
    return _answer(plan, texts, request.locale)


async def _part(
    part: Data | Constant | Told | Write, request: Request, scope: PolicyScope, database: Database
) -> bytes:
    match part:
        case Data():
            statement = part.statement
            text = await database.fetch_text(Step(statement.sql, statement.bind(request.environment)))
            return b"null" if text is None else text.encode()
        case Constant():
            return part.text
        case Told():
            return part.meta.answer(request.variables, request.locale)
        case Write():
            factory = mutation(part, request.variables, request.environment, scope)
            return await database.run(factory)


def _answer(plan: Plan, texts: Iterable[bytes | BaseException], locale: str) -> bytes:
    """`{"data": …}`, joined and never parsed. A field that may not be null takes all of `data` with it."""
    fields, errors, whole = [], [], True
    for part, text in zip(plan.parts, texts, strict=False):
        if isinstance(text, BaseException):
            errors += told(text, locale, (part.key,))
            whole = whole and isinstance(part, Data) and part.nullable
        fields.append(b'"%s":%s' % (part.key.encode(), text if isinstance(text, bytes) else b"null"))
    data = b"{%s}" % b",".join(fields) if whole else b"null"
    return b'{"data":%s}' % data if not errors else b'{"errors":%s,"data":%s}' % (orjson.dumps(errors), data)
