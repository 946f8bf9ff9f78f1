"""Introspection is made beside the event loop; what it says is what graphql-core says."""

import asyncio
import threading
from typing import Any

import orjson
import pytest
from graphql import execute_sync, get_introspection_query, parse

from salesmode.graph.meta import Meta
from tests.graph.api import Api
from tests.graph.worlds import crm, schema_of

pytestmark = pytest.mark.anyio


async def test_the_answer_is_that_of_the_library(api: Api) -> None:
    text = get_introspection_query()
    known = execute_sync(schema_of(crm(), "sales"), parse(text))
    assert not known.errors
    assert await api.data(text, "sales") == known.data


async def test_others_are_answered_while_it_is_made(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, executed = threading.Event(), threading.Event(), Meta._executed

    def slow(self: Meta, *arguments: Any) -> bytes:
        begun.set()
        assert go_on.wait(30)
        return executed(self, *arguments)

    monkeypatch.setattr(Meta, "_executed", slow)
    asking = asyncio.create_task(api.answer(get_introspection_query()))
    await asyncio.to_thread(begun.wait, 30)
    assert await api.data("{ customers { totalCount } }") == {"customers": {"totalCount": 0}}
    assert not asking.done()
    go_on.set()
    assert "errors" not in orjson.loads((await asking).body)
