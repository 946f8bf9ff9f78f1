"""`salesmode validate`: every mistake of an app's metadata, in one run."""

from collections.abc import Iterable

import orjson
import typer

from salesmode.cli.faults import AT_FAULT
from salesmode.cli.options import HERE, AppFolder, AsJson
from salesmode.cli.stories import note_left_out, told
from salesmode.cli.terminal import console, counted, say_diagnostics
from salesmode.compiler.compiled import Compiled, compile_app
from salesmode.diagnostics import Diagnostic, MetadataError, as_json as one_as_json

app = typer.Typer(add_completion=False)


@app.command(help="Find every mistake in an app's metadata.")
def validate(folder: AppFolder = HERE, *, as_json: AsJson = False) -> None:
    try:
        found = compile_app(folder)
        stories = told(found)
    except MetadataError as error:
        _say_wrong(error, as_json=as_json)
        raise typer.Exit(AT_FAULT) from error
    if as_json:
        _say_json(found.warnings, valid=True)
    else:
        say_diagnostics(found.warnings, found.sources)
        console.print(_summary(found))
        note_left_out(stories)


def _say_wrong(error: MetadataError, *, as_json: bool) -> None:
    if as_json:
        _say_json(error.diagnostics, valid=False)
    else:
        say_diagnostics(error.diagnostics, error.sources)
        console.print(_counts(error.diagnostics))


def _say_json(diagnostics: Iterable[Diagnostic], *, valid: bool) -> None:
    said = {"valid": valid, "diagnostics": [one_as_json(each) for each in diagnostics]}
    console.print(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())


def _summary(found: Compiled) -> str:
    model = found.model
    parts = [counted(len(model.objects), "object"), counted(len(model.roles), "role")]
    if found.warnings:
        parts.append(_counts(found.warnings))
    return f"{model.app.name} {model.app.version} is valid: {', '.join(parts)}."


def _counts(diagnostics: Iterable[Diagnostic]) -> str:
    severities = [each.severity for each in diagnostics]
    kinds = ("error", "warning")
    return ", ".join(counted(severities.count(kind), kind) for kind in kinds if kind in severities)
