"""`/metrics`: what waits for workers, and the process, in the text format of Prometheus."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from salesmode.server.work_state import Seen, WorkState


class Metrics:
    """Looks at the database each time it is asked."""

    def __init__(self, work: WorkState) -> None:
        self._work = work

    async def answer(self, _: Request) -> Response:
        """The metrics of now."""
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Found([*_families(await self._work.look(datetime.now(UTC)))]))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Found(Collector):
    """What was found beforehand."""

    def __init__(self, families: Sequence[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def _families(seen: Seen) -> Iterator[GaugeMetricFamily]:
    late, waiting = seen.late.items(), seen.outbox
    yield _family("salesmode_work_late_seconds", "For how long timed work has been due.", "work", late)
    for name, text, found in (
        ("waiting", "Events that wait for a listener.", [each.waiting for each in waiting]),
        ("oldest_seconds", "For how long the oldest of them waits.", [each.waits for each in waiting]),
        ("given_up", "Events that were given up.", [each.dead for each in waiting]),
    ):
        values = zip((each.listener for each in waiting), found, strict=True)
        yield _family(f"salesmode_outbox_{name}", text, "listener", values)


def _family(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family
