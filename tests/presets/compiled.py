"""The shipped presets, compiled once per process."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from salesmode.compiler.analyzer import analyze
from salesmode.compiler.loader import load
from salesmode.compiler.located import Document
from salesmode.compiler.validator import check_shapes, shipped_schemas
from salesmode.diagnostics import Collector, Diagnostic
from salesmode.model.app import Model
from salesmode.resources import presets_dir

PRESETS = ("expert_b2b",)
_LAYERS = ("core", "common")


@dataclass(frozen=True)
class Compiled:
    """A preset over the layers below it. `diagnostics` has the warnings too."""

    model: Model
    documents: tuple[Document, ...]
    sources: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]


@cache
def compiled(preset: str) -> Compiled:
    folders = [presets_dir() / each for each in (*_LAYERS, preset)]
    files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
    sources = {_shown(file): file.read_text(encoding="utf-8") for file in files}
    collector = Collector()
    documents = check_shapes(load(sources, collector), shipped_schemas(), collector)
    model = analyze(documents, collector)
    return Compiled(model, documents, sources, collector.diagnostics)


def _shown(file: Path) -> str:
    return str(file.relative_to(presets_dir().parent))
