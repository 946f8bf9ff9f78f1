"""JSON text put together in SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from salesmode.fieldtypes.sql import text_literal

_GROUP = 40


class Joined(FunctionElement[str]):
    """Texts one after the other; none of them may be null. Grouped, since SQLite bounds an expression's
    depth.
    """

    type = Text()
    inherit_cache = False
    name = "joined"


@compiles(Joined)
def _compile_joined(element: Joined, compiler: SQLCompiler, **kwargs: Any) -> str:
    texts = [compiler.process(clause, **kwargs) for clause in element.clauses]
    while len(texts) > _GROUP:
        texts = ["(" + " || ".join(texts[at : at + _GROUP]) + ")" for at in range(0, len(texts), _GROUP)]
    return "(" + " || ".join(texts) + ")"


def joined(pieces: Sequence[str | ColumnElement[str]]) -> ColumnElement[str]:
    """Literal texts (`str`) and expressions, neighbouring literals made one."""
    merged: list[str | ColumnElement[str]] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    expressions = [text_literal(each) if isinstance(each, str) else each for each in merged]
    return expressions[0] if len(expressions) == 1 else Joined(*expressions)


def object_of(entries: Sequence[tuple[str, str | ColumnElement[str]]]) -> ColumnElement[str]:
    """A JSON object; keys are names of GraphQL, which need no escaping, and values are JSON texts."""
    pieces: list[str | ColumnElement[str]] = ["{"]
    for at, (key, value) in enumerate(entries):
        pieces += [("," if at else "") + f'"{key}":', value]
    return joined([*pieces, "}"])
