"""How a refusal is told: GraphQL errors with `extensions.code`, in the caller's language (DESIGN §5)."""

import logging
from collections.abc import Mapping, Sequence
from uuid import uuid4

from graphql import GraphQLError

from salesmode.database.errors import (
    DatabaseError,
    SerializationFailure,
    StatementTimeout,
    StatementTooDeep,
    ValueOutOfRange,
)
from salesmode.diagnostics.messages import Message, say
from salesmode.diagnostics.refusal import Refusal

LOG = logging.getLogger("salesmode.graph")

Path = Sequence[str | int]


class RequestErrors(Exception):
    """What graphql-core found wrong with a document, before anything was executed: BAD_REQUEST."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__([each.message for each in errors])
        self.errors = tuple(errors)


class FieldError(Exception):
    """What went wrong with one field of the operation, before anything was executed."""

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(path, error)
        self.path = path
        self.error = error


def told(
    error: BaseException, locale: str, path: Path | None = None, committed: Sequence[str] = ()
) -> list[dict[str, object]]:
    """The `errors` of an answer. What is no refusal is logged under an id, the only thing told of it.

    `committed`: the fields of Mutation whose changes stay, though the answer has no data of them.
    """
    errors = _errors(error, locale, path)
    return [_with_committed(each, committed) for each in errors] if committed else errors


def _errors(error: BaseException, locale: str, path: Path | None) -> list[dict[str, object]]:
    match error:
        case RequestErrors():
            return [_of_document(each, path) for each in error.errors]
        case FieldError():
            return _errors(error.error, locale, error.path)
        case GraphQLError():
            return [_of_document(error, path)]
    refusal = error if isinstance(error, Refusal) else _refusal_of(error)
    if refusal is not None:
        return [_of_refusal(refusal, locale, path)]
    return [_internal(error, locale, path)]


def _with_committed(error: Mapping[str, object], committed: Sequence[str]) -> dict[str, object]:
    extensions = error["extensions"]
    assert isinstance(extensions, dict)
    return {**error, "extensions": {**extensions, "committed": list(committed)}}


def _of_document(error: GraphQLError, path: Path | None) -> dict[str, object]:
    formatted = _with_path({"message": error.message}, path)
    if error.locations:
        formatted["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    return {**formatted, "extensions": {"code": "BAD_REQUEST"}}


def _refusal_of(error: BaseException) -> Refusal | None:
    """What a database's own words mean to a client."""
    match error:
        case StatementTimeout():
            return Refusal("QUERY_TOO_COMPLEX", Message("too_slow", {"max": f"{error.seconds:g}"}))
        case StatementTooDeep():
            return Refusal("QUERY_TOO_COMPLEX", Message("too_deep"))
        case ValueOutOfRange():
            return Refusal("BAD_REQUEST", Message("out_of_range"))
        case SerializationFailure():
            return Refusal("CONFLICT")
    return None


def _of_refusal(refusal: Refusal, locale: str, path: Path | None) -> dict[str, object]:
    extensions: dict[str, object] = {"code": refusal.code}
    if refusal.problems:
        extensions["problems"] = [each.as_json(locale) for each in refusal.problems]
    return _with_path({"message": refusal.message.text(locale)}, path) | {"extensions": extensions}


def _internal(error: BaseException, locale: str, path: Path | None) -> dict[str, object]:
    id_ = str(uuid4())
    reason = type(error).__name__ if isinstance(error, DatabaseError) else "unexpected"
    LOG.error("request failed (%s), id %s", reason, id_, exc_info=error)
    found = _with_path({"message": say("INTERNAL", locale)}, path)
    return found | {"extensions": {"code": "INTERNAL", "id": id_}}


def _with_path(error: Mapping[str, object], path: Path | None) -> dict[str, object]:
    return {**error, "path": list(path)} if path else dict(error)
