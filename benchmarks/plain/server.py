"""The HTTP side: Starlette, bearer tokens, orjson. `python -m benchmarks.plain.server URL PORT SECRET`."""

import sys
from functools import lru_cache
from typing import Any

import jwt
import orjson
import uvicorn
from graphql import DocumentNode, execute, parse, validate
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.plain.database import Database, database
from benchmarks.plain.loaders import Loaders
from benchmarks.plain.rights import Caller
from benchmarks.plain.schema import schema
from benchmarks.plain.tables import users


class Server:
    """Answers POST /graphql as graphene does, and POST /prepared with parsed and validated documents kept."""

    def __init__(self, served: Database, secret: str) -> None:
        self._database = served
        self._secret = secret
        self._callers: dict[str, Caller] = {}

    async def graphql(self, request: Request) -> Response:
        context, asked = await self._asked(request)
        result = await schema.execute_async(
            asked["query"], variable_values=asked.get("variables"), context_value=context
        )
        return _response({"data": result.data} if not result.errors else {"errors": str(result.errors)})

    async def prepared(self, request: Request) -> Response:
        context, asked = await self._asked(request)
        running: Any = execute(
            schema.graphql_schema,
            _document(asked["query"]),
            context_value=context,
            variable_values=asked.get("variables"),
        )
        result = await running
        return _response({"data": result.data} if not result.errors else {"errors": str(result.errors)})

    async def _asked(self, request: Request) -> tuple[Loaders, dict[str, Any]]:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, self._secret, algorithms=["HS256"])
        return Loaders(self._database, await self._caller(claims["sub"])), orjson.loads(await request.body())

    async def _caller(self, name: str) -> Caller:
        if name not in self._callers:
            (me,) = await self._database.rows(select(users).where(users.c.name == name))
            mates = await self._database.rows(select(users.c.id).where(users.c.team_id == me.team_id))
            self._callers[name] = Caller(str(me.id), tuple(str(each.id) for each in mates))
        return self._callers[name]


@lru_cache(maxsize=100)
def _document(text: str) -> DocumentNode:
    document = parse(text)
    assert not validate(schema.graphql_schema, document)
    return document


def _response(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def main(url: str, port: str, secret: str) -> None:
    server = Server(database(url), secret)
    routes = [
        Route("/graphql", server.graphql, methods=["POST"]),
        Route("/prepared", server.prepared, methods=["POST"]),
    ]
    uvicorn.run(Starlette(routes=routes), port=int(port), access_log=False, log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
