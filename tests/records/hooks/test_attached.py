"""Tags, grants and promotions over the API; files of rows; what clients are told of a plugin that fails."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesmode.database.driver import UnitOf
from salesmode.diagnostics import Refusal
from salesmode.exchange.columns import identifying, importable
from salesmode.exchange.formats import format_of, reading
from salesmode.exchange.incorporate import Incoming, Outcome, incorporate
from salesmode.hookspecs import Batch
from salesmode.records.subject import subject_of
from salesmode.testing import Crm, Refused, crm
from tests.records.conftest import OpenDesk
from tests.records.hooks.kit import Sample, shop, using, watching
from tests.records.kit import Desk
from tests.support.household import HOUSEHOLDS

APP = f"""
kind: app
name: households
plugins: [sample]
---
{HOUSEHOLDS}
"""


@pytest.fixture
def sample() -> Sample:
    return watching()


@pytest.fixture
def households(database_url: str, sample: Sample) -> Iterator[Crm]:
    with crm(APP, plugins={"sample": sample}, database=database_url) as found:
        yield found


def test_tags_are_records_that_plugins_hear_of(households: Crm, sample: Sample) -> None:
    admin = households.admin
    id_ = admin.create("household", name="Li")
    sample.seen.clear()
    tagged = "mutation ($id: ID!) { tagHousehold(id: $id, tag: referral) { household { id } } }"
    admin.ask(tagged, id=id_)
    assert sample.names("before_write") == [("tag", "create", 1)]
    assert sample.batches[-1].changes[0].new["household"] == id_
    sample.seen.clear()
    admin.ask(
        "mutation ($id: ID!) { promoteHouseholdTag(id: $id, tag: referral) { opportunity { id } } }", id=id_
    )
    assert sample.names("before_write") == [("opportunity", "create", 1), ("tag", "update", 1)]
    assert sample.names("validate_record") == sample.names("after_write") == sample.names("before_write")
    admin.ask(tagged, id=id_)
    sample.seen.clear()
    admin.ask("mutation ($id: ID!) { untagHousehold(id: $id, tag: referral) { household { id } } }", id=id_)
    assert sample.names("before_write") == sample.names("after_write") == [("tag", "delete", 1)]


def test_a_tag_that_follows_from_what_a_plugin_writes_counts_a_version(
    database_url: str, sample: Sample
) -> None:
    """The record is being written when a rule tags it: both are writes of it, and its history has both."""

    def visiting(batch: Batch) -> Any:
        if batch.object.name == "household" and batch.operation in ("update", "delete"):
            visits = [{"household": each.id, "kind": "call", "at": batch.desk.now} for each in batch.changes]
            yield from batch.desk.create("visit", visits * 2)

    with crm(APP, plugins={"sample": Sample(before_write=visiting)}, database=database_url) as found:
        id_ = found.admin.create("household", name="Li")
        before = read(found, id_)
        found.admin.update("household", id_, children=1)
        after = read(found, id_)
        assert (after["version"], after["children"]) == (before["version"] + 2, 1)
        assert {each["name"] for each in after["tags"]} == {"often_called"}
        fields = [change["field"] for entry in after["history"]["nodes"] for change in entry["changes"]]
        assert fields[:1] == ["children"]
        assert fields[1:3] == ["tags", "tags"]
        found.admin.delete("household", id_)
        visits = found.run(lambda desk: desk.read("visit", ["household"]))
        assert [each["household"] for each in visits] == [None] * 4
        found.admin.ask("mutation ($id: ID!) { restoreHousehold(id: $id) { household { id } } }", id=id_)
        assert read(found, id_)["children"] == 1


def read(found: Crm, id_: str) -> Any:
    picked = "version children tags { name } history { nodes { changes { field } } }"
    return found.admin.read("household", id_, picked)


def failing(hook: str) -> Sample:
    def fails(batch: Batch) -> None:
        if batch.object.name == "household":
            raise KeyError("inside of the plugin")

    return Sample(**{hook: fails})


@pytest.mark.parametrize("hook", ["before_write", "validate_record", "after_write"])
def test_a_client_is_told_which_plugin_failed_and_no_more(database_url: str, hook: str) -> None:
    with crm(APP, plugins={"sample": failing(hook)}, database=database_url) as found:
        with pytest.raises(Refused) as raised:
            found.admin.create("household", name="Li")
        assert raised.value.codes == ("INTERNAL",)
        assert "The plugin 'sample' failed; nothing was written." in str(raised.value)
        assert "inside of the plugin" not in str(raised.value)
        assert found.admin.list("household", "name") == []


CSV = "name,region\n" + "".join(f"n{at},{at % 3}\n" for at in range(1200))


async def bring(desk: Desk, path: Path, **how: bool) -> Outcome:
    subject = subject_of(desk.system().scope, "account")
    with reading(path, format_of(path, None), "utf-8") as table:
        heading = importable(subject, table.headers, ())
    incoming = Incoming(subject, heading, identifying(subject, ()), **how)

    def unit() -> UnitOf[Outcome]:
        with reading(path, format_of(path, None), "utf-8") as table:
            return (yield from incorporate(incoming, table, desk.system().environment))

    return await desk.database.run(unit)


async def test_a_file_of_rows(open_desk: OpenDesk, tmp_path: Path) -> None:
    sample, path = watching(), tmp_path / "accounts.csv"
    path.write_text(CSV)
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        await bring(desk, path)
        assert sample.names("before_write") == [("account", "create", 1000), ("account", "create", 200)]
        assert sample.names("after_write") == sample.names("before_write")


async def test_rows_that_a_plugin_refuses_are_left_out_of_the_file(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    def refusing(batch: Batch) -> None:
        if any(each.new["name"] in ("n7", "n1100") for each in batch.changes):
            raise Refusal("CONFLICT")

    path = tmp_path / "accounts.csv"
    path.write_text(CSV)
    with using(sample=Sample(before_write=refusing)) as app:
        desk = await open_desk(shop(**app))
        outcome = await bring(desk, path, keep_going=True)
        assert [each.number for each in outcome.refused] == [9, 1102]
        assert len(await desk.rows("account")) == 1198


async def test_a_plugin_that_fails_ends_the_import_at_once(open_desk: OpenDesk, tmp_path: Path) -> None:
    def broken(batch: Batch) -> Any:
        raise KeyError

    sample, path = Sample(after_write=broken), tmp_path / "accounts.csv"
    path.write_text(CSV)
    with using(sample=sample) as app:
        desk = await open_desk(shop(**app))
        with pytest.raises(Refusal) as caught:
            await bring(desk, path, keep_going=True)
        assert caught.value.code == "INTERNAL"
        assert len(sample.seen) == 1
        assert await desk.rows("account") == []
