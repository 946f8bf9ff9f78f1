"""A plan and the values of one request become the bytes of the answer.

Data fields are one statement each; their JSON text goes out as the database made it. Mutations run in order,
each in its own transaction with what is read back; the first that is refused ends the request.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.diagnostics.refusal import Refusal
from salesmode.graph.asking import asked
from salesmode.graph.cache import ByteCache
from salesmode.graph.errors import FieldError, told
from salesmode.graph.explain import explanation
from salesmode.graph.explain_stage import stage_explanation
from salesmode.graph.explanation import EXPLAIN_STAGE
from salesmode.graph.holes import Filling
from salesmode.graph.limits import Limits, limit_rows
from salesmode.graph.mutate import handover, mutation
from salesmode.graph.plans import Asked, Constant, Data, Explain, Part, Plan, Told, Transfer, Write
from salesmode.graph.watch import Watch

Run = Callable[[], Awaitable[bytes]]
Text = bytes | BaseException


@dataclass(frozen=True, slots=True)
class Request:
    """What one request brings beside its text. `environment` has the plan's bound values as its variables.

    `answers` keeps those that are no data.
    """

    variables: Mapping[str, Any]
    environment: Environment
    answers: ByteCache
    limits: Limits


async def execute(plan: Plan, request: Request, scope: PolicyScope, database: Database) -> bytes:
    """The whole answer; an error of a field is in it, with its path. FieldError for a value that cannot be
    bound.
    """
    _limit_rows(plan, request)
    runs = [_run(part, request, scope, database) for part in plan.parts]
    writes = any(_changes(part) for part in plan.parts)
    if len(runs) == 1 or writes or scope.dialect == "sqlite":
        texts = await _in_order(runs, stop=writes)
    else:
        texts = await asyncio.gather(*(run() for run in runs), return_exceptions=True)
    return await whole(plan, texts, request.environment, scope, database)


async def whole(
    plan: Plan, texts: Sequence[Text], environment: Environment, scope: PolicyScope, database: Database
) -> bytes:
    """The whole answer of the texts of its fields, with what plugins make of the records in them."""
    if not plan.fillers:
        return _answer(plan, texts, environment.locale)
    filling = Filling(plan.fillers, environment, scope, database)
    keyed = [(part.key, text) for part, text in zip(plan.parts, texts, strict=False)]
    filled = await filling.filled({key: text for key, text in keyed if isinstance(text, bytes)})
    return _answer(plan, [filled.get(*each) for each in keyed], environment.locale, filling.errors)


def _changes(part: Part) -> bool:
    return isinstance(part, Write | Transfer) or (isinstance(part, Asked) and part.changes)


def _limit_rows(plan: Plan, request: Request) -> None:
    """All root fields count together; the one with which it is too much is named."""
    rows = 0
    for part in plan.parts:
        try:
            rows += part.statement.rows(request.environment) if isinstance(part, Data) else 0
            limit_rows(rows, request.limits)
        except Refusal as refusal:
            raise FieldError((part.key,), refusal) from refusal


async def _in_order(runs: Sequence[Run], *, stop: bool) -> list[Text]:
    texts: list[Text] = []
    for run in runs:
        try:
            texts.append(await run())
        except Exception as error:
            texts.append(error)
            if stop:
                break
    return texts


def _run(part: Part, request: Request, scope: PolicyScope, database: Database) -> Run:
    match part:
        case Data():
            return partial(_data, part, _step(part, request.environment), database)
        case Constant():
            return partial(_constant, part)
        case Told():
            return partial(_told, part, request)
        case Write():
            return partial(_write, part, request, scope, database)
        case Transfer():
            return partial(database.run, handover(part, request.environment, scope))
        case Asked():
            return _asked(part, request, scope, database)
        case Explain():
            explain = stage_explanation if part.name == EXPLAIN_STAGE else explanation
            return partial(explain, part, request.environment, scope.system, database)
        case Watch():
            raise AssertionError("a subscription is not executed")


def _asked(part: Asked, request: Request, scope: PolicyScope, database: Database) -> Run:
    unit = asked(part, request.environment, scope)
    return partial(database.run if part.changes else database.look, unit)


def _step(part: Data, environment: Environment) -> Step:
    try:
        return Step(part.statement.sql, part.statement.bind(environment))
    except Exception as error:
        raise FieldError((part.key,), error) from error


async def _data(part: Data, step: Step, database: Database) -> bytes:
    text = await database.fetch_text(step)
    if text is None and part.missing is not None:
        raise Refusal(part.missing.code, part.missing.message)
    return b"null" if text is None else text.encode()


async def _constant(part: Constant) -> bytes:
    return part.text


async def _told(part: Told, request: Request) -> bytes:
    return await part.meta.answer(request.variables, request.environment.locale, request.answers)


async def _write(part: Write, request: Request, scope: PolicyScope, database: Database) -> bytes:
    return await database.run(mutation(part, request.variables, request.environment, scope))


def _answer(
    plan: Plan, texts: Sequence[Text], locale: str, errors: Sequence[Mapping[str, object]] = ()
) -> bytes:
    """`{"data": …}`, joined once and never parsed. A field that may not be null takes all of `data` with it,
    which hides what mutations before it did: the error names those. So does a mutation that is refused.
    """
    pieces: list[bytes] = []
    errors, whole, committed = [*errors], True, list[str]()
    for part, text in zip(plan.parts, texts, strict=False):
        if _changes(part) and isinstance(text, bytes):
            committed.append(part.key)
        if isinstance(text, BaseException):
            errors += told(text, locale, (part.key,), committed)
            whole = whole and _may_be_null(part)
        pieces += (b'%s"%s":' % (b"," if pieces else b"", part.key.encode()), _null_or(text))
    data = (b"{", *pieces, b"}") if whole else (b"null",)
    told_errors = (b'"errors":', orjson.dumps(errors), b",") if errors else ()
    return b"".join((b"{", *told_errors, b'"data":', *data, b"}"))


def _may_be_null(part: Part) -> bool:
    if isinstance(part, Asked):
        return not part.changes and not part.answer.shape.required
    return isinstance(part, Data) and part.missing is None


def _null_or(text: Text) -> bytes:
    return text if isinstance(text, bytes) else b"null"
