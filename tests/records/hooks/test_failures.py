"""Plugins that hang, raise, or go round in circles: named, and nothing is written."""

import asyncio
from collections.abc import Iterator
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Batch
from tests.records.conftest import OpenDesk
from tests.records.hooks.kit import Sample, shop, using
from tests.records.kit import refused

HOOKS = ("before_write", "validate_record", "after_write")


@pytest.fixture
def forever() -> Iterator[Event]:
    """What a plugin waits for; nobody brings it before the test is over."""
    event = Event()
    yield event
    event.set()


async def told(attempt: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        await attempt
    return caught.value.code, caught.value.message.text("en")


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("stepwise", [False, True])
async def test_one_that_raises(
    open_desk: OpenDesk, hook: str, stepwise: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(batch: Batch) -> Any:
        raise KeyError("secret of the plugin")

    def later(batch: Batch) -> Any:
        yield from batch.desk.create("contact", [{"name": "left behind"}])
        broken(batch)

    with using(sample=Sample(**{hook: only_accounts(later if stepwise else broken)})) as app:
        desk = await open_desk(shop(**app))
        assert await told(desk.system().new("account", name="a")) == (
            "INTERNAL",
            "The plugin 'sample' failed; nothing was written.",
        )
        assert f"plugin 'sample' failed in `{hook}`" in caplog.text
        assert "secret of the plugin" in caplog.text
        assert (await desk.rows("account"), await desk.rows("contact")) == ([], [])


def only_accounts(does: Any) -> Any:
    return lambda batch: does(batch) if batch.object.name == "account" else None


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("stepwise", [False, True])
async def test_one_that_hangs(
    open_desk: OpenDesk, hook: str, stepwise: bool, forever: Event, caplog: pytest.LogCaptureFixture
) -> None:
    def hanging(batch: Batch) -> Any:
        forever.wait()

    def later(batch: Batch) -> Any:
        yield from batch.desk.create("contact", [{"name": "left behind"}])
        forever.wait()

    with using(sample=Sample(**{hook: only_accounts(later if stepwise else hanging)})) as app:
        desk = await open_desk(shop(plugin_timeout=0.05, **app))
        assert await told(desk.system().new("account", name="a")) == (
            "INTERNAL",
            "The plugin 'sample' took too long; nothing was written.",
        )
        assert "forever.wait()" in caplog.text  # where it hangs
        assert (await desk.rows("account"), await desk.rows("contact")) == ([], [])
    with using(sample=Sample()):
        await desk.system().new("account", name="b")
        assert [each["name"] for each in await desk.rows("account")] == ["b"]


async def test_others_go_on_while_one_takes_its_time(open_desk: OpenDesk, forever: Event) -> None:
    begun = Event()

    def slow(batch: Batch) -> None:
        begun.set()
        forever.wait()

    with using(sample=Sample(before_write=only_accounts(slow))) as app:
        desk = await open_desk(shop(plugin_timeout=60, **app))
        slowly = asyncio.ensure_future(desk.system().new("account", name="a"))
        await asyncio.to_thread(begun.wait)
        assert await desk.rows("account") == []
        forever.set()
        await slowly
        assert len(await desk.rows("account")) == 1


async def test_a_loop_is_ended_once_nobody_waits(open_desk: OpenDesk) -> None:
    """It would take the processor from everybody for as long as the process lives."""
    threads: list[Thread] = []

    def looping(batch: Batch) -> Any:
        threads.append(current_thread())
        while True:
            pass

    with using(sample=Sample(before_write=looping)) as app:
        desk = await open_desk(shop(plugin_timeout=0.05, **app))
        assert (await refused(desk.system().new("account", name="a")))[0] == "INTERNAL"
        await asyncio.to_thread(threads[0].join)


async def test_circles_end(open_desk: OpenDesk, caplog: pytest.LogCaptureFixture) -> None:
    def again(batch: Batch) -> Any:
        yield from batch.desk.create("contact", [{"name": "and another one"}])

    sample = Sample(after_write=again)
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        assert await told(desk.system().new("contact", name="first")) == (
            "INTERNAL",
            "The plugin 'sample' is called by its own writes again and again; nothing was written.",
        )
        assert len(sample.seen) == 8
        assert await desk.rows("contact") == []


async def test_a_deep_but_finite_chain_is_none(open_desk: OpenDesk) -> None:
    def shorter(batch: Batch) -> Any:
        name = str(batch.changes[0].new["name"])
        if name:
            yield from batch.desk.create("contact", [{"name": name[1:] or None}] if name[1:] else [])

    with using(sample=Sample(after_write=shorter)) as app:
        desk = await open_desk(shop(**app))
        await desk.system().new("contact", name="abcdefgh")
        assert len(await desk.rows("contact")) == 8


async def test_the_caller_stays_the_caller_in_what_plugins_write(open_desk: OpenDesk) -> None:
    """Deeper down too: a plugin asks as the caller and not as the plugin before it."""
    seen: list[Any] = []

    def first(batch: Batch) -> Any:
        if batch.object.name == "contact":
            yield from batch.desk.create("account", [{"name": "of nobody", "owner": None}])

    def second(batch: Batch) -> Any:
        if batch.object.name == "account":
            rows = yield from batch.desk.as_caller().read("account", ["name", "hidden"])
            seen.append((batch.desk.caller.id, rows))

    with using(one=Sample(after_write=first), two=Sample(after_write=second)) as app:
        desk = await open_desk(shop(**app))
        (li,) = await desk.system().create("user", {"name": "Li"})
        await desk.system().new("account", name="mine", owner=li, hidden="x")
        seen.clear()
        await desk.caller({"id": li, "roles": ("seller",)}, "seller").new("contact", name="x")
        ((id_, rows),) = seen
        assert (id_, [(each["name"], each["hidden"]) for each in rows]) == (li, [("mine", None)])


async def test_after_a_refusal_nothing_more_is_done(open_desk: OpenDesk) -> None:
    """Whatever a hook tries while the refusal goes through it."""

    def stubborn(batch: Batch) -> Any:
        try:
            yield from batch.desk.create("account", [{"name": None}])
        finally:
            yield from batch.desk.create("contact", [{"name": "all the same"}])

    with using(sample=Sample(after_write=only_accounts(stubborn))) as app:
        desk = await open_desk(shop(**app))
        code, _ = await refused(desk.system().new("account", name="a"))
        assert code == "VALIDATION_FAILED"
        assert (await desk.rows("account"), await desk.rows("contact")) == ([], [])
