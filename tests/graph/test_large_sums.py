"""Sums are exact beyond 64 bits too, on both engines (RULINGS 25, 26)."""

from collections.abc import AsyncIterator

import pytest

from tests.support.small_api import SmallApi, small_api

APP = """
kind: object
name: deal
owned: true
fields:
  kind: {type: choice, options: [low, lower, high, none]}
  amount: {type: money}
  weight: {type: big_integer}
  rate: {type: decimal, scale: 4}
  day: {type: date}
---
kind: target
name: revenue
object: deal
measure: {sum: amount}
date: day
---
kind: target
name: rates
object: deal
measure: {sum: rate}
date: day
"""
MONEY, WEIGHT, RATE = "9999999999999999.99", "9223372036854775807", "99999999999999.9999"
TIMES = 20
YEAR = 'from: "2026-01-01", to: "2026-12-31"'


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        root = await found.person("root", "admin")
        for sign, kind in (("", "high"), ("-", "lower")):
            row = {
                "owner": root,
                "kind": kind,
                "amount": sign + MONEY,
                "weight": sign + WEIGHT,
                "rate": sign + RATE,
            }
            for _ in range(TIMES):
                await found.new("deal", **row, day="2026-01-10" if kind == "high" else "2026-02-10")
        await found.new("deal", kind="low", amount="-1.00", weight="-1", rate="-1")
        await found.new("deal", kind="none")
        yield found


async def test_a_sum_is_as_large_as_it_is(api: SmallApi) -> None:
    where = "where: {kind: {eq: high}}"
    text = f"{{ dealAggregate({where}) {{ sum {{ amount weight rate }} avg {{ amount weight rate }} }} }}"
    (found,) = (await api.data("root", text))["dealAggregate"]
    assert found == {
        "sum": {
            "amount": "199999999999999999.80",
            "weight": "184467440737095516140",
            "rate": "1999999999999999.9980",
        },
        "avg": {"amount": MONEY + "0000", "weight": WEIGHT + ".000000", "rate": RATE + "00"},
    }
    whole = "{ deals { aggregate { sum { amount weight rate } } } }"
    assert (await api.data("root", whole))["deals"]["aggregate"]["sum"] == {
        "amount": "-1.00",
        "weight": "-1",
        "rate": "-1.0000",
    }


@pytest.mark.parametrize("field", ["amount", "weight", "rate"])
async def test_large_sums_have_their_order(api: SmallApi, field: str) -> None:
    for way, kinds in (("DESC", ["high", "low", "lower", "none"]), ("ASC", ["lower", "low", "high", "none"])):
        by = f"groupBy: [{{field: kind}}], orderBy: [{{sum: {{{field}: {way}}}}}]"
        found = (await api.data("root", f"{{ dealAggregate({by}) {{ key {{ kind }} }} }}"))["dealAggregate"]
        assert [each["key"]["kind"] for each in found] == kinds


async def test_what_is_reached_of_a_target_is_as_large_as_it_is(api: SmallApi) -> None:
    root = api.people["root"]["id"]
    for target in ("revenue", "rates"):
        for month in ("2026-01-01", "2026-02-01"):
            await api.new("quota", target=target, user=root, starts_on=month, amount="0.01")
    text = f"{{ attainment(target: revenue, {YEAR}) {{ startsOn quota actual attainment gap }} }}"
    assert (await api.data("root", text))["attainment"] == [
        {
            "startsOn": "2026-01-01",
            "quota": "0.01",
            "actual": "199999999999999999.80",
            "attainment": "1999999999999999998000.00",
            "gap": "-199999999999999999.79",
        },
        {
            "startsOn": "2026-02-01",
            "quota": "0.01",
            "actual": "-199999999999999999.80",
            "attainment": "-1999999999999999998000.00",
            "gap": "199999999999999999.81",
        },
    ]
    finer = f"{{ attainment(target: rates, {YEAR}) {{ quota actual gap }} }}"
    assert (await api.data("root", finer))["attainment"][0] == {
        "quota": "0.0100",
        "actual": "1999999999999999.9980",
        "gap": "-1999999999999999.9880",
    }
