"""`salesmode plugins`: which are installed and from where, which the app uses, and what each brings."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import orjson
import typer
from rich.text import Text

from salesmode.cli.faults import AT_FAULT
from salesmode.cli.options import HERE, AppFolder, AsJson
from salesmode.cli.terminal import console
from salesmode.compiler.plugged import plugins_named
from salesmode.plugins import PluginFault, available, plugins_of

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """One plugin. `used`: the app names it; `faults`: why it cannot be used."""

    name: str
    distribution: str | None
    version: str | None
    used: bool
    hooks: tuple[str, ...]
    kinds: tuple[str, ...]
    types: tuple[str, ...]
    masks: tuple[str, ...]
    faults: tuple[str, ...]


@app.command(help="List the plugins that are installed, and what each brings.")
def plugins(folder: AppFolder = HERE, *, as_json: AsJson = False) -> None:
    named = plugins_named(folder)
    found = [_listed(name, used=name in named) for name in dict.fromkeys((*named, *available()))]
    if as_json:
        console.print(orjson.dumps([asdict(each) for each in found], option=orjson.OPT_INDENT_2).decode())
    else:
        for line in [line for each in found for line in _lines(each)] or [Text("No plugin is installed.")]:
            console.print(line)
    if any(each.used and each.faults for each in found):
        raise typer.Exit(AT_FAULT)


def _listed(name: str, *, used: bool) -> Listed:
    alone = plugins_of((name,))
    source, brought = alone.sources.get(name), alone.brought
    return Listed(
        name=name,
        distribution=source.distribution if source else None,
        version=source.version if source else None,
        used=used,
        hooks=alone.hooks_of(name),
        kinds=tuple(each.name for each in brought.kinds.get(name, ())),
        types=tuple(each.name for each in brought.types.get(name, ())),
        masks=tuple(each.name for each in brought.masks.get(name, ())),
        faults=tuple(map(_fault, alone.faults)),
    )


def _fault(fault: PluginFault) -> str:
    return ": ".join(filter(None, (fault.message, fault.why)))


def _lines(each: Listed) -> Iterator[Text]:
    """The plugin on a line of its own; what it brings is indented."""
    where = "not installed" if each.distribution is None else f"{each.distribution} {each.version}"
    yield Text.assemble(
        (each.name, "bold"), f"  {where}", ("  used by the app" if each.used else "", "green")
    )
    for what, names in (
        ("hooks", each.hooks),
        ("kinds", each.kinds),
        ("types", each.types),
        ("masks", each.masks),
    ):
        if names:
            yield Text(f"  {what}: {', '.join(names)}")
    for fault in each.faults:
        yield Text.assemble("  ", (fault, "bold red"))
