"""No role of a generated app learns through the API what it may not read: the whole proof, on random apps.

`HYPOTHESIS_PROFILE=thorough` tries twenty times as many.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from tests.proving.apps import generated, made
from tests.proving.place import proved
from tests.support.postgres import PostgresServer

App = Sequence[Mapping[str, Any]]

SHARE = 10
TIMES = settings().max_examples // 100
SEEDS = st.integers(1, 1_000)
# A smaller app takes as long to prove: what is found is told as it was found.
FEW = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))


@settings(FEW, max_examples=3 * TIMES)
@given(app=generated(), seed=SEEDS)
def test_on_sqlite(app: App, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    _keeps(f"sqlite:///{tmp_path_factory.mktemp('app')}/test.db", app, seed)


@settings(FEW, max_examples=TIMES)
@given(app=generated(), seed=SEEDS)
def test_on_postgresql(app: App, seed: int, postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        _keeps(url, app, seed)


def _keeps(url: str, app: App, seed: int) -> None:
    verdict = asyncio.run(proved(url, made(*app), "clerk", seed=seed, share=SHARE))
    assert verdict.leaks == []
    assert verdict.probes.total() > 50
