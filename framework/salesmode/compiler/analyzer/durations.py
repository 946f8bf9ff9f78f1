"""Time spans as written: `48h`, `30d`, `2w`, `6mo`, `1y`."""

from salesmode.model.pipeline import Duration


def duration_of(raw: str) -> Duration:
    """The schema has made sure of its form."""
    digits = len(raw) - len(raw.lstrip("0123456789"))
    return Duration(int(raw[:digits]), raw[digits:])
