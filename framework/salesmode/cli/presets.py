"""The presets that ship, by name."""

from pathlib import Path

from salesmode.cli.faults import usage
from salesmode.compiler.layers import preset_names
from salesmode.diagnostics import did_you_mean
from salesmode.resources import presets_dir


def preset_folder(name: str) -> Path:
    """The preset's folder; wrong usage where there is none of that name."""
    names = preset_names()
    if name not in names:
        raise usage(
            f"there is no preset '{name}'", hint=did_you_mean(name, names) or f"there are {', '.join(names)}"
        )
    return presets_dir() / name
