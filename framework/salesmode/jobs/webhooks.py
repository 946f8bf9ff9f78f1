"""Telling other systems over HTTP: one signed POST for each event.

The receiver verifies `Salesmode-Signature`: `v1=` and the HMAC-SHA256, in hexadecimal, of the timestamp (the
header `Salesmode-Timestamp`), a dot and the body, under the secret that both sides know; and it refuses old
timestamps, so that nobody can send a request again that was overheard. `Salesmode-Event` is the event's id: a
receiver that must do a thing only once remembers it.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from salesmode.jobs.outbox import Parcel
from salesmode.jobs.post import Post, Unsent, no_answer
from salesmode.jobs.work import Clock
from salesmode.model.webhook import FromEnvironment, Webhook

AT_ONCE = 16
WITHIN = 10.0  # seconds for one request, all of it

Outcome = Mapping[str, str | None]
"""By the parcel's id: why it was not delivered, or None where it was."""


@dataclass(frozen=True, eq=False)
class Messenger:
    """Delivers what webhooks tell. `variables`: the environment of the process. `private`: whether addresses
    that are not public may be asked.
    """

    variables: Mapping[str, str]
    clock: Clock
    private: bool = False
    within: float = WITHIN
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "salesmode-webhook"), init=False
    )

    async def deliver(self, webhook: Webhook, parcels: Sequence[Parcel]) -> Outcome:
        """Send them, several at once: they are about different records."""
        free = asyncio.Semaphore(AT_ONCE)
        errors = await asyncio.gather(*(self._sent(webhook, each, free) for each in parcels))
        return {each.id: error for each, error in zip(parcels, errors, strict=True)}

    def close(self) -> None:
        """No more is sent."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _sent(self, webhook: Webhook, parcel: Parcel, free: asyncio.Semaphore) -> str | None:
        async with free:
            return await self._send(webhook, parcel)

    async def _send(self, webhook: Webhook, parcel: Parcel) -> str | None:
        try:
            url, secret = self._text(webhook.url), self._text(webhook.secret)
        except KeyError as absent:
            return f"the environment has no {absent.args[0]}"
        body = body_of(webhook, parcel)
        post = Post(url, body, headers_of(body, parcel, secret, self.clock()), private=self.private)
        sending = asyncio.get_running_loop().run_in_executor(self._threads, post.send, self.within)
        try:
            await asyncio.wait_for(sending, self.within)
        except TimeoutError:
            return str(no_answer(self.within))
        except Unsent as error:
            return str(error)
        finally:
            post.stop()
        return None

    def _text(self, value: str | FromEnvironment) -> str:
        if isinstance(value, str):
            return value
        found = self.variables.get(value.name)
        if not found:
            raise KeyError(value.name)
        return found


def body_of(webhook: Webhook, parcel: Parcel) -> bytes:
    """The JSON that the receiver gets."""
    head = {
        "event": parcel.id,
        "webhook": webhook.name,
        "at": parcel.at.isoformat().replace("+00:00", "Z"),
        "operation": parcel.operation,
        "object": parcel.object,
        "id": parcel.record_id,
        "version": parcel.version,
    }
    return orjson.dumps(head | orjson.loads(parcel.payload))


def headers_of(body: bytes, parcel: Parcel, secret: str, now: datetime) -> Mapping[str, str]:
    """Who sent it, when, and that nobody changed it."""
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Salesmode",
        "Salesmode-Event": parcel.id,
        "Salesmode-Timestamp": timestamp,
        "Salesmode-Signature": signature(timestamp, body, secret),
    }


def signature(timestamp: str, body: bytes, secret: str) -> str:
    """What the receiver compares."""
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"
