"""`salesmode plugins`: what is there, what the app uses, and what is wrong with it."""

import json
import re
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from salesmode.hookspecs import MetadataKind, hookimpl
from tests.cli.kit import salesmode, write
from tests.support.plugged import plugged


@hookimpl
def metadata_kinds() -> Any:
    return [MetadataKind(name="gift", schema={}, build=lambda reader: reader.name)]


@hookimpl
def after_writ(batch: Any) -> None: ...


GIFTS = SimpleNamespace(metadata_kinds=metadata_kinds)
BROKEN = SimpleNamespace(after_writ=after_writ)


def test_each_is_told_with_its_origin_and_what_it_brings(tmp_path: Path) -> None:
    write(tmp_path, app="kind: app\nname: shop\nplugins: [gifts]\n")
    with plugged(gifts=GIFTS):
        said = salesmode("plugins", str(tmp_path))
    assert said.code == 0
    first, hooks, kinds, *_ = said.out.splitlines()
    assert re.fullmatch(r"gifts  this process \d+  used by the app", first)
    assert (hooks, kinds) == ("  hooks: metadata_kinds", "  kinds: gift")
    assert f"\nduplicates  salesmode {version('salesmode')}\n" in said.out


def test_as_json_it_says_the_same(tmp_path: Path) -> None:
    with plugged(gifts=GIFTS):
        found = {each["name"]: each for each in json.loads(salesmode("plugins", str(tmp_path), "--json").out)}
    assert (found["gifts"]["used"], found["gifts"]["kinds"]) == (False, ["gift"])
    assert found["duplicates"]["distribution"] == "salesmode"
    assert found["duplicates"]["faults"] == []


def test_a_plugin_that_does_not_work_is_told_and_at_fault_where_it_is_used(tmp_path: Path) -> None:
    with plugged(broken=BROKEN):
        assert salesmode("plugins", str(tmp_path)).code == 0
        write(tmp_path, app="kind: app\nname: shop\nplugins: [broken, nowhere]\n")
        said = salesmode("plugins", str(tmp_path))
    assert said.code == 1
    assert "the plugin 'broken' does not fit the hooks: there is no hook `after_writ`" in said.out
    assert "nowhere  not installed  used by the app\n  there is no plugin 'nowhere'\n" in said.out
