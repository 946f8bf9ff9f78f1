"""Apps in layers, written in a test."""

from pathlib import Path

from salesmode.compiler import Compiled, compile_app
from salesmode.compiler.located import Document
from salesmode.diagnostics import MetadataError


def layered(folder: Path, *layers: str) -> Path:
    """The folder of an app whose layers, the lowest first, hold these documents."""
    for number, text in enumerate(layers):
        below = f"extends: ../layer{number - 1}\n" if number else ""
        path = folder / f"layer{number}"
        path.mkdir()
        (path / "app.yaml").write_text(f"kind: app\nname: layer{number}\n{below}")
        (path / "rest.yaml").write_text(text)
    return folder / f"layer{len(layers) - 1}"


def compiled(folder: Path, *layers: str) -> Compiled:
    """The app of these layers."""
    return compile_app(layered(folder, *layers))


def merged(folder: Path, *layers: str, kind: str = "object", name: str = "shop") -> Document:
    """One document of it, merged."""
    documents = compiled(folder, *layers).layered.documents
    return next(each for each in documents if (each.kind, each.name) == (kind, name))


def told(folder: Path, *layers: str) -> list[str]:
    """Codes and messages of everything that is wrong or odd with it."""
    try:
        found = compiled(folder, *layers).warnings
    except MetadataError as error:
        found = error.diagnostics
    return [f"{each.code} {each.message}" for each in found]
