"""Folding case the same way on both engines: simple lower-casing, character by character.

PostgreSQL does it with `lower(x COLLATE "pg_c_utf8")`, SQLite with the function `sm_fold` of its driver.
"""

from typing import Any

# The only two characters whose `str.lower()` is not one character, or depends on what stands around it.
_ALONE = str.maketrans({"\u0130": "i", "\u03a3": "\u03c3"})


def fold_text(text: str) -> str:
    """Lower case, character for character: `İ` becomes `i`, a final `Σ` becomes `σ` as anywhere else."""
    return text.lower() if text.isascii() else text.translate(_ALONE).lower()


def fold_value(value: Any) -> Any:
    """The SQL function: text is folded, anything else (null) stays."""
    return fold_text(value) if isinstance(value, str) else value
