"""A client that costs little: raw HTTP/1.1 over kept connections, one request after another on each."""

import asyncio
import time
from dataclasses import dataclass
from statistics import median, quantiles

import psutil


@dataclass(frozen=True)
class Measured:
    """What a run of one server gave."""

    requests: int
    seconds: float
    cpu: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        """The work of the server's process for a request; it hardly depends on what else the machine does."""
        return self.cpu / self.requests * 1000

    @property
    def median_ms(self) -> float:
        return median(self.latencies) * 1000

    @property
    def p99_ms(self) -> float:
        return quantiles(self.latencies, n=100)[98] * 1000


@dataclass(frozen=True)
class Request:
    """One POST to a server's process, as bytes that can be sent again and again."""

    process: int
    port: int
    path: str
    token: str
    body: bytes

    @property
    def wire(self) -> bytes:
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


class Connection:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def answer(self, wire: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._writer.write(wire)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head.split()[1]), await self._reader.readexactly(length)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def connection(port: int) -> Connection:
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


async def ask(request: Request) -> bytes:
    """One answer, checked."""
    client = await connection(request.port)
    try:
        status, body = await client.answer(request.wire)
    finally:
        await client.close()
    assert status == 200, (status, body[:2000])
    return body


async def measure(request: Request, *, seconds: float, connections: int) -> Measured:
    """Ask again and again for that long over that many connections."""
    clients = [await connection(request.port) for _ in range(connections)]
    started, before = time.perf_counter(), _cpu(request.process)
    try:
        runs = await asyncio.gather(*(_repeat(each, request.wire, started + seconds) for each in clients))
    finally:
        for each in clients:
            await each.close()
    latencies = tuple(latency for run in runs for latency in run)
    seconds, cpu = time.perf_counter() - started, _cpu(request.process) - before
    return Measured(len(latencies), seconds, cpu, latencies)


def _cpu(process: int) -> float:
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


async def _repeat(client: Connection, wire: bytes, until: float) -> list[float]:
    latencies = []
    while (before := time.perf_counter()) < until:
        status, _ = await client.answer(wire)
        assert status == 200
        latencies.append(time.perf_counter() - before)
    return latencies
