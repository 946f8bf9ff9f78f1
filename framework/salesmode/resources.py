"""Where the data that ships beside the code is: the presets and the published JSON Schemas.

In a checkout both stand at the top of the repository; in an installed wheel they are inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "_data"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parents[1]


def presets_dir() -> Path:
    """The folder that holds one folder per preset (and `common`, the layer below them)."""
    return _ROOT / "presets"


def schemas_dir() -> Path:
    """The folder of the JSON Schemas, one file per kind."""
    return _ROOT / "schemas"
