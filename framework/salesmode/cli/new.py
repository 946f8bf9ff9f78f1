"""`salesmode new app NAME --preset PRESET`: a small app folder that validates."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from salesmode.cli.faults import usage
from salesmode.cli.presets import preset_folder
from salesmode.cli.scaffold import files_of
from salesmode.cli.terminal import console

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback(help="Write the first files of an app.")
def _group() -> None: ...


@app.command("app")
def new_app(
    name: Annotated[str, typer.Argument(metavar="NAME", help="snake_case; also the name of the folder.")],
    *,
    preset: Annotated[
        str | None, typer.Option("--preset", metavar="PRESET", help="The preset to build on.")
    ] = None,
    into: Annotated[
        Path, typer.Option("--into", metavar="FOLDER", help="Where to make the app's folder.")
    ] = Path(),
) -> None:
    """Write a small app: its settings, one object of its own, and who may use it."""
    if not _NAME.fullmatch(name):
        raise usage(
            f"'{name}' is no name for an app", hint="small letters, digits and underscores, as in my_crm"
        )
    if preset:
        preset_folder(preset)
    folder = _empty_folder(into / name)
    _write(folder, files_of(name, preset))
    console.print(f"Next: salesmode validate {folder}")


def _empty_folder(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise usage(f"{folder} exists already", hint="choose another name, or another --into")
    return folder


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        console.print(str(path))
