"""The server as a Starlette application."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route, WebSocketRoute

from salesmode.database.driver import Database
from salesmode.graph.endpoint import Endpoint
from salesmode.model.app import Model
from salesmode.server.api_keys import ApiKeys
from salesmode.server.authentication import Authentication
from salesmode.server.callers import Callers
from salesmode.server.console import console, to_console
from salesmode.server.event_stream import EventStream
from salesmode.server.graphql_http import GraphQLOverHTTP
from salesmode.server.graphql_ws import GraphQLOverWebSocket
from salesmode.server.health import Health
from salesmode.server.metrics import Metrics
from salesmode.server.rates import Rates
from salesmode.server.settings import DEFAULTS, Settings
from salesmode.server.subscriptions import Subscriptions
from salesmode.server.tokens import Tokens, Trust
from salesmode.server.work_state import WorkState
from salesmode.tables import Tables, tables_of


def application(
    model: Model, database: Database, *, secret: str | None, dev: bool = False, settings: Settings = DEFAULTS
) -> Starlette:
    """Serves the model on the database: `/graphql`, `/console`, `/health/live`, `/health/ready`,
    `/health/work`, and `/metrics` where the settings say so.

    `secret` verifies tokens; None where only those of a key set are believed. `dev` also believes an `X-User`
    header. Who calls closes the database.
    """
    tables = tables_of(model, database.dialect)
    endpoint = Endpoint(tables, database, limits=settings.limits)
    callers, locales = Callers(tables, database, now=settings.clock), model.app.locales
    authentication = _authentication(tables, database, secret, settings, dev=dev)
    rates = Rates(settings.rate, settings.burst)
    subscriptions = Subscriptions(endpoint, callers, heartbeat=settings.heartbeat)
    stream = EventStream(endpoint, subscriptions, slow=settings.slow)
    graphql = GraphQLOverHTTP(endpoint, callers, authentication, rates, locales, stream, settings)
    connections = GraphQLOverWebSocket(
        endpoint, subscriptions, callers, authentication, rates, locales, settings
    )
    work = WorkState(tables, database)
    health = Health(work)
    app = Starlette(
        middleware=_cross_origin(settings.origins),
        routes=[
            Route("/graphql", graphql, name="graphql"),
            WebSocketRoute("/graphql", connections.serve),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Route("/health/work", health.work),
            *([Route("/metrics", Metrics(work).answer)] if settings.metrics else ()),
            Route("/", to_console),
            Mount("/console", console(), name="console"),
        ],
    )
    app.state.endpoint, app.state.callers = endpoint, callers
    return app


def _authentication(
    tables: Tables, database: Database, secret: str | None, settings: Settings, *, dev: bool
) -> Authentication:
    trust = Trust(secret=secret, key_set=settings.key_set, issuer=settings.issuer, audience=settings.audience)
    return Authentication(Tokens(trust), ApiKeys(tables, database), dev=dev)


def retire(app: Starlette, database: Database) -> None:
    """The application gets no more requests, though the database goes on: what it follows ends."""
    app.state.endpoint.feed.give_up()
    app.state.callers.leave(database)


def _cross_origin(origins: tuple[str, ...]) -> list[Middleware]:
    """Pages on other sites may not ask unless told; credentials of a browser are never used anyway."""
    if not origins:
        return []
    headers = ["Authorization", "Content-Type", "Accept-Language"]
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=headers,
            max_age=86_400,
        )
    ]
