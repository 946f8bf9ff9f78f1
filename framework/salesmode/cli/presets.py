"""The presets that ship, by name."""

from pathlib import Path

from salesmode.cli.faults import usage
from salesmode.diagnostics import did_you_mean
from salesmode.resources import presets_dir

LAYERS = ("core", "common")  # what presets are built on; no sales mode of their own


def preset_names() -> tuple[str, ...]:
    """Every preset that an app can extend and a demo can run."""
    folders = (path.parent.name for path in presets_dir().glob("*/app.yaml"))
    return tuple(sorted(name for name in folders if name not in LAYERS))


def known_preset(name: str) -> Path:
    """The preset's folder; wrong usage where there is none of that name."""
    names = preset_names()
    if name not in names:
        near = did_you_mean(name, names)
        raise usage(f"there is no preset '{name}'", hint=near or f"there are {', '.join(names)}")
    return presets_dir() / name
