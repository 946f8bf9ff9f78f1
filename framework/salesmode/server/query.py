"""From an HTTP request to the Query in it."""

from typing import Any
from urllib.parse import parse_qsl

import orjson

from salesmode.diagnostics.messages import Message
from salesmode.graph.endpoint import Query


class WrongRequest(Exception):
    """No GraphQL request over HTTP: a status, and the key and values of what is told."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(status, key, values)
        self.status = status
        self.message = Message(key, values)


def query_of_post(content_type: bytes, body: bytes, *, batch: int) -> Query | list[Query]:
    """A JSON body; with a `batch` above one also a list of so many requests."""
    media, _, parameters = content_type.decode("latin-1").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    if media.strip() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise WrongRequest(415, "not_json_request")
    given = _loaded(body)
    if batch == 1 or not isinstance(given, list):
        return query_of(given)
    if len(given) > batch:
        raise WrongRequest(400, "limit", limit="batch", max=batch)
    return [query_of(each) for each in given]


def query_of_get(query_string: bytes) -> Query:
    """URL parameters; `variables` and `extensions` are JSON."""
    try:
        given: dict[str, Any] = dict(
            parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict")
        )
    except ValueError:
        raise WrongRequest(400, "bad_parameters") from None
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _loaded(given[name].encode())
        else:
            given.pop(name, None)
    return query_of(given, read_only=True)


def _loaded(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise WrongRequest(400, "not_json") from None


def query_of(given: Any, *, read_only: bool = False) -> Query:
    """The parameters of a request."""
    if isinstance(given, list):
        raise WrongRequest(400, "one_request")
    if not isinstance(given, dict):
        raise WrongRequest(400, "bad_parameters")
    text, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    objects = all(each is None or isinstance(each, dict) for each in (variables, given.get("extensions")))
    if not isinstance(text, str) or not objects or not (name is None or isinstance(name, str)):
        raise WrongRequest(400, "bad_parameters")
    return Query(text, variables or {}, name or None, read_only=read_only)
