"""The server as a Starlette application."""

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from salesmode.database.driver import Database
from salesmode.graph.endpoint import Endpoint
from salesmode.model.app import Model
from salesmode.server.authentication import Authentication
from salesmode.server.callers import Callers
from salesmode.server.console import console, to_console
from salesmode.server.graphql_http import GraphQLOverHTTP
from salesmode.server.health import Health
from salesmode.server.settings import DEFAULTS, Settings
from salesmode.tables import tables_of


def application(
    model: Model, database: Database, *, secret: str, dev: bool = False, settings: Settings = DEFAULTS
) -> Starlette:
    """Serves the model on the database: `/graphql`, `/console`, `/health/live`, `/health/ready`.

    `secret` verifies tokens. `dev` also believes an `X-User` header. Who calls closes the database.
    """
    tables = tables_of(model, database.dialect)
    graphql = GraphQLOverHTTP(
        Endpoint(tables, database, limits=settings.limits),
        Callers(tables, database),
        Authentication(secret, dev=dev),
        model.app.locales,
        max_body=settings.max_body,
    )
    health = Health(database)
    return Starlette(
        routes=[
            Route("/graphql", graphql, name="graphql"),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Route("/", to_console),
            Mount("/console", console(), name="console"),
        ]
    )
