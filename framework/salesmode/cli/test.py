"""`salesmode test`: whether an app's stories hold; `--permissions`: that no role learns too much."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from salesmode.cli.faults import AT_FAULT, usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder
from salesmode.cli.stories import only, told
from salesmode.cli.terminal import console, counted
from salesmode.cli.test_coverage import say_coverage
from salesmode.cli.test_mutations import mutated, say_mutants
from salesmode.cli.test_place import OWN, running
from salesmode.cli.test_stories import played, say_verdicts
from salesmode.compiler import Compiled
from salesmode.diagnostics import did_you_mean
from salesmode.model.app import Model
from salesmode.proving.matrix import Verdict, prove
from salesmode.proving.probe import Leak
from salesmode.stories.telling import Telling

_TOLD = 20
_LONGEST = 2_000

app = typer.Typer(add_completion=False)


@app.command(
    name="test",
    help="Play the app's stories; see that each of them can fail, and what they cover; "
    "or prove that no role learns what it may not read.",
)
def run(
    folder: AppFolder = HERE,
    *,
    permissions: Annotated[
        bool, typer.Option("--permissions", help="Ask everything as every role, in two worlds.")
    ] = False,
    story: Annotated[
        list[str] | None, typer.Option("--story", metavar="NAME", help="Only this story; may be repeated.")
    ] = None,
    mutations: Annotated[
        bool, typer.Option("--mutations", help="Take out what each story proves: it has to fail then.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Print which story shows which requirement, by which part.")
    ] = False,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="NAME", help="Only this role; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes other worlds.")] = 1,
    share: Annotated[int, typer.Option(min=1, help="One of so many probes, chosen by the seed.")] = 1,
    database: Annotated[
        str, typer.Option(metavar="sqlite|URL", help="A database that is empty; it is left empty.")
    ] = OWN,
) -> None:
    made = compiled(folder)
    if coverage:
        say_coverage(told(made, story))
    elif mutations:
        _mutate(folder, made, story)
    elif not permissions:
        _play(folder, made, story, database)
    else:
        _prove(made, role, seed, share, database)


def _prove(made: Compiled, role: list[str] | None, seed: int, share: int, database: str) -> None:
    verdicts = asyncio.run(_proved(made.model, _known(made.model, role), seed, share, database))
    _say(verdicts)
    if any(each.leaks for each in verdicts):
        raise typer.Exit(AT_FAULT)


def _play(folder: Path, made: Compiled, names: Sequence[str] | None, url: str) -> None:
    wanted = told(made, names)
    if not wanted.stories and not wanted.left_out:
        console.print("There are no stories. `--permissions` proves the rights of the roles.")
    elif len(_holding(folder, wanted, made, url)) < len(wanted.stories):
        raise typer.Exit(AT_FAULT)


def _mutate(folder: Path, made: Compiled, names: Sequence[str] | None) -> None:
    """A story that fails anyway proves nothing, so they are played first. Those of the layers below are tried
    where they are told, unless they are named.
    """
    found = told(made, names)
    wanted = found if names else only(found, {each.name for each in found.stories if each.own})
    holding = only(wanted, _holding(folder, wanted, made, OWN))
    mutants = mutated(folder, holding.proofs)
    say_mutants(mutants, holding.stories, made.sources)
    if len(holding.stories) < len(wanted.stories) or any(each.wrong for each in mutants):
        raise typer.Exit(AT_FAULT)


def _holding(folder: Path, wanted: Telling, made: Compiled, url: str) -> frozenset[str]:
    """The names of the stories that hold, all of them told."""
    verdicts = played(folder, wanted.stories, made.model, url)
    say_verdicts(verdicts, wanted.left_out, made.sources)
    return frozenset(each.story.name for each in verdicts if each.passed)


def _known(model: Model, roles: list[str] | None) -> list[str]:
    for name in roles or ():
        if name not in model.roles:
            near = did_you_mean(name, model.roles)
            raise usage(f"there is no role '{name}'", hint=near or f"the roles are {', '.join(model.roles)}")
    return roles or list(model.roles)


async def _proved(model: Model, roles: Sequence[str], seed: int, share: int, url: str) -> list[Verdict]:
    async with running(model, url) as app:
        return [await prove(app.tables, app.database, role, seed, share=share) for role in roles]


def _say(verdicts: Sequence[Verdict]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("role", "object", "probes", "leaks"):
        table.add_column(name, justify="right" if name in ("probes", "leaks") else "left")
    for each in verdicts:
        for name, count in each.probes.items():
            found = sum(leak.object == name for leak in each.leaks)
            table.add_row(each.role, name, str(count), str(found), style="bold red" if found else None)
    console.print(table)
    leaks = [leak for each in verdicts for leak in each.leaks]
    for leak in leaks[:_TOLD]:
        _say_leak(leak)
    if len(leaks) > _TOLD:
        console.print(f"\n… and {len(leaks) - _TOLD} more")
    probes = sum(each.probes.total() for each in verdicts)
    console.print(f"\n{counted(probes, 'probe')}, {counted(len(leaks), 'leak')}")


def _say_leak(leak: Leak) -> None:
    console.print(f"\n{leak.grant}: {leak.role} · {leak.object}.{leak.field} · {leak.channel}: {leak.why}")
    for name, text in (("request", leak.request), ("answer", leak.answer), ("other", leak.others)):
        console.print(f"  {name:<8}{text[:_LONGEST]}")
