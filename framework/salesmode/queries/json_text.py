"""JSON text put together in SQL, with as few brackets as can be: SQLite's parser goes only so deep."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from salesmode.fieldtypes.sql import text_literal

_GROUP = 40


class Joined(FunctionElement[str]):
    """Texts one after the other, none of which may be null. Many are grouped: SQLite bounds the depth of an
    expression. Without brackets around: it stands in select lists, arguments and CASE alone.
    """

    type = Text()
    inherit_cache = False
    name = "joined"

    def __init__(
        self, pieces: tuple[str | ColumnElement[str], ...], expressions: Sequence[ColumnElement[str]]
    ) -> None:
        self.pieces = pieces
        super().__init__(*expressions)


@compiles(Joined)
def _compile_joined(element: Joined, compiler: SQLCompiler, **kwargs: Any) -> str:
    texts = [compiler.process(clause, **kwargs) for clause in element.clauses]
    while len(texts) > _GROUP:
        texts = ["(" + " || ".join(texts[at : at + _GROUP]) + ")" for at in range(0, len(texts), _GROUP)]
    return " || ".join(texts)


def joined(pieces: Sequence[str | ColumnElement[str]]) -> ColumnElement[str]:
    """Literal texts (`str`) and expressions, neighbouring literals made one and joined texts spliced in."""
    merged: list[str | ColumnElement[str]] = []
    for piece in _spliced(pieces):
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    expressions = [text_literal(each) if isinstance(each, str) else each for each in merged]
    return expressions[0] if len(expressions) == 1 else Joined(tuple(merged), expressions)


def _spliced(pieces: Sequence[str | ColumnElement[str]]) -> Iterator[str | ColumnElement[str]]:
    for piece in pieces:
        if isinstance(piece, Joined):
            yield from piece.pieces
        else:
            yield piece


class RowText(FunctionElement[str]):
    """The text that a scalar subquery finds, or `null` without a row."""

    type = Text()
    inherit_cache = False
    name = "row_text"


@compiles(RowText)
def _compile_row_text(element: RowText, compiler: SQLCompiler, **kwargs: Any) -> str:
    (subquery,) = element.clauses
    return f"coalesce({compiler.process(subquery, **kwargs)}, 'null')"


@compiles(RowText, "sqlite")
def _compile_row_text_flat(element: RowText, compiler: SQLCompiler, **kwargs: Any) -> str:
    """A second row instead of a call around: that takes none of the parser's depth."""
    (subquery,) = element.clauses
    return compiler.process(subquery, **kwargs).removesuffix(")") + " UNION ALL SELECT 'null' LIMIT 1)"


def object_of(entries: Sequence[tuple[str, str | ColumnElement[str]]]) -> ColumnElement[str]:
    """A JSON object; keys are names of GraphQL, which need no escaping, and values are JSON texts."""
    pieces: list[str | ColumnElement[str]] = ["{"]
    for at, (key, value) in enumerate(entries):
        pieces += [("," if at else "") + f'"{key}":', value]
    return joined([*pieces, "}"])
