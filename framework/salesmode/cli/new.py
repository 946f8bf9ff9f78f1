"""`salesmode new app|plugin|object NAME`: an app that validates, a plugin whose tests pass, an object."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from salesmode.cli.faults import usage
from salesmode.cli.guide import advised, guided_files, say, say_plugins
from salesmode.cli.guide_questions import LOCALES
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppOption
from salesmode.cli.presets import preset_folder
from salesmode.cli.scaffold import IGNORED, files_of, label_of, object_text
from salesmode.cli.scaffold_plugin import plugin_files
from salesmode.cli.terminal import console
from salesmode.cli.upgrade import write_lock
from salesmode.compiler.ground import ground_of
from salesmode.compiler.plugged import plugins_named
from salesmode.plugins import available

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

Into = Annotated[Path, typer.Option("--into", metavar="FOLDER", help="Where to make the new folder.")]

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback(help="Write the first files of an app, a plugin or an object.")
def _group() -> None: ...


@app.command("app")
def new_app(
    name: Annotated[str, typer.Argument(metavar="NAME", help="snake_case; also the name of the folder.")],
    *,
    preset: Annotated[
        str | None, typer.Option("--preset", metavar="PRESET", help="The preset to build on.")
    ] = None,
    guide: Annotated[
        bool, typer.Option("--guide", help="Find the preset by questions about the company's sales.")
    ] = False,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar="QUESTION=ANSWER",
            help="One for the guide, like customer=family; may be repeated.",
        ),
    ] = None,
    locale: Annotated[
        str, typer.Option("--locale", metavar="|".join(LOCALES), help="The guide's language.")
    ] = LOCALES[0],
    into: Into = HERE,
) -> None:
    """Write a small app: its settings, one object of its own, and who may use it. With --guide what follows
    from the answers.
    """
    _check_name(name, "an app", "my_crm")
    if guide and preset:
        raise usage("--guide finds the preset: it and --preset exclude each other")
    if answer and not guide:
        raise usage("--answer is for the guide", hint="--guide")
    if preset:
        preset_folder(preset)
    folder = _empty_folder(into / name)
    if guide:
        advice = advised(answer or (), locale)
        say(advice, locale)
        files = {**guided_files(name, label_of(name), advice, locale), ".gitignore": IGNORED}
    else:
        files = {**files_of(name, preset)}
    _write(folder, files)
    console.print(str(write_lock(folder, ground_of(folder))))
    if guide:
        say_plugins(plugins_named(folder), locale)
    console.print(f"Next: salesmode validate {folder}")


@app.command("plugin")
def new_plugin(
    name: Annotated[str, typer.Argument(metavar="NAME", help="snake_case; what apps write under `plugins`.")],
    *,
    into: Into = HERE,
) -> None:
    """Write a package that pip installs: one kind of metadata, one hook, its schema and its tests."""
    _check_name(name, "a plugin", "my_rules")
    if name in available():
        raise usage(f"there is a plugin '{name}' already", hint="salesmode plugins")
    folder = _empty_folder(into / name)
    _write(folder, plugin_files(name, version("salesmode")))
    console.print(f"Next: pip install -e {folder} && pytest {folder}")


@app.command("object")
def new_object(
    name: Annotated[str, typer.Argument(metavar="NAME", help="snake_case, in the singular.")],
    *,
    folder: AppOption = HERE,
) -> None:
    """Write an object of an app: its document, with a name and notes."""
    _check_name(name, "an object", "price_list")
    if name in compiled(folder).model.objects:
        raise usage(f"the app has an object '{name}' already", hint=f"salesmode explain {name}")
    path = folder / "objects" / f"{name}.yaml"
    if path.exists():
        raise usage(f"{path} exists already", hint="choose another name")
    _write(folder, {f"objects/{name}.yaml": object_text(name)})
    console.print(f"Next: grant it to a role, then salesmode validate {folder}")


def _check_name(name: str, what: str, example: str) -> None:
    if not _NAME.fullmatch(name):
        hint = f"small letters, digits and underscores, as in {example}"
        raise usage(f"'{name}' is no name for {what}", hint=hint)


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
