"""Plans are read with every mistake at its place, and the manual compiles."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from salesmode.compiler import compile_texts
from salesmode.diagnostics.collector import MetadataError
from salesmode.testing import conformance
from salesmode_commission import plugin
from salesmode_commission.asked import plans_of
from tests.plugins.commission.world import APP

README = Path(plugin.__file__).parent / "README.md"

ON, BASE = "        on: signed_on\n", "        base: kept\n        rate: 3"
SUM = "sum: kept, date: signed_on}\n        tiers"
FOLLOWS = "follows: {payment: contract, refund: contract}"


def test_the_manual_compiles_without_a_warning() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    found = compile_texts({"app.yaml": "\n---\n".join(blocks)})
    assert [str(each) for each in found.warnings] == []
    plan = plans_of(found.model)["sales"]
    assert [each.name for each in plan.versions[0].records] == ["deal", "overlay"]
    assert plan.versions[0].records[0].pay.by_level == {"senior": Decimal(4)}


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (ON + BASE, BASE, "the day is missing"),
        ("rate: 3\n", "rate: 3\n        each: 2\n", "pays by 2 ways"),
        ("to: owner.manager", "to: owner.team", "leads to a team, and not to a user"),
        ("split: [household, this]", "split: [houshold, this]", "'houshold' is no reference of 'contract'"),
        (FOLLOWS, "follows: {payment: amount}", "'amount' is no reference"),
        ("from: 2026-01-01", "from: 2026-13-01", "'2026-13-01' is no day"),
        ("by_level: {senior: 8000}", "by_level: {seniro: 8000}", "there is no level 'seniro'"),
        (BASE, BASE.replace("kept", "kpet"), "kpet"),
        ("each: 2\n", "each: 2\n        split: [this]\n", "`split` belongs to a rule about records"),
        ("{from: 1000, rate: 1}", "{from: 7000, rate: 1}", "begin higher"),
        ("accelerate: {target: kept", "accelerate: {target: kpet", "there is no target 'kpet'"),
        (SUM, SUM.replace("kept", "name"), "'name' is no number"),
        ("cap: 5", "cap: -5", "'cap' is too small"),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_their_place(right: str, wrong: str, message: str) -> None:
    assert right in APP
    with pytest.raises(MetadataError) as raised:
        compile_texts({"app.yaml": APP.replace(right, wrong, 1)})
    assert any(message in each.message and each.span.line > 1 for each in raised.value.diagnostics)


def test_it_keeps_what_every_plugin_has_to_keep() -> None:
    conformance.check(plugin)
