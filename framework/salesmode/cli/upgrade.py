"""`salesmode upgrade`: what changed below an app since it was last looked at, and what of that it overrides.

What the app was built on stands in its folder: `salesmode.lock.json`, which belongs to the app's own history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.text import Text

from salesmode.cli.faults import AT_FAULT, Fault
from salesmode.cli.options import HERE, AppFolder, AsJson
from salesmode.cli.terminal import console, counted, say_note
from salesmode.compiler.ground import Ground, ground_of
from salesmode.compiler.located import Path as Steps
from salesmode.compiler.upgrade import Change, Comparison, Conflict, Recorded, compare, recorded

LOCK = "salesmode.lock.json"
_ENGINE = "salesmode"
_SAID = {
    "changed": "the app says {says}, and {before} has become {after}",
    "added": "the app says {says}, and it is there below now, as {after}",
    "removed": "the app says {says} of what is gone below",
    "hidden": "the app's `{says}` hides what changed below",
}

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class _Lock:
    """What was recorded, and in which versions."""

    versions: dict[str, str]
    parts: Recorded


@app.command(help="List what changed in the presets below an app, and every conflict with what it overrides.")
def upgrade(
    folder: AppFolder = HERE,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Record what is below now as what the app is built on.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    ground, lock = ground_of(folder), _read(folder / LOCK)
    found = compare(recorded(ground) if lock is None else lock.parts, ground)
    if as_json:
        console.print(orjson.dumps(_told(found, lock, ground), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _lines(found, lock, ground):
            console.print(line)
    if accept:
        write_lock(folder, ground)
    elif lock is None:
        say_note("nothing is recorded of what the app was built on; `salesmode upgrade --accept` does that")
    if found.conflicts and not accept:
        raise typer.Exit(AT_FAULT)


def write_lock(folder: Path, ground: Ground) -> Path:
    """Records what the app stands on."""
    parts = {
        "/".join(key): {_pointer(path): text for path, text in each.items()}
        for key, each in recorded(ground).items()
    }
    data = {"versions": _versions(ground), "parts": parts}
    path = folder / LOCK
    path.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    return path


def _read(path: Path) -> _Lock | None:
    if not path.is_file():
        return None
    try:
        data = orjson.loads(path.read_bytes())
        parts = {
            _key(name): {_path(pointer): text for pointer, text in each.items()}
            for name, each in data["parts"].items()
        }
        return _Lock(dict(data["versions"]), parts)
    except (ValueError, KeyError, AttributeError) as error:
        hint = "take it back from the history of the app, or remove it and run `salesmode upgrade --accept`"
        raise Fault(f"{path} cannot be read", hint=hint) from error


def _pointer(path: Steps) -> str:
    """As a JSON pointer has it: an item may be named by a whole sentence."""
    return "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _path(pointer: str) -> Steps:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/"))


def _key(name: str) -> tuple[str, str]:
    kind, _, rest = name.partition("/")
    return kind, rest


def _versions(ground: Ground) -> dict[str, str]:
    return {_ENGINE: version(_ENGINE), **ground.versions}


def _lines(found: Comparison, lock: _Lock | None, ground: Ground) -> Iterator[Text]:
    yield Text(", ".join(_moves({} if lock is None else lock.versions, _versions(ground))))
    if found.conflicts:
        yield Text("\nConflicts", "bold red")
    for conflict in found.conflicts:
        yield Text(f"  {conflict.span}: {conflict.change.name}: {_said(conflict)}{_at(conflict.change)}")
    if found.changes:
        yield Text("\nChanges below", "bold")
    for change in found.changes:
        yield Text(f"  {_sign(change)} {change.name}{_became(change)}{_at(change)}")
    if found.redundant:
        yield Text("\nNo longer needed in the app", "bold")
    for span in found.redundant:
        yield Text(f"  {span}")
    numbers = (counted(len(found.changes), "change"), counted(len(found.conflicts), "conflict"))
    yield Text(f"\n{', '.join(numbers)}; {counted(found.kept, 'override')} of what did not change.")


def _moves(before: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for name, new in now.items():
        old = before.get(name, new)
        yield f"{name} {new}" if old == new else f"{name} {old} → {new}"
    yield from (f"{name} {old} → gone" for name, old in before.items() if name not in now)


def _said(conflict: Conflict) -> str:
    change = conflict.change
    values = {"says": conflict.says, "before": change.before, "after": change.after}
    return _SAID[conflict.kind].format(**{name: _quoted(value) for name, value in values.items()})


def _quoted(value: str | None) -> str:
    return str(value) if value is None or value.startswith("$") else f"'{value}'"


def _at(change: Change) -> str:
    return "" if change.span is None else f"  ({change.span})"


def _sign(change: Change) -> str:
    return "+" if change.before is None else "-" if change.after is None else "~"


def _became(change: Change) -> str:
    if change.before is not None and change.after is not None:
        return f": '{change.before}' → '{change.after}'"
    text = change.before or change.after
    return f": '{text}'" if text else ""


def _told(found: Comparison, lock: _Lock | None, ground: Ground) -> dict[str, Any]:
    return {
        "versions": {"before": None if lock is None else lock.versions, "now": _versions(ground)},
        "changes": [_change(each) for each in found.changes],
        "conflicts": [
            {"kind": each.kind, "says": each.says, "at": str(each.span), **_change(each.change)}
            for each in found.conflicts
        ],
        "redundant": list(map(str, found.redundant)),
        "kept": found.kept,
    }


def _change(change: Change) -> dict[str, str | None]:
    below = None if change.span is None else str(change.span)
    return {"name": change.name, "before": change.before, "after": change.after, "below": below}
