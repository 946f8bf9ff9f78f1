"""What webhooks tell, to a real server: signed, only listed fields, in order, until it is taken."""

import hashlib
import hmac
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from salesmode.access.scope import SystemScope
from salesmode.jobs import Outbox
from salesmode.jobs.delivery import MOST_ATTEMPTS, pause
from salesmode.jobs.post import Post, Unsent
from salesmode.records import create, delete, restore, tag, untag, update
from tests.jobs.crm import Crm, crm
from tests.jobs.receiver import Receiver, receiving
from tests.support.small_api import SYSTEM

pytestmark = pytest.mark.anyio

HOOK = """
kind: webhook
name: erp
url: {env: ERP_URL}
secret: {env: ERP_SECRET}
on: {object: customer}
fields: [name, parent.name, score]
"""
SECRET = "between the two of us"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def known(receiver: Receiver) -> dict[str, str]:
    return {"ERP_URL": receiver.url, "ERP_SECRET": SECRET}


async def test_a_change_is_told_with_listed_fields_and_signed(database_url: str, receiver: Receiver) -> None:
    async with crm(database_url, HOOK, variables=known(receiver)) as found:
        parent = await found.new("customer", name="Group")
        customer = await found.new("customer", name="Ümlaut „x“", grade="a", score=7, parent=parent)
        await found.api.change("customer", customer, score=8, grade="b")
        await found.api.change("customer", customer, grade="a")
        assert await found.worker().once() == 3
    last = receiver.requests[-1]
    assert last.told == {
        "event": last.headers["Salesmode-Event"],
        "webhook": "erp",
        "at": "2026-03-01T12:00:00Z",
        "operation": "updated",
        "object": "customer",
        "id": customer,
        "version": 2,
        "old": {"score": 7},
        "new": {"score": 8},
        "record": {"name": "Ümlaut „x“", "parent.name": "Group", "score": 8},
    }
    assert last.path == "/hook?from=crm"
    assert last.headers["Host"] == f"127.0.0.1:{receiver.port}"
    timestamp = last.headers["Salesmode-Timestamp"]
    signed = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + last.body, hashlib.sha256).hexdigest()
    assert last.headers["Salesmode-Signature"] == f"v1={signed}"
    assert len(receiver.requests) == 3, "the last change wrote no field that is listed"
    assert all("grade" not in each.body.decode() for each in receiver.requests)


async def test_what_became_of_records_is_told_where_they_fit(database_url: str, receiver: Receiver) -> None:
    hook = HOOK.replace("{object: customer}", "{object: customer, where: {score: {gt: 5}}}")
    mark = "kind: tag\nname: hot\nobject: customer"
    async with crm(database_url, hook, mark, variables=known(receiver)) as found:
        scope, run = SystemScope(found.api.tables), found.api.database.run
        customer = await found.new("customer", name="C", score=1)
        await found.api.change("customer", customer, score=6)
        await run(lambda: tag(scope, "customer", {"id": customer, "tag": "hot"}, None, SYSTEM))
        await run(lambda: untag(scope, "customer", {"id": customer, "tag": "hot"}, SYSTEM))
        await run(lambda: delete(scope, "customer", [customer], SYSTEM))
        await run(lambda: restore(scope, "customer", [customer], SYSTEM))
        await found.api.change("customer", customer, score=2)
        await found.worker().once()
    told = [(each.told["operation"], each.told["version"]) for each in receiver.requests]
    assert told == [("updated", 2), ("tagged", 3), ("untagged", 4), ("deleted", 5), ("restored", 6)]
    assert receiver.requests[1].told["tag"] == "hot"


async def test_operations_are_chosen_and_a_move_is_one(database_url: str, receiver: Receiver) -> None:
    hook = HOOK.replace("{object: customer}", "{object: deal, operations: [moved]}")
    hook = hook.replace("[name, parent.name, score]", "[name, stage]")
    async with crm(database_url, hook, variables=known(receiver)) as found:
        deal = await found.new("deal", name="D")
        await found.api.change("deal", deal, name="E")
        await found.api.move("deal", deal, "offer")
        await found.worker().once()
    (request,) = receiver.requests
    assert request.told["old"] == {"stage": "talk"}
    assert request.told["record"] == {"name": "E", "stage": "offer"}


async def test_nothing_is_put_aside_where_nobody_listens(database_url: str) -> None:
    async with crm(
        database_url, HOOK.replace("customer", "deal").replace("parent.name, score", "stage")
    ) as found:
        found.api.heard.clear()
        await found.new("customer", name="C")
        assert not any("sm_outbox" in each for each in found.api.heard)


async def test_a_write_that_is_refused_is_not_told(database_url: str, receiver: Receiver) -> None:
    async with crm(database_url, HOOK, variables=known(receiver)) as found:
        scope = SystemScope(found.api.tables)
        with pytest.raises(Exception, match="VALIDATION_FAILED"):
            await found.new("customer", name="C", grade="c", score=1)
        customer = await found.new("customer", name="C")
        values = {"grade": "c", "score": 1}
        with pytest.raises(Exception, match="VALIDATION_FAILED"):
            await found.api.database.run(lambda: update(scope, "customer", [customer], values, SYSTEM))
        await found.worker().once()
    assert [each.told["operation"] for each in receiver.requests] == ["created"]


async def test_what_is_not_taken_is_tried_ever_later_in_order(
    database_url: str, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers = [500, 302, 200]
    async with crm(database_url, HOOK, variables=known(receiver)) as found:
        customer = await found.new("customer", name="C")
        await found.api.change("customer", customer, name="D")
        other = await found.new("customer", name="Other")
        with caplog.at_level(logging.WARNING, "salesmode.jobs"):
            await found.worker().once()
        assert "answered with the status 500" in caplog.text
        first = [(each.told["id"], each.told["version"]) for each in receiver.requests]
        assert sorted(first) == sorted([(customer, 1), (other, 1)]), "the change waits for the creation"
        found.now += pause(1, 0.5) - timedelta(seconds=1)
        await found.worker().once()
        assert len(receiver.requests) == 2, "too early"
        found.now += timedelta(seconds=1)
        await found.worker().once()
        versions = [each.told["version"] for each in receiver.requests if each.told["id"] == customer]
        assert versions == [1, 1, 2], "no redirect was followed, and the order was kept"
        assert await found.rows("SELECT count(*) FROM sm_outbox") == [(0,)]


async def test_what_nobody_takes_is_given_up_and_can_be_replayed(
    database_url: str, receiver: Receiver
) -> None:
    receiver.answers = [503]
    async with crm(database_url, HOOK, variables=known(receiver)) as found:
        outbox, database = Outbox(found.api.tables), found.api.database
        customer = await found.new("customer", name="C")
        await found.api.change("customer", customer, name="D")
        for _ in range(MOST_ATTEMPTS):
            await found.worker().once()
            found.now += timedelta(hours=8)
        versions = [each.told["version"] for each in receiver.requests]
        assert versions == [1] * MOST_ATTEMPTS + [2], "what comes after goes on"
        (dead,) = await outbox.dead(database)
        assert (dead.record_id, dead.version, dead.error) == (customer, 1, "answered with the status 503")
        receiver.answers = [200]
        await found.worker().once()
        assert await database.run(lambda: outbox.replayed([dead.id], found.now)) == 1
        await found.worker().once()
        assert receiver.requests[-1].told["version"] == 1
        assert await outbox.dead(database) == []
        assert await database.run(lambda: outbox.replayed(None, found.now)) == 0


async def test_pauses_double_and_differ() -> None:
    assert [pause(each, 0.5).total_seconds() for each in (1, 2, 3)] == [15, 30, 60]
    assert pause(40, 0.5) == timedelta(hours=6)
    assert [pause(3, each).total_seconds() for each in (0.0, 1.0)] == [45, 75]


@pytest.mark.parametrize("secret", [{}, {"ERP_SECRET": ""}])
async def test_a_secret_that_is_not_there_is_named_and_nothing_is_sent(
    sqlite_url: str, receiver: Receiver, secret: dict[str, str]
) -> None:
    async with crm(sqlite_url, HOOK, variables={"ERP_URL": receiver.url, **secret}) as found:
        await found.new("customer", name="C")
        await found.worker().once()
        assert await found.rows("SELECT error FROM sm_outbox") == [("the environment has no ERP_SECRET",)]
    assert receiver.requests == []


async def test_who_never_answers_is_left(database_url: str, receiver: Receiver) -> None:
    receiver.hold = threading.Event()
    async with crm(database_url, HOOK, variables=known(receiver)) as found:
        await found.new("customer", name="C")
        worker = found.worker(within=0.2)
        await worker.once()
        assert await found.rows("SELECT error FROM sm_outbox") == [("no answer within 0.2 seconds",)]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost/x",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
    ],
)
def test_addresses_of_the_own_network_are_not_asked(url: str) -> None:
    with pytest.raises(Unsent, match="no public address"):
        Post(url, b"", {}, private=False).send(1)


async def test_a_thousand_rows_are_told_of_by_a_bounded_number_of_statements(
    database_url: str, receiver: Receiver
) -> None:
    async with crm(database_url, HOOK, variables=known(receiver)) as found:
        counts = []
        for size in (1, 100):
            found.api.heard.clear()
            await many(found, size)
            counts.append(len(found.api.heard))
    assert counts[0] == counts[1]


async def many(found: Crm, size: int) -> None:
    rows = [{"name": f"C{number}"} for number in range(size)]
    scope = SystemScope(found.api.tables)
    await found.api.database.run(lambda: create(scope, "customer", rows, SYSTEM))
