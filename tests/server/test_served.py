"""A model is replaced while it is served: nothing that runs is dropped, and subscriptions ask again."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from starlette.types import Message, Scope

from salesmode.model.app import Model
from salesmode.model.label import Label
from salesmode.server.served import Served
from tests.server.live import live
from tests.server.office import SECRET, Office
from tests.server.test_subscriptions import bearer, talk, watching

pytestmark = pytest.mark.anyio

DESCRIPTION = {"query": '{ __type(name: "Deal") { description } }'}


def served_by(office: Office) -> Served:
    return Served(office.model, office.url, SECRET)


def renamed(office: Office) -> Model:
    deal = replace(office.model.objects["deal"], label=Label({"en": "Bargain"}))
    return replace(office.model, objects={**office.model.objects, "deal": deal}, version="another")


async def test_the_next_request_meets_the_new_model_and_the_running_one_the_old(served: Office) -> None:
    app = served_by(served)
    body, asked, answers = asyncio.Event(), asyncio.Event(), []

    async def receive() -> Message:
        asked.set()
        await body.wait()
        return {"type": "http.request", "body": b'{"query": "{ viewer { name } }"}'}

    async def send(message: Message) -> None:
        answers.append(message)

    async with live(app, lifespan="on") as at, httpx.AsyncClient(headers=bearer()) as client:
        headers = [(name.lower().encode(), value.encode()) for name, value in bearer().items()]
        scope = _scope([*headers, (b"content-type", b"application/json")])
        running = asyncio.create_task(app(scope, receive, send))
        await asked.wait()
        app.replace(renamed(served))
        told = await client.post(f"http://{at}/graphql", json=DESCRIPTION)
        assert told.json()["data"]["__type"]["description"] == "Bargain"
        body.set()
        await running
    assert answers[0]["status"] == 200
    assert answers[1]["body"] == b'{"data":{"viewer":{"name":"ann"}}}'


def _scope(headers: list[tuple[bytes, bytes]]) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
    }


async def test_subscriptions_end_so_that_they_are_asked_for_again(served: Office) -> None:
    app = served_by(served)
    async with live(app, lifespan="on") as at, talk(at) as ann:
        await ann.init()
        await watching(ann, served)
        app.replace(renamed(served))
        assert await ann.closed() == 1013


async def test_old_models_hear_no_more_of_the_database(served: Office) -> None:
    app = served_by(served)
    async with live(app, lifespan="on"):
        heard = len(app.database.listeners)
        for _ in range(3):
            app.replace(renamed(served))
        assert len(app.database.listeners) == heard
